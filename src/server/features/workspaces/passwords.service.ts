/** Passwords, for every feature that sets or asks for one. */
import { invalid } from "../../problems.ts";
import { hashOfNobody, hashPassword, isPassword, passwordProblem } from "./password.ts";

/** @throws Problem 422 with what is wrong */
export async function hashNewPassword(password: string, owner: { readonly email: string; readonly name?: string }): Promise<string> {
  const problem = passwordProblem(password, owner);
  if (problem !== null) throw invalid(`The password ${problem}. Nothing was changed.`, [{ path: "password", message: problem }]);
  return hashPassword(password);
}

/**
 * Which of these hashes the password fits. Exactly `work` checks are made, if there are not more hashes: where nobody is,
 * nobody's hash is checked.
 */
export async function whichFit(hashes: readonly string[], password: string, work = 1): Promise<readonly boolean[]> {
  const fit: boolean[] = [];
  const nobody = await hashOfNobody();
  for (let i = 0; i < Math.max(hashes.length, work); i++) {
    const given = hashes[i];
    const fits = await isPassword(given ?? nobody, password);
    if (given !== undefined) fit.push(fits);
  }
  return fit;
}
