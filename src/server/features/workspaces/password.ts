/** Passwords are kept as argon2id, with the parameters OWASP names (19 MiB, two passes): 20 to 40 ms each. */
import { hash } from "@node-rs/argon2";

export function hashPassword(password: string): Promise<string> {
  return hash(password);
}
