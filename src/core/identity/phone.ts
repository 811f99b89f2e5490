/** Phone numbers: E.164 where one can be read, as typed where not. Nothing is lost. */
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from "libphonenumber-js/min";

/**
 * @param country ISO 3166 code whose numbering plan reads a number without a country code; null reads only international ones
 * @returns E.164 ("+4930901820"), or the text as typed, trimmed
 */
export function normalizePhone(text: string, country: string | null): string {
  const typed = text.trim();
  const plain = typed.replace(/[\s./-]/g, "");
  if (/^\+[1-9]\d{7,14}$/.test(plain)) return plain;
  const region = country !== null && isSupportedCountry(country) ? (country as CountryCode) : undefined;
  const parsed = parsePhoneNumberFromString(typed, region);
  return parsed?.isPossible() === true ? parsed.number : typed;
}
