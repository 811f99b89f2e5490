/**
 * The people of the benches: person number i is always the same, no two are alike, and names are as frequent as names are.
 * Search and identity are only measured honestly on names that people have.
 */

export type Person = {
  readonly email: string;
  /** E.164, of a range that exists. */
  readonly phone: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly company: string;
  readonly jobTitle: string;
  readonly country: string;
  readonly city: string;
  readonly source: string;
  readonly fields: { readonly industry: string; readonly employees: number; readonly region: string; readonly newsletter: boolean };
};

const words = (text: string): readonly string[] => text.split(" ");

const FIRST = words(
  "Anna Andrea Antonia Beate Björn Carlos Charlotte Chloé Daniel Dörte Élodie Emil Erik Fátima Felix François Gabriel Günther Hannah Hélène Igor Ingrid Ismail Jan Jana Jörg José Julia Jürgen Karen Karin Katharina Kevin Lars Laura Łukasz Luis Maria Marie Mario Martin Martina Mehmet Michael Michaela Miguel Mikael Nadia Nicole Noël Olga Óscar Paul Paula Peter Petra Rafael Renée Robert Roberta Sabine Søren Stefan Stefanie Sven Tanja Thomas Tobias Ursula Uwe Vera Viktor Wolfgang Yusuf Zoë James Mary John Linda David Susan William Jessica Richard Sarah Joseph Emily Charles Grace Ada Christopher Matthew Ashley Anthony Amanda Steven Melissa Brian Rebecca Edward Sharon Ronald Cynthia Priya Arjun Wei Mei Hiroshi Yuki Ahmed Layla Chen Ravi",
);
const LAST = words(
  "Ackermann Adler Åberg Albrecht Álvarez Anderson Bachmann Bauer Becker Bergström Bianchi Böhm Brandt Braun Brown Campbell Carter Christensen Clark Cohen Collins Çelik Dąbrowski Davis Dietrich Dubois Ebert Edwards Eriksson Evans Fernández Fischer Fontaine Förster Frank Friedrich Fuchs García Garnier Gonzalez Graf Green Groß Günther Gupta Haas Hahn Hall Hansen Harris Hartmann Hernández Herrmann Hill Hoffmann Horvath Huber Ivanov Jackson Jäger Jansen Jensen Johansson Johnson Jones Kaiser Kaplan Keller Kaya Khan King Klein Koch Köhler Kowalski Krämer Kraus Krüger Kuhn Kumar Lang Larsen Lee Lefèvre Lehmann Lewis Lindqvist López Lorenz Ludwig Maier Marino Martin Martínez Mayer Meier Meyer Miller Mitchell Möller Moore Moreau Moretti Morgan Müller Murphy Nagy Nakamura Neumann Nguyễn Nielsen Novák Nowak O'Brien Olsen Otto Öztürk Parker Patel Pavlov Pérez Peters Petersen Pfeiffer Phillips Pohl Ramírez Reed Richter Ricci Roberts Robinson Rodríguez Rogers Romano Rossi Roth Rousseau Sánchez Sato Sauer Schäfer Schmid Schmidt Schmitt Schneider Scholz Schröder Schubert Schulte Schultz Schulz Schulze Schumacher Schuster Schwarz Scott Seidel Singh Simon Smith Sommer Stein Stewart Svensson Szabó Tanaka Taylor Thomas Thomsen Thompson Torres Tóth Turner Virtanen Vogel Vogt Wagner Walker Walter Wang Watson Weber Weiß Werner White Williams Wilson Winkler Winter Wójcik Wolf Wood Wright Yilmaz Young Zhang Ziegler Zimmermann",
);
const TRADE = words(
  "Acme Alpenblick Amber Anchor Apex Arbor Atlas Aurora Baltic Beacon Birch Borealis Bridge Bright Canyon Cedar Cirrus Cobalt Copper Coral Crown Delta Eagle Ederan Elbe Ember Falcon Fjord Forge Frontier Garnet Globex Granite Hansea Harbor Helix Horizon Initech Iris Ivory Jade Juniper Kestrel Keystone Lakeside Lantern Laurel Lumina Magnolia Maple Meridian Mistral Mosaic Nimbus Noble Northwind Oak Onyx Orbis Orchid Pacific Phoenix Pioneer Polaris Prairie Quanta Quartz Raven Redwood Rheingold River Sable Saffron Sequoia Silver Solaris Summit Tessera Thistle Timber Topaz Tundra Umbra Union Valley Vector Vertex Violet Wave Willow Wingtip Xenon Ypsilon Zephyr Zenith",
);
const FIELD = words(
  "Analytics Automotive Bakery Biotech Capital Ceramics Chemicals Consulting Dental Design Dynamics Electric Energy Engineering Films Foods Freight Furniture Genetics Glass Health Hotels Instruments Insurance Interiors Labs Logistics Machinery Marine Materials Media Medical Mining Mobility Networks Optics Packaging Paper Pharma Plastics Power Printing Robotics Security Sensors Shipping Software Solar Solutions Steel Studios Systems Telecom Textiles Tools Trading Travel Ventures Water Wind",
);
const FORM = ["GmbH", "AG", "Ltd", "Inc.", "SARL", "S.p.A.", "AB", "B.V."] as const;
const TITLE = [
  "Head of Sales",
  "Chief Technology Officer",
  "Marketing Manager",
  "Student",
  "Sales Director",
  "Project Manager",
  "Software Engineer",
  "CEO",
  "Purchasing Agent",
  "Consultant",
  "VP Operations",
  "Team Lead",
  "Accountant",
  "Founder",
  "IT Administrator",
  "Product Manager",
  "Assistant",
  "Managing Director",
  "Data Analyst",
  "Intern",
] as const;
const PLACE = [
  ["DE", "Berlin"],
  ["DE", "München"],
  ["AT", "Wien"],
  ["CH", "Zürich"],
  ["FR", "Lyon"],
  ["GB", "Leeds"],
  ["US", "Austin"],
  ["US", "Boston"],
  ["IT", "Milano"],
  ["SE", "Malmö"],
  ["NL", "Utrecht"],
  ["IN", "Pune"],
  ["ES", "Sevilla"],
] as const;
const SOURCE = [
  "website",
  "organic_search",
  "paid_search",
  "referral",
  "fair",
  "webinar",
  "partner",
  "social",
  "newsletter",
  "cold_call",
  "directory",
  "import",
] as const;
export const INDUSTRIES = ["software", "manufacturing", "health", "finance", "retail", "logistics", "education", "public", "energy", "media"] as const;
export const REGIONS = ["north", "south", "east", "west", "overseas"] as const;
const EMPLOYEES = [3, 12, 40, 85, 160, 420, 1100, 5200] as const;

