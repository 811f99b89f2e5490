/** A whole name in its parts. */

/** "Lovelace, Ada" and "Ada Lovelace" are one; otherwise the last word is the last name. */
export function splitName(name: string): { readonly firstName?: string; readonly lastName: string } {
  const turned = /^([^,]+),\s*([^,]+)$/.exec(name.trim());
  if (turned !== null) return { firstName: (turned[2] as string).trim(), lastName: (turned[1] as string).trim() };
  const words = name.trim().split(/\s+/);
  const lastName = words.pop() ?? name;
  return words.length === 0 ? { lastName } : { firstName: words.join(" "), lastName };
}
