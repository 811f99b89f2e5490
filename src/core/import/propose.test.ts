import { describe, expect, test } from "vitest";
import { defaultConfig } from "../config/default-config.ts";
import { proposeColumns } from "./propose.ts";

const config = defaultConfig([{ id: "u1", name: "Anna Berg", active: true }]);
const owners = new Set(["anna berg", "anna@example.com"]);

const PEOPLE = Array.from({ length: 40 }, (_, i) => i);
const pick = (list: readonly string[], i: number): string => list[(i * 7 + Math.floor(i / list.length)) % list.length] as string;
const two = (value: number): string => String(value).padStart(2, "0");

/** Believable values of a target; "new" columns get theirs by header. */
const VALUES: Readonly<Record<string, (i: number) => string>> = {
  email: (i) => (i % 9 === 0 ? "" : `person.${i}@firm${i % 7}.example`),
  phone: (i) =>
    pick(["+49 30 9018200", "030/901820", "+33 1 70 18 99 00", "(020) 7946 0958", "+48 22 555 01 23", "+380 44 200 00 00"], i).slice(0, -1) + String(i % 10),
  firstName: (i) => pick(["Ada", "Jürgen", "Zoë", "Łukasz", "Олена", "José"], i),
  lastName: (i) => pick(["Lovelace", "Müller", "Dupont", "Kowalski", "Шевченко", "García"], i),
  name: (i) => `${pick(["Ada", "Jürgen", "Zoë", "Łukasz", "Олена"], i)} ${pick(["Lovelace", "Müller", "Dupont", "Kowalski"], i)}`,
  company: (i) => pick(["Harbour Lines", "Nordhafen GmbH", "Dupont SA", "Magazyn sp. z o.o.", "ТОВ Вантаж"], i),
  jobTitle: (i) => pick(["Head of Logistics", "Leiter Einkauf", "Directrice", "Kierownik magazynu", "Керівник"], i),
  country: (i) => pick(["DE", "France", "España", "Polska", "Україна"], i),
  city: (i) => pick(["Hamburg", "Lyon", "Gdańsk", "Київ", "Sevilla"], i),
  website: (i) => `https://www.firm${i}.example`,
  source: (i) => pick(["webinar", "fair", "web", "referral"], i),
  campaign: (i) => pick(["spring", "yard 2026"], i),
  externalId: (i) => `L-${1000 + i}`,
  capturedAt: (i) => `${two((i % 27) + 1)}.${two((i % 12) + 1)}.2026`,
  stage: (i) => pick(["inquiry", "mql", "sql"], i),
  status: (i) => pick(["New", "Open", "Contacted", "Working"], i),
  owner: () => "Anna Berg",
  tags: (i) => pick(["vip; fair", "yard"], i),
  "bant.budget": (i) => pick(["50k", "open", "20,000 EUR"], i),
  "bant.authority": (i) => pick(["CEO", "buyer"], i),
  "bant.need": (i) => pick(["faster loading", "less paper"], i),
  "bant.timeline": (i) => pick(["Q1", "this year"], i),
  "consent.newsletter": (i) => pick(["yes", "no"], i),
  "opportunity.name": (i) => `Yard ${i}`,
  "opportunity.amount": (i) => `${(i + 1) * 1000},50`,
  "opportunity.currency": () => "EUR",
  "opportunity.wonAt": (i) => `2026-0${(i % 9) + 1}-11`,
  "opportunity.lostReason": () => "price",
};
const NEW: Readonly<Record<string, (i: number) => string>> = {
  number: (i) => String((i + 1) * 3),
  text: (i) => `note number ${i}, with words`,
  choice: (i) => pick(["road", "rail", "sea"], i),
  salutation: (i) => pick(["Mr", "Mrs"], i),
  date: (i) => `2026-03-${two((i % 27) + 1)}`,
  other: (i) => `other.${i}@private.example`,
};