/** @param i below 100 million */
export function person(i: number): Person {
  const firstName = pick(FIRST, i, 1);
  const lastName = pick(LAST, i, 2);
  const company = `${pick(TRADE, i, 3)} ${pick(FIELD, i, 4)} ${pick(FORM, i, 5)}`;
  const [country, city] = pick(PLACE, i, 6);
  return {
    email: `${plain(firstName)}.${plain(lastName)}.${i.toString(36)}@${plain(company.slice(0, company.lastIndexOf(" ")))}.example`,
    phone: `+49151${String(i).padStart(8, "0")}`,
    firstName,
    lastName,
    company,
    jobTitle: pick(TITLE, i, 7),
    country,
    city,
    source: pick(SOURCE, i, 8),
    fields: { industry: pick(INDUSTRIES, i, 9), employees: pick(EMPLOYEES, i, 10), region: pick(REGIONS, i, 11), newsletter: mixed(i, 12) % 2 === 0 },
  };
}

/** What somebody types who half remembers a name: one letter left out, or two turned round, not the first. */
export function mistyped(name: string, i: number): string {
  const letters = name.split("");
  const inner = letters.flatMap((letter, at) =>
    at > 0 && at < letters.length - 2 && letter !== " " && letters[at + 1] !== " " && letters[at - 1] !== " " ? [at] : [],
  );
  if (inner.length === 0) return name;
  const at = pick(inner, i, 13);
  if (mixed(i, 14) % 2 === 0) letters.splice(at, 1);
  else letters.splice(at, 2, letters[at + 1] as string, letters[at] as string);
  return letters.join("");
}

function pick<T>(list: readonly T[], i: number, salt: number): T {
  return list[mixed(i, salt) % list.length] as T;
}

/** Spreads numbers that follow each other over 32 bits, each salt in its own way. */
function mixed(i: number, salt: number): number {
  let x = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll("ł", "l")
    .replaceAll("ø", "o")
    .replaceAll("ß", "ss")
    .replace(/[^a-z0-9]/g, "");
}
