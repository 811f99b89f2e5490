/** What to say beside a new password while it is typed. The server has the last word. */
export function passwordAdvice(password: string): string {
  if (password.length === 0) return "At least 12 characters. A few words in a row are good and easy to keep.";
  if (password.length < 12) return `${12 - password.length} more ${password.length === 11 ? "character" : "characters"}.`;
  return "Long enough.";
}
