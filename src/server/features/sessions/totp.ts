/** Time-based codes (RFC 6238): six digits, thirty seconds, SHA-1, as every authenticator app takes them. */
import { Secret, TOTP } from "otpauth";
import { renderSVG } from "uqr";

const PERIOD = 30;

export type Enrolment = { readonly secret: string; readonly uri: string; readonly qr: string };

/** A new secret of 160 bits, in the forms in which an app takes it. */
export function newEnrolment(issuer: string, account: string): Enrolment {
  const secret = new Secret({ size: 20 });
  const uri = new TOTP({ issuer, label: account, secret, period: PERIOD }).toString();
  return { secret: secret.base32, uri, qr: renderSVG(uri, { border: 2, ecc: "M" }) };
}

/** The time step whose code this is: the present one, the one before or the one after. Null: none of them. @param now milliseconds */
export function stepOf(secret: string, code: string, now: number): number | null {
  const token = code.replaceAll(/\s/g, "");
  if (!/^\d{6}$/.test(token)) return null;
  const delta = new TOTP({ secret: Secret.fromBase32(secret), period: PERIOD }).validate({ token, timestamp: now, window: 1 });
  return delta === null ? null : Math.floor(now / 1000 / PERIOD) + delta;
}
