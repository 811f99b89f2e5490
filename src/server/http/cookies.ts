/** Cookies, read and written. Ours are HttpOnly and SameSite=Lax; where the house is reached by https, Secure and with the `__Host-` prefix. */

export type CookieRules = { readonly secure: boolean };

export function cookieName(name: string, { secure }: CookieRules): string {
  return secure ? `__Host-${name}` : name;
}

/** The first cookie of that name; a browser sends the most specific first. */
export function cookieOf(header: string | undefined, name: string): string | null {
  if (header === undefined) return null;
  for (const part of header.split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

/** @param seconds how long the browser keeps it; 0 takes it away */
export function setCookie(name: string, value: string, seconds: number, rules: CookieRules): string {
  return `${cookieName(name, rules)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${rules.secure ? "; Secure" : ""}`;
}
