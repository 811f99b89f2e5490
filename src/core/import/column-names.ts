/**
 * What people call their columns, in English, German, French, Spanish, Polish and Ukrainian: phrases by target. Compared in
 * small letters without diacritics, so "Prénom" and "PRENOM" are one.
 */
const PHRASES: Readonly<Record<string, string>> = {
  email:
    "email, e mail, mail, email address, e mail address, mail address, work email, business email, email work, e mail adresse, emailadresse, mailadresse, geschaftliche e mail, e mail geschaftlich, email geschaftlich, dienstliche e mail, courriel, adresse mail, adresse email, adresse e mail, adresse electronique, email professionnel, mail pro, correo, correo electronico, direccion de correo, direccion de correo electronico, email corporativo, adres e mail, adres email, adres mailowy, poczta, poczta elektroniczna, e mail sluzbowy, електронна пошта, ел пошта, електронна адреса, пошта, емейл, імейл, email адреса, e mail адреса, робоча пошта",
  phone:
    "phone, phone number, telephone, telephone number, tel, tel no, mobile, mobile phone, mobile number, cell, cell phone, cellphone, work phone, business phone, direct phone, direct line, telefon, telefonnummer, telefon nr, handy, handynummer, mobil, mobilnummer, mobiltelefon, rufnummer, festnetz, telefon geschaftlich, portable, telephone portable, telephone fixe, numero de telephone, numero de portable, n de telephone, telefono, movil, celular, numero de telefono, telefono movil, telefono de contacto, telefon komorkowy, numer telefonu, nr telefonu, komorka, tel kom, telefon kontaktowy, телефон, номер телефону, мобільний, мобільний телефон, моб телефон, тел, контактний телефон",
  firstName: "first name, firstname, given name, forename, fname, vorname, prenom, nombre de pila, primer nombre, imie, імя, first",
  lastName:
    "last name, lastname, surname, family name, lname, second name, nachname, familienname, zuname, nom de famille, nom de naissance, apellido, apellidos, primer apellido, nazwisko, прізвище, last",
  name: "name, nom, nombre, full name, fullname, contact name, contact, contact person, lead name, person, kontakt, kontaktname, ansprechpartner, ansprechpartnerin, ansprechperson, kontaktperson, vollstandiger name, vor und nachname, vorname und nachname, vorname nachname, nom complet, nom et prenom, prenom et nom, nom prenom, nom du contact, personne de contact, interlocuteur, nombre completo, nombre y apellidos, nombre y apellido, nombre del contacto, persona de contacto, contacto, imie i nazwisko, nazwisko i imie, osoba kontaktowa, піб, п і б, імя та прізвище, прізвище та імя, імя і прізвище, прізвище імя по батькові, контактна особа, контакт",
  company:
    "company, company name, organisation, organization, organisation name, organization name, account, account name, employer, business, business name, firm, associated company, firma, firmenname, unternehmen, unternehmensname, name des unternehmens, gesellschaft, arbeitgeber, betrieb, societe, entreprise, compagnie, raison sociale, nom de l entreprise, nom de la societe, nom entreprise, nom societe, employeur, empresa, compania, nombre de la empresa, nombre empresa, razon social, organizacion, nazwa firmy, przedsiebiorstwo, spolka, pracodawca, organizacja, компанія, фірма, організація, назва компанії, назва фірми, назва організації, підприємство",
  jobTitle:
    "job title, jobtitle, title, position, job position, job role, job, role, job function, designation, occupation, berufsbezeichnung, funktion, stelle, stellenbezeichnung, rolle, beruf, tatigkeit, poste, fonction, intitule du poste, intitule de poste, metier, profession, titre du poste, cargo, puesto, puesto de trabajo, funcion, ocupacion, stanowisko, stanowisko pracy, funkcja, posada, посада, роль, професія",
  country:
    "country, country region, country or region, country code, country name, nation, land, staat, landerkurzel, landercode, pays, code pays, pais, pais region, codigo de pais, kraj, panstwo, kod kraju, країна, держава",
  city: "city, town, locality, city name, ort, stadt, wohnort, firmensitz, ville, commune, localite, ciudad, localidad, poblacion, municipio, miasto, miejscowosc, місто, населений пункт",
  website:
    "website, web site, web, url, homepage, home page, website url, web address, company website, company url, company domain, domain, domain name, company domain name, webseite, webadresse, internetseite, internet, internetadresse, internetauftritt, site web, site internet, site, adresse web, url du site, sitio web, pagina web, sitio, strona www, strona internetowa, strona, adres www, www, domena, веб сайт, вебсайт, сайт, адреса сайту, сайт компанії",
  source:
    "source, lead source, source of lead, original source, origin, channel, acquisition channel, lead origin, how did you hear about us, heard about us, referral source, utm source, source medium, quelle, leadquelle, lead quelle, herkunft, kanal, woher kennen sie uns, akquisekanal, origine, origine du lead, source du lead, source du contact, provenance, canal, canal d acquisition, fuente, origen, origen del lead, fuente del lead, fuente original, como nos conocio, canal de captacion, zrodlo, zrodlo leada, zrodlo pozyskania, pochodzenie, skad o nas wiesz, kanal pozyskania, джерело, джерело ліда, джерело залучення, канал, канал залучення, звідки дізналися",
  campaign:
    "campaign, campaign name, utm campaign, marketing campaign, kampagne, kampagnenname, campagne, nom de la campagne, campana, nombre de la campana, kampania, nazwa kampanii, кампанія, назва кампанії, рекламна кампанія",
  externalId:
    "id, external id, externalid, lead id, contact id, record id, customer id, client id, crm id, person id, customer number, customer no, unique id, reference, ref, kundennummer, kunden nr, kundennr, kundenid, kunden id, kontakt id, datensatz id, lead nr, leadnummer, interessentennummer, identifiant, id client, id contact, numero client, numero de client, n client, reference client, numero de cliente, id de cliente, id cliente, id contacto, id de contacto, codigo de cliente, codigo cliente, identyfikator, id klienta, id kontaktu, numer klienta, nr klienta, ідентифікатор, номер клієнта, ід, код клієнта, id клієнта, id ліда",
  capturedAt:
    "created, created at, created on, create date, created date, date created, creation date, date added, added, added on, date, captured, captured at, capture date, lead date, lead created, submitted, submitted at, submission date, timestamp, registered, registration date, signup date, date of entry, erstellt, erstellt am, erstelldatum, erstellungsdatum, anlagedatum, angelegt am, erfasst am, datum, eingang, eingangsdatum, eingegangen am, date de creation, creation, cree le, date d ajout, ajoute le, date d entree, date d inscription, fecha de creacion, creado, creado el, fecha, fecha de alta, fecha de registro, fecha de entrada, data utworzenia, utworzono, data dodania, dodano, data, data rejestracji, data zgloszenia, дата створення, створено, дата, дата додавання, дата заявки, дата реєстрації",
  stage:
    "stage, lifecycle stage, life cycle stage, lead stage, pipeline stage, funnel stage, sales stage, phase, vertriebsphase, lebenszyklusphase, lead phase, etape, etape du pipeline, etape du cycle de vie, etapa, fase, etapa del ciclo de vida, etapa del embudo, etap, etap sprzedazy, etap lejka, етап, стадія, етап воронки, стадія ліда",
  status:
    "status, lead status, contact status, state, bearbeitungsstatus, leadstatus, statut, statut du lead, etat, estado, estado del lead, estado del contacto, stan, status leada, status kontaktu, статус, статус ліда, стан",
  owner:
    "owner, lead owner, contact owner, account owner, record owner, assigned to, assignee, assigned, sales rep, salesperson, sales owner, account manager, responsible, besitzer, inhaber, lead besitzer, zustandig, zustandiger mitarbeiter, verantwortlich, verantwortlicher, bearbeiter, betreuer, kundenbetreuer, vertriebsmitarbeiter, zugewiesen an, proprietaire, proprietaire du contact, proprietaire du lead, responsable, commercial, attribue a, charge de compte, propietario, propietario del contacto, propietario del lead, asignado a, comercial, vendedor, wlasciciel, wlasciciel kontaktu, opiekun, opiekun klienta, przypisany do, handlowiec, відповідальний, власник, відповідальна особа, призначено",
  tags: "tags, tag, labels, label, keywords, schlagworte, schlagworter, stichworter, etiketten, etiquettes, mots cles, libelles, etiquetas, palabras clave, tagi, etykiety, znaczniki, slowa kluczowe, теги, мітки, позначки",
  "bant.budget": "budget, available budget, planned budget, verfugbares budget, budget disponible, presupuesto, presupuesto disponible, budzet, бюджет",
  "bant.authority":
    "authority, decision maker, decision power, buying role, entscheider, entscheidungstrager, entscheidungsbefugnis, decideur, pouvoir de decision, decisor, tomador de decisiones, decydent, osoba decyzyjna, особа що приймає рішення, повноваження",
  "bant.need":
    "need, needs, customer need, pain, pain point, requirement, requirements, bedarf, anforderung, anforderungen, besoin, besoins, necesidad, necesidades, potrzeba, potrzeby, потреба, потреби, запит",
  "bant.timeline":
    "timeline, timeframe, time frame, purchase timeframe, buying timeframe, zeitrahmen, zeitplan, zeithorizont, kaufzeitpunkt, delai, delai d achat, calendrier, plazo, plazo de compra, horyzont zakupu, termin zakupu, ramy czasowe, терміни, термін покупки, строки",
  "consent.newsletter":
    "newsletter, newsletter opt in, newsletter subscription, subscribed, opt in, optin, email opt in, marketing opt in, marketing consent, consent, gdpr consent, accepts marketing, accepts newsletter, einwilligung, einwilligung newsletter, werbeeinwilligung, newsletter einwilligung, newsletter abonniert, dsgvo einwilligung, consentement, consentement rgpd, accepte la newsletter, inscription newsletter, abonne newsletter, consentimiento, acepta comunicaciones, acepta newsletter, suscrito, suscripcion newsletter, zgoda, zgoda marketingowa, zgoda na newsletter, zgoda rodo, згода, згода на розсилку, підписка, підписка на розсилку, newsletter consent",
  "opportunity.name":
    "opportunity, opportunity name, deal, deal name, opportunity title, verkaufschance, name der verkaufschance, opportunite, nom de l opportunite, affaire, nom de l affaire, oportunidad, nombre de la oportunidad, nombre del negocio, negocio, szansa, szansa sprzedazy, nazwa szansy, угода, назва угоди",
  "opportunity.amount":
    "amount, deal amount, deal value, deal size, opportunity amount, opportunity value, value, contract value, potential value, expected revenue, auftragswert, wert, betrag, auftragsvolumen, dealwert, montant, valeur, montant de l affaire, montant du deal, importe, valor, monto, valor del negocio, importe de la oportunidad, kwota, wartosc, wartosc szansy, wartosc transakcji, сума, сума угоди, вартість, вартість угоди",
  "opportunity.currency": "currency, currency code, deal currency, wahrung, waehrung, devise, monnaie, moneda, divisa, waluta, валюта",
  "opportunity.won": "won, is won, closed won, gewonnen, gagne, gagnee, ganado, ganada, wygrana, wygrany, виграно",
  "opportunity.wonAt":
    "won at, won date, date won, close date, closed date, deal close date, closed at, closed won date, abschlussdatum, gewonnen am, abgeschlossen am, date de cloture, date de signature, gagne le, fecha de cierre, ganado el, data zamkniecia, data wygranej, дата закриття, дата виграшу",
  "opportunity.lostReason":
    "lost reason, loss reason, reason lost, closed lost reason, verlustgrund, grund fur verlust, motif de perte, raison de la perte, motivo de perdida, razon de perdida, powod przegranej, powod utraty, причина втрати, причина програшу",
};