const ROWS: readonly (readonly [language: string, columns: string])[] = [
  ["en", "First Name>firstName|Last Name>lastName|Email>email|Company>company|Phone>phone|Country>country"],
  ["en", "firstname>firstName|lastname>lastName|email_address>email|company_name>company|job_title>jobTitle|lead_source>source|created_at>capturedAt"],
  ["en", "Full Name>name|Work Email>email|Organization>company|Job Title>jobTitle|Phone Number>phone|City>city|Website URL>website"],
  [
    "en",
    "Record ID>externalId|First Name>firstName|Last Name>lastName|Email>email|Lifecycle Stage>stage|Lead Status>status|Contact owner>owner|Create Date>capturedAt",
  ],
  ["en", "Lead ID>externalId|Lead Owner>owner|Salutation>new:salutation|Title>jobTitle|Account Name>company|Mobile>phone|Lead Source>source"],
  ["en", "Name>name|Mail>email|Company>company|Role>jobTitle|Employees>new:number|Industry>new:choice"],
  ["en", "E-mail>email|Second e-mail>new:other|Cell Phone>phone|Town>city|Tags>tags|Newsletter opt-in>consent.newsletter"],
  [
    "en",
    "Contact Name>name|Contact Email>email|Deal Name>opportunity.name|Deal Amount>opportunity.amount|Currency>opportunity.currency|Close Date>opportunity.wonAt",
  ],
  ["en", "email>email|utm_source>source|utm_campaign>campaign|Submitted at>capturedAt|Message>new:text"],
  [
    "en",
    "Given name>firstName|Surname>lastName|Employer>company|Budget>bant.budget|Decision maker>bant.authority|Pain point>bant.need|Timeframe>bant.timeline",
  ],
  ["en", "Name>firstName|Surname>lastName|Email>email|Domain>website|Fleet size>new:number|Transport mode>new:choice"],
  ["en", "Your name>name|Your email>email|Your company>company|How did you hear about us?>source|Preferred date>new:date"],
  ["de", "Vorname>firstName|Nachname>lastName|E-Mail>email|Firma>company|Telefon>phone|Land>country|Ort>city"],
  ["de", "Anrede>new:salutation|Vorname>firstName|Familienname>lastName|E-Mail-Adresse>email|Unternehmen>company|Funktion>jobTitle|Handy>phone"],
  ["de", "Kundennummer>externalId|Ansprechpartner>name|Mailadresse>email|Firmenname>company|Webseite>website|Erstellt am>capturedAt|Betreuer>owner"],
  ["de", "Lead-Quelle>source|Kampagne>campaign|E-Mail>email|Status>status|Schlagwörter>tags|Bedarf>bant.need|Zeitrahmen>bant.timeline"],
  ["de", "Name>name|Firma>company|Position>jobTitle|Rufnummer>phone|E-Mail geschäftlich>email|E-Mail privat>new:other"],
  ["de", "Kontakt>name|Gesellschaft>company|Stadt>city|Staat>country|Telefonnummer>phone|Mitarbeiterzahl>new:number|Branche>new:choice"],
  ["de", "Datum>capturedAt|Vor- und Nachname>name|E-Mail>email|Einwilligung Newsletter>consent.newsletter|Nachricht>new:text"],
  [
    "de",
    "Verkaufschance>opportunity.name|Auftragswert>opportunity.amount|Währung>opportunity.currency|Abschlussdatum>opportunity.wonAt|E-Mail>email|Verlustgrund>opportunity.lostReason",
  ],
  ["de", "Interessentennummer>externalId|Nachname>lastName|Vorname>firstName|Mobilnummer>phone|Homepage>website|Herkunft>source|Eingangsdatum>capturedAt"],
  ["de", "VORNAME>firstName|NACHNAME>lastName|EMAIL>email|FIRMA>company|BERUFSBEZEICHNUNG>jobTitle|PLZ>new:number"],
  ["fr", "Prénom>firstName|Nom>lastName|Adresse e-mail>email|Société>company|Téléphone>phone|Pays>country|Ville>city"],
  ["fr", "Nom complet>name|Courriel>email|Entreprise>company|Fonction>jobTitle|Portable>phone|Site web>website"],
  ["fr", "Civilité>new:salutation|Nom de famille>lastName|Prénom>firstName|Email professionnel>email|Raison sociale>company|Poste>jobTitle"],
  ["fr", "Identifiant>externalId|E-mail>email|Origine du lead>source|Campagne>campaign|Date de création>capturedAt|Propriétaire>owner|Étape>stage"],
  ["fr", "Nom et prénom>name|Mail>email|Organisation>company|N° de téléphone>phone|Statut>status|Étiquettes>tags"],
  ["fr", "Email>email|Nom de l'entreprise>company|Effectif>new:number|Secteur>new:choice|Besoin>bant.need|Délai d'achat>bant.timeline|Budget>bant.budget"],
  ["fr", "Prénom>firstName|Nom>lastName|Courriel>email|Inscription newsletter>consent.newsletter|Date d'ajout>capturedAt|Commentaire>new:text"],
  ["fr", "Affaire>opportunity.name|Montant>opportunity.amount|Devise>opportunity.currency|Date de clôture>opportunity.wonAt|Email du contact>email"],
  ["fr", "NOM>lastName|PRENOM>firstName|EMAIL>email|SOCIETE>company|TEL>phone|VILLE>city|PAYS>country"],
  ["fr", "Personne de contact>name|Adresse électronique>email|Intitulé du poste>jobTitle|Provenance>source|Commercial>owner"],
  ["es", "Nombre>firstName|Apellidos>lastName|Correo electrónico>email|Empresa>company|Teléfono>phone|País>country|Ciudad>city"],
  ["es", "Nombre completo>name|Correo>email|Cargo>jobTitle|Móvil>phone|Sitio web>website|Fuente>source"],
  ["es", "Nombre de pila>firstName|Apellido>lastName|Email corporativo>email|Razón social>company|Puesto>jobTitle|Número de empleados>new:number"],
  ["es", "ID de contacto>externalId|Correo electrónico>email|Origen del lead>source|Campaña>campaign|Fecha de creación>capturedAt|Propietario>owner"],
  ["es", "Nombre y apellidos>name|E-mail>email|Nombre de la empresa>company|Localidad>city|Estado>status|Etiquetas>tags"],
  ["es", "Correo>email|Presupuesto>bant.budget|Necesidad>bant.need|Plazo de compra>bant.timeline|Sector>new:choice"],
  ["es", "Persona de contacto>name|Teléfono de contacto>phone|Correo electrónico>email|Acepta comunicaciones>consent.newsletter|Comentarios>new:text"],
  [
    "es",
    "Oportunidad>opportunity.name|Importe>opportunity.amount|Moneda>opportunity.currency|Fecha de cierre>opportunity.wonAt|Correo>email|Motivo de pérdida>opportunity.lostReason",
  ],
  ["es", "NOMBRE>firstName|APELLIDOS>lastName|EMAIL>email|EMPRESA>company|TELEFONO>phone|PROVINCIA>new:choice"],
  ["es", "Tratamiento>new:salutation|Primer apellido>lastName|Nombre>firstName|Dirección de correo>email|Página web>website|Fecha de alta>capturedAt"],
  ["pl", "Imię>firstName|Nazwisko>lastName|Adres e-mail>email|Firma>company|Telefon>phone|Kraj>country|Miasto>city"],
  ["pl", "Imię i nazwisko>name|E-mail>email|Nazwa firmy>company|Stanowisko>jobTitle|Numer telefonu>phone|Strona www>website"],
  ["pl", "Identyfikator>externalId|E-mail>email|Źródło leada>source|Kampania>campaign|Data utworzenia>capturedAt|Opiekun>owner|Etap>stage"],
  ["pl", "Osoba kontaktowa>name|Adres email>email|Przedsiębiorstwo>company|Tel. kom.>phone|Branża>new:choice|Liczba pracowników>new:number"],
  ["pl", "E-mail>email|Budżet>bant.budget|Potrzeby>bant.need|Osoba decyzyjna>bant.authority|Etykiety>tags|Status>status"],
  ["pl", "Imię>firstName|Nazwisko>lastName|E-mail służbowy>email|Zgoda marketingowa>consent.newsletter|Data dodania>capturedAt|Uwagi>new:text"],
  [
    "pl",
    "Nazwa szansy>opportunity.name|Kwota>opportunity.amount|Waluta>opportunity.currency|Data zamknięcia>opportunity.wonAt|E-mail>email|Powód utraty>opportunity.lostReason",
  ],
  ["pl", "NAZWISKO>lastName|IMIE>firstName|EMAIL>email|FIRMA>company|MIEJSCOWOSC>city|KOD POCZTOWY>new:number"],
  ["pl", "Kontakt>name|Poczta elektroniczna>email|Organizacja>company|Handlowiec>owner|Źródło pozyskania>source|Data rejestracji>capturedAt"],
  ["uk", "Ім'я>firstName|Прізвище>lastName|Електронна пошта>email|Компанія>company|Телефон>phone|Країна>country|Місто>city"],
  ["uk", "Ім’я та прізвище>name|E-mail>email|Назва компанії>company|Посада>jobTitle|Мобільний телефон>phone|Сайт>website"],
  ["uk", "ПІБ>name|Ел. пошта>email|Фірма>company|Номер телефону>phone|Джерело>source|Дата створення>capturedAt"],
  ["uk", "Номер клієнта>externalId|Контактна особа>name|Пошта>email|Організація>company|Відповідальний>owner|Статус>status"],
  ["uk", "Email>email|Бюджет>bant.budget|Потреба>bant.need|Терміни>bant.timeline|Теги>tags|Галузь>new:choice"],
  ["uk", "Імʼя>firstName|Прізвище>lastName|Імейл>email|Згода на розсилку>consent.newsletter|Коментар>new:text|Дата заявки>capturedAt"],
  ["uk", "Угода>opportunity.name|Сума угоди>opportunity.amount|Валюта>opportunity.currency|Дата закриття>opportunity.wonAt|Пошта>email"],
  ["uk", "ПРІЗВИЩЕ>lastName|ІМЯ>firstName|EMAIL>email|КОМПАНІЯ>company|ПОСАДА>jobTitle|КІЛЬКІСТЬ ПРАЦІВНИКІВ>new:number"],
  ["uk", "Кампанія>campaign|Канал залучення>source|Електронна адреса>email|Етап>stage|Власник>owner|Населений пункт>city"],
  ["en", "Column A>email|B>new:number|C>new:choice|Telephone No.>phone|Company (required)>company"],
  ["de", "Kontakt E-Mail>email|Kontakt Telefon>phone|Kontakt Vorname>firstName|Kontakt Nachname>lastName|Letzter Kontakt>new:date"],
];

