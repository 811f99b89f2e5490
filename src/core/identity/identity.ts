/**
 * Identity: which lead an input is about.
 *
 * An input may carry several identities. They are asked in a fixed order (external id, e-mail, phone, visitor) and the first
 * one that is known wins; a phone or a visitor joins only where the e-mails do not differ. Identities that belong to somebody
 * else stay where they are and are noted as a suspected duplicate.
 */

export const IDENTITY_KINDS = ["row", "external", "email", "phone", "visitor"] as const;
export type IdentityKind = (typeof IDENTITY_KINDS)[number];

export type IdentityKey = { readonly kind: IdentityKind; readonly value: string };

export type Known = {
  /** The lead an identity belongs to. */
  leadOf(key: IdentityKey): string | undefined;
  /** The e-mail identities of a lead. */
  emailsOf(leadId: string): readonly string[];
};

export type Identified = {
  readonly leadId: string | null;
  /** Identities that become this lead's. */
  readonly claims: readonly IdentityKey[];
  readonly contested: readonly { readonly kind: string; readonly value: string; readonly leadId: string }[];
};

/**
 * @param keys the identities of the input in the order in which they are asked
 * @param only when given, the one kind that may find a lead (an import's `match`); an input without it asks all
 */
export function identify(keys: readonly IdentityKey[], known: Known, only: IdentityKind | null = null): Identified {
  const email = keys.find((key) => key.kind === "email")?.value;
  const restricted = only !== null && keys.some((key) => key.kind === only);
  let winner: string | null = null;
  for (const key of keys) {
    const leadId = known.leadOf(key);
    if (leadId === undefined || (restricted && key.kind !== only)) continue;
    if ((key.kind === "phone" || key.kind === "visitor") && email !== undefined && differs(email, known.emailsOf(leadId))) continue;
    winner = leadId;
    break;
  }
  const claims: IdentityKey[] = [];
  const contested: { kind: string; value: string; leadId: string }[] = [];
  for (const key of keys) {
    const leadId = known.leadOf(key);
    if (leadId === undefined) claims.push(key);
    else if (leadId !== winner) contested.push({ ...key, leadId });
  }
  return { leadId: winner, claims, contested };
}

function differs(email: string, emails: readonly string[]): boolean {
  return emails.length > 0 && !emails.includes(email);
}

export type Identities = {
  readonly externalId?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly visitor?: string | null | undefined;
};

/** The identity keys of an input, in the order in which they are asked. A phone that is not in international form is kept but identifies nobody. */
export function keysOf(identities: Identities): readonly IdentityKey[] {
  const keys: IdentityKey[] = [];
  if (identities.externalId) keys.push({ kind: "external", value: identities.externalId });
  if (identities.email) keys.push({ kind: "email", value: emailKey(identities.email) });
  if (identities.phone && isE164(identities.phone)) keys.push({ kind: "phone", value: identities.phone });
  if (identities.visitor) keys.push({ kind: "visitor", value: identities.visitor });
  return keys;
}

/** The form in which two spellings of one mailbox meet: without the plus part, and at Gmail without dots. */
export function emailKey(email: string): string {
  const plain = email.normalize("NFC").toLowerCase();
  const at = plain.lastIndexOf("@");
  const local = plain.slice(0, at).replace(/\+.*$/, "") || plain.slice(0, at);
  const domain = plain.slice(at + 1);
  if (domain !== "gmail.com" && domain !== "googlemail.com") return `${local}@${domain}`;
  return `${local.replaceAll(".", "") || local}@gmail.com`;
}

const LOCAL = /^(?:[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+)*|"(?:[^"\\\r\n\0]|\\[^\r\n\0])+")$/u;
const LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}-]{0,61}[\p{L}\p{N}\p{M}])?$/u;

/** Whether this is an address mail could be sent to: RFC 5321 lengths, letters of any script, at least two labels. Given trimmed. */
export function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || text.length > 254 || at > 64) return false;
  if (!LOCAL.test(text.slice(0, at))) return false;
  return isDomain(text.slice(at + 1));
}

/** Whether this is a name a host could have: at most 253 characters, at least two labels of any script, the last not a number. */
export function isDomain(text: string): boolean {
  if (text.length > 253) return false;
  const labels = text.split(".");
  return labels.length >= 2 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) as string);
}

export function isE164(phone: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(phone);
}