const PLAIN: Readonly<Record<string, string>> = { ł: "l", ß: "ss", ø: "o", æ: "ae", œ: "oe", đ: "d", ı: "i" };

/** "E-Mail_Adresse*" → "e mail adresse"; "companyName" → "company name". */
export function wordsOf(name: string): string {
  return name
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .replaceAll(/[’'ʼ`´]/g, /\p{Script=Cyrillic}/u.test(name) ? "" : " ")
    .replaceAll(/[łßøæœđı]/g, (letter) => PLAIN[letter] ?? letter)
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/\(.*?\)|\[.*?\]/g, " ")
    .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

const TARGETS: ReadonlyMap<string, string> = new Map(
  Object.entries(PHRASES).flatMap(([target, phrases]) => phrases.split(", ").map((phrase) => [wordsOf(phrase), target] as const)),
);

/** Words that say whose it is and not what. */
const NOISE = new Set(
  "contact contacts lead leads customer client person prospect your my primary main the of a kontakt kunde kunden interessent ihr ihre haupt du de des la le l votre contact principal su tu del el los klient klienta leada kontaktu osoby twoj twoja ваш ваша клієнта ліда контакту основний crm hs sf properties property field value please enter required pflichtfeld".split(
    " ",
  ),
);
/** Words that make it another thing of the same kind. */
const OTHER = new Set(
  "2 3 second secondary alternative alt other additional private personal fax previous old former zweite zweiter alternativ weitere privat andere secondaire autre ancien prive secundario otro anterior alternativo personal drugi dodatkowy inny prywatny poprzedni другий додатковий інший особистий last next modified updated changed geandert letzte derniere modification ultima modificacion ostatnia modyfikacja остання parent birth geburtstag naissance nacimiento urodzenia народження".split(
    " ",
  ),
);

export type NameGuess = { readonly target: string; readonly sure: number; readonly phrase: string };

/** Whether the name says that there is a better column of the same kind. */
export function isSecondary(name: string): boolean {
  return wordsOf(name)
    .split(" ")
    .some((word) => OTHER.has(word));
}

/** What the name alone says; null when it says nothing known. */
export function guessByName(name: string): NameGuess | null {
  const words = wordsOf(name);
  const exact = TARGETS.get(words);
  if (exact !== undefined) return { target: exact, sure: 0.95, phrase: words };
  const joined = TARGETS.get(words.replaceAll(" ", ""));
  if (joined !== undefined) return { target: joined, sure: 0.92, phrase: words };
  const all = words.split(" ").filter((word) => word !== "");
  if (all.some((word) => OTHER.has(word))) return null;
  const bare = all.filter((word) => !NOISE.has(word)).join(" ");
  const plain = TARGETS.get(bare) ?? TARGETS.get(bare.replaceAll(" ", ""));
  if (plain !== undefined) return { target: plain, sure: 0.85, phrase: bare };
  return guessByPart(all.join(" "));
}

/** Known phrases of two words or more, by their first word. */
const LONGER: ReadonlyMap<string, readonly string[]> = Map.groupBy(
  [...TARGETS.keys()].filter((phrase) => phrase.includes(" ")),
  (phrase) => phrase.slice(0, phrase.indexOf(" ")),
);

/** A known phrase of two words or more inside of a longer name. */
function guessByPart(words: string): NameGuess | null {
  const padded = `${words} `;
  const inside = words.split(" ").flatMap((word) => LONGER.get(word) ?? []);
  const [best] = inside.filter((phrase) => ` ${padded}`.includes(` ${phrase} `)).toSorted((a, b) => b.length - a.length);
  return best === undefined ? null : { target: TARGETS.get(best) as string, sure: 0.65, phrase: best };
}
