/** Answering what reactions ask from outside the lead, a round at a time for a whole batch. */
import type { Answer, Need } from "../../core/flow/input.ts";
import type { Db } from "../db/db.ts";
import { dealNumbers, listCompanies, lockCompanies } from "./flow.queries.ts";
import { companyKey } from "./cells.ts";

/**
 * Answers in the places of the needs; null means "ask again": pools are dealt only in a round in which nobody asks for a
 * company, because companies are locked before pools.
 */
export async function answerNeeds(db: Db, needs: readonly Need[], now: number): Promise<readonly (Answer | null)[]> {
  const answers: (Answer | null)[] = needs.map(() => null);
  const companies = needs.flatMap((need, i) => (need.kind === "company" ? [{ need, i }] : []));
  if (companies.length > 0) {
    await answerCompanies(db, companies, answers);
    return answers;
  }
  await dealPools(db, needs, answers, now);
  return answers;
}

type CompanyNeed = Extract<Need, { kind: "company" }>;

/** A company is known by its domain, else by its name. Of several leads of one batch that name the same new company, the first one makes it. */
async function answerCompanies(db: Db, asked: readonly { readonly need: CompanyNeed; readonly i: number }[], answers: (Answer | null)[]): Promise<void> {
  const names = asked.map(({ need }) => companyKey(need.name));
  const domains = asked.flatMap(({ need }) => (need.domain === null ? [] : [need.domain]));
  await lockCompanies(db, [...names, ...domains]);
  const rows = [...(await listCompanies(db, names, domains))];
  for (const { need, i } of asked) {
    const nameKey = companyKey(need.name);
    const found = rows.find((row) => need.domain !== null && row.domain === need.domain) ?? rows.find((row) => row.name_key === nameKey);
    if (found === undefined) rows.push({ id: need.candidate, name_key: nameKey, domain: need.domain });
    answers[i] = { kind: "company", id: found?.id ?? need.candidate };
  }
}

async function dealPools(db: Db, needs: readonly Need[], answers: (Answer | null)[], now: number): Promise<void> {
  const pools = new Map<string, { readonly members: string; readonly places: number[] }>();
  needs.forEach((need, i) => {
    if (need.kind !== "deal") return;
    const pool = pools.get(need.pool);
    if (pool === undefined) pools.set(need.pool, { members: need.members.join(","), places: [i] });
    else pool.places.push(i);
  });
  const deals = [...pools].map(([pool, { members, places }]) => ({ pool, members, count: places.length }));
  const firsts = await dealNumbers(db, deals, new Date(now));
  for (const [pool, { places }] of pools) {
    places.forEach((place, i) => {
      answers[place] = { kind: "deal", index: (firsts.get(pool) as number) + i };
    });
  }
}
