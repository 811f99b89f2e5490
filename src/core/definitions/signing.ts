/**
 * Who signs a definition: one person for marketing and another for sales. A signature holds for one revision of a draft, and
 * for as long as whoever gave it is active and still a signer of that side.
 */
export const SIDES = ["marketing", "sales"] as const;
export type Side = (typeof SIDES)[number];

export type Signer = {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  /** Has a way to sign in: an invitation that nobody took up holds nobody up. */
  readonly joined: boolean;
  readonly marketing: boolean;
  readonly sales: boolean;
};

export type Signature = { readonly side: Side; readonly userId: string };

/** Active signers of a side. */
export function signersOf(side: Side, people: readonly Signer[]): readonly Signer[] {
  return people.filter((person) => person.active && person[side]);
}

/** Whether there are two people who can sign for the two sides. From then on definitions change by signatures alone. */
export function signingInForce(people: readonly Signer[]): boolean {
  const here = people.filter(({ joined }) => joined);
  return signersOf("marketing", here).some(({ id }) => signersOf("sales", here).some((other) => other.id !== id));
}

export function holds({ side, userId }: Signature, people: readonly Signer[]): boolean {
  return signersOf(side, people).some(({ id }) => id === userId);
}

export type Judgement =
  | { readonly kind: "refused"; readonly type: "not-a-signer" | "signed-by-another" | "one-person"; readonly words: string }
  /** He has signed this already. */
  | { readonly kind: "again" }
  /** `completes`: with it both sides have signed. */
  | { readonly kind: "sign"; readonly completes: boolean };

/** What a signature of this person would be, given those that the revision has. */
export function judge(side: Side, userId: string, signatures: readonly Signature[], people: readonly Signer[]): Judgement {
  if (!signersOf(side, people).some(({ id }) => id === userId)) return refused("not-a-signer", notASigner(side, people));
  const valid = signatures.filter((signature) => holds(signature, people));
  const mine = valid.find((signature) => signature.userId === userId);
  if (mine?.side === side) return { kind: "again" };
  if (mine !== undefined)
    return refused(
      "one-person",
      `You have signed this text for ${mine.side}. The signature for ${side} must be another person's: ${named(side, people, userId)}.`,
    );
  const there = valid.find((signature) => signature.side === side);
  if (there !== undefined) return refused("signed-by-another", `${nameOf(there.userId, people)} has signed this text for ${side} already.`);
  return { kind: "sign", completes: valid.length > 0 };
}

function refused(type: Extract<Judgement, { kind: "refused" }>["type"], words: string): Judgement {
  return { kind: "refused", type, words };
}

function notASigner(side: Side, people: readonly Signer[]): string {
  return `You are no signer for ${side}; ${named(side, people)}. An administrator decides who signs (Settings → Users).`;
}

function named(side: Side, people: readonly Signer[], without = ""): string {
  const names = signersOf(side, people).flatMap(({ id, name }) => (id === without ? [] : [name]));
  return names.length === 0 ? "so far nobody else is" : names.length > 5 ? `${names.slice(0, 5).join(", ")} and others may` : `${names.join(" or ")} may`;
}

function nameOf(id: string, people: readonly Signer[]): string {
  return people.find((person) => person.id === id)?.name ?? "Somebody";
}
