/**
 * Ids. Inputs carry a UUIDv7 made by the application; whatever a reaction creates has a UUIDv8 derived from
 * (input id, ordinal), so that the same input replayed creates the same ids.
 */

/**
 * The id of the `ordinal`-th thing an input creates: the input's time and its 62 random bits stay, the version becomes 8
 * and the 12 bits after it hold the ordinal.
 * @throws RangeError when ordinal is not a whole number from 0 to 4095.
 */
export function deriveId(inputId: string, ordinal: number): string {
  if (!Number.isInteger(ordinal) || ordinal < 0 || ordinal > 4095) throw new RangeError(`an input may create at most 4096 things, asked for number ${ordinal}`);
  return `${inputId.slice(0, 14)}8${ordinal.toString(16).padStart(3, "0")}${inputId.slice(18)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}
