/** Passwords are kept as argon2id, with the parameters OWASP names (19 MiB, two passes): 20 to 40 ms each. */
import { hash, verify } from "@node-rs/argon2";

export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

let nobody: Promise<string> | null = null;

/** A hash that no password fits, made with the same parameters: checking against it is the same work. */
export function hashOfNobody(): Promise<string> {
  nobody ??= hash(crypto.randomUUID());
  return nobody;
}

export async function isPassword(passwordHash: string, password: string): Promise<boolean> {
  try {
    return await verify(passwordHash, password);
  } catch {
    return false;
  }
}

/**
 * What is wrong with a new password, in words that follow "the password"; null when nothing is. Length is what makes it
 * strong; what everybody would try first is refused.
 */
export function passwordProblem(password: string, { email, name = "" }: { readonly email: string; readonly name?: string }): string | null {
  const unfit = lengthProblem(password);
  if (unfit !== null) return unfit;
  const letters = plainOf(password);
  const plain = letters.length < 8 ? password.toLowerCase() : letters;
  const own = [email, email.split("@")[0] ?? "", email.split("@")[1] ?? "", name].map(plainOf).filter((word) => word.length >= 3);
  if (own.some((word) => isMostly(plain, word))) return "must not be made of your own name or address";
  if (new Set(Array.from(plain)).size < 4 || isRepeated(plain)) return "must not be the same few characters again and again";
  if (isRun(plain)) return "must not be a row of the keyboard, of digits or of the alphabet";
  if (COMMON.some((word) => isMostly(plain, word))) return "is among the first that anybody would try";
  return null;
}

/** What is wrong with the length of a password, as `passwordProblem` says it. All that is asked of the operator, who may be a script. */
export function lengthProblem(password: string): string | null {
  const length = Array.from(password).length;
  if (length < 12) return `must have at least 12 characters; this one has ${length}`;
  return length > 128 ? "must not have more than 128 characters" : null;
}

/** The stems of the passwords that lead every published list; digits and signs around them change nothing. */
const COMMON = [
  ..."password passwort passwd motdepasse contrasena wachtwoord letmein welcome willkommen bienvenue iloveyou ichliebedich administrator admin".split(" "),
  ..."monkey dragon football baseball basketball superman batman princess sunshine shadow master starwars trustno michael jennifer jordan".split(" "),
  ..."hunter charlie freedom whatever computer internet changeme default secret geheim qwerty qwertz azerty google facebook baton sales leads".split(" "),
  "correcthorsebatterystaple",
];

/** Letters and digits only, in lower case, with the usual replacements undone. */
function plainOf(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll("@", "a")
    .replaceAll("$", "s")
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}

/** The word, once or several times, spelt with digits or not, with any digits and up to three letters besides. */
function isMostly(text: string, word: string): boolean {
  const spelt = text.replaceAll("0", "o").replaceAll("1", "i").replaceAll("3", "e").replaceAll("4", "a").replaceAll("5", "s");
  return [text, spelt].some((form) => {
    let rest = "";
    let from = 0;
    for (let at = form.indexOf(word); at >= 0; at = form.indexOf(word, from)) {
      rest += text.slice(from, at);
      from = at + word.length;
    }
    return from > 0 && (rest + text.slice(from)).replaceAll(/\p{N}/gu, "").length <= 3;
  });
}

function isRepeated(text: string): boolean {
  return /^(.{1,6})\1+.{0,5}$/su.test(text);
}

const ROWS = [
  "abcdefghijklmnopqrstuvwxyz",
  "01234567890",
  "qwertyuiopasdfghjklzxcvbnm",
  "qwertzuiopasdfghjklyxcvbnm",
  "azertyuiopqsdfghjklmwxcvbn",
  "1q2w3e4r5t6y7u8i9o0p",
  "1qaz2wsx3edc4rfv5tgb6yhn",
];

/** Pieces of four or more from such rows, forwards or backwards, and little else. */
function isRun(text: string): boolean {
  let rest = text;
  for (const row of ROWS.flatMap((row) => [
    row + row,
    Array.from(row + row)
      .toReversed()
      .join(""),
  ]))
    for (let size = Math.min(rest.length, row.length); size >= 4; size--)
      for (let at = 0; at + size <= rest.length; at++) if (row.includes(rest.slice(at, at + size))) rest = rest.slice(0, at) + rest.slice(at + size);
  return rest.length <= 3;
}
