/** Answering what reactions ask from outside the lead, a round at a time for a whole batch. */
import type { Answer, Need } from "../../core/flow/input.ts";
import type { Db } from "../db/db.ts";
import { type Deal, listCompanies, lockCompanies } from "./flow.queries.ts";
import type { Dealer } from "./turns.ts";
import { companyKey } from "./cells.ts";
import { findFormer, findNote, holdNamed, listFieldsSince } from "./work.queries.ts";

/**
 * Answers in the places of the needs; null means "ask again": pools are dealt only in a round in which nobody asks for a
 * company, because companies are locked before pools.
 */
export async function answerNeeds(db: Db, dealer: Dealer, needs: readonly Need[], now: number): Promise<readonly (Answer | null)[]> {
  const answers: (Answer | null)[] = needs.map(() => null);
  const companies = needs.flatMap((need, i) => (need.kind === "company" ? [{ need, i }] : []));
  if (companies.length > 0) {
    dealer.locksAgain();
    await answerCompanies(db, companies, answers);
    return answers;
  }
  if (needs.some((need) => need.kind !== "deal")) {
    dealer.locksAgain();
    return Promise.all(needs.map((need) => lookUp(db, need)));
  }
  await dealPools(db, dealer, needs, answers, now);
  return answers;
}

/** What is found by looking, one lead at a time: people ask for it, and people are few. Null for what is dealt. */
async function lookUp(db: Db, need: Need): Promise<Answer | null> {
  switch (need.kind) {
    case "former":
      return { kind: "former", former: await findFormer(db, need.lead, need.number) };
    case "changedSince":
      return { kind: "changedSince", fields: await listFieldsSince(db, need.lead, need.version) };
    case "note":
      return { kind: "note", note: await findNote(db, need.lead, need.id) };
    case "exists":
      return { kind: "exists", name: await holdNamed(db, need.what, need.id) };
    default:
      return null;
  }
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

async function dealPools(db: Db, dealer: Dealer, needs: readonly Need[], answers: (Answer | null)[], now: number): Promise<void> {
  const { pools, deals } = dealsOf(needs);
  const firsts = await dealer.deal(db, deals, new Date(now));
  for (const [pool, { places }] of pools) {
    places.forEach((place, i) => {
      answers[place] = { kind: "deal", index: (firsts.get(pool) as number) + i };
    });
  }
}

/** What is asked of each pool, and from which places. */
export function dealsOf(needs: readonly Need[]): {
  readonly pools: ReadonlyMap<string, { readonly places: readonly number[] }>;
  readonly deals: readonly Deal[];
} {
  const pools = new Map<string, { readonly members: string; readonly places: number[] }>();
  needs.forEach((need, i) => {
    if (need.kind !== "deal") return;
    const pool = pools.get(need.pool);
    if (pool === undefined) pools.set(need.pool, { members: need.members.join(","), places: [i] });
    else pool.places.push(i);
  });
  const deals = [...pools].map(([pool, { members, places }]) => ({ pool, members, count: places.length }));
  return { pools, deals };
}