describe("proposing targets", () => {
  test("at least 95 of 100 columns of real-looking files in six languages go where they belong", () => {
    const wrong: string[] = [];
    let all = 0;
    for (const [language, line] of ROWS) {
      const columns = line.split("|").map((column) => column.split(">") as [string, string]);
      const header = columns.map(([name]) => name);
      const rows = PEOPLE.map((i) => columns.map(([, target]) => (target.startsWith("new:") ? NEW[target.slice(4)] : VALUES[target])?.(i) ?? ""));
      for (const { index, proposal } of proposeColumns({ header, rows, config, owners })) {
        const [name, expected] = columns[index] as [string, string];
        const got = proposal.newField === null ? proposal.target : "new";
        all++;
        if (got !== expected.replace(/^new:.*/, "new")) wrong.push(`${language}: ${name} → ${got}, expected ${expected} (${proposal.reason})`);
      }
    }
    expect(ROWS.length).toBeGreaterThanOrEqual(60);
    expect(wrong.length / all, wrong.join("\n")).toBeLessThanOrEqual(0.05);
    expect(wrong).toEqual([]);
  });

  test("values overrule a name: a column called e-mail that holds none is not one", () => {
    const [column] = proposeColumns({ header: ["E-mail"], rows: PEOPLE.map((i) => [`group ${i % 3}`]), config, owners });
    expect(column?.proposal.target).not.toBe("email");
    expect(column?.proposal.reason).toContain("do not look like it");
  });

  test("values speak where names are silent", () => {
    const [column] = proposeColumns({ header: ["xq"], rows: PEOPLE.map((i) => [`p${i}@example.org`]), config, owners });
    expect(column?.proposal).toMatchObject({ target: "email", newField: null });
  });

  test("of two columns for one target the surer has it, and the other becomes a field", () => {
    const columns = proposeColumns({
      header: ["Mobile phone", "Phone"],
      rows: PEOPLE.map((i) => [i % 2 === 0 ? "" : "+4930901820", "+4930901821"]),
      config,
      owners,
    });
    expect(columns.map(({ proposal }) => proposal.target)).toEqual([expect.stringMatching(/^fields\./), "phone"]);
  });

  test("a new field gets a key, a type and the options its values show", () => {
    const columns = proposeColumns({
      header: ["Größe der Flotte", "Вид перевезень", ""],
      rows: PEOPLE.map((i) => [String(i * 2), NEW["choice"]?.(i) ?? "", `text ${i}`]),
      config,
      owners,
    });
    expect(columns.map(({ proposal }) => proposal.newField)).toEqual([
      { key: "grosseDerFlotte", label: "Größe der Flotte", type: "number" },
      { key: "vydPerevezen", label: "Вид перевезень", type: "select", options: expect.arrayContaining(["road", "rail", "sea"]) },
      { key: "column3", label: "Column 3", type: "text" },
    ]);
  });

  test("a column of an exported file names its field by the key, whatever the field is called now", () => {
    const fields = [
      { key: "fleet", label: "Vehicles", type: "number" },
      { key: "mail", label: "E-mail", type: "text" },
    ] as const;
    const header = ["E-mail", "Fleet (fields.fleet)", "E-mail (fields.mail)", "Captured"];
    const rows = PEOPLE.map((i) => [`p${i}@x.example`, String(i), "by post", "2026-03-05 09:00:00"]);
    const columns = proposeColumns({ header, rows, config: { ...config, fields }, owners });
    expect(columns.map(({ proposal }) => proposal.target)).toEqual(["email", "fields.fleet", "fields.mail", "capturedAt"]);
    expect(columns[1]?.proposal.confidence).toBe(1);
  });

  test("the columns that an error file adds are not imported when it comes back", () => {
    const columns = proposeColumns({ header: ["Email", "line", "column", "reason"], rows: [["a@b.example", "3", "Email", "bad"]], config, owners });
    expect(columns.map(({ proposal }) => proposal.target)).toEqual(["email", null, null, null]);
  });

  test("ten thousand columns are looked at, and few of them proposed as fields", () => {
    const header = Array.from({ length: 10_000 }, (_, i) => `c ${i}`);
    const columns = proposeColumns({ header, rows: [header.map(String)], config, owners });
    expect(columns.filter(({ proposal }) => proposal.newField !== null).length).toBeLessThanOrEqual(40);
  });
});
