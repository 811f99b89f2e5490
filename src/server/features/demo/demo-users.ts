/** The people of the demo company, and the one password they share. */
import type { Role } from "../../../core/access/role.ts";
import type { Territory } from "../../../core/demo/lands.ts";

export const DEMO_NAME = "Hallvik Yard Systems (demo)";
export const DEMO_PASSWORD = "try-baton-yard";

export type DemoUser = {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly team: Territory | null;
  readonly rights?: { readonly signerMarketing?: boolean; readonly signerSales?: boolean };
};

const user = (name: string, email: string, role: Role, team: Territory | null = null): DemoUser => ({ name, email: `${email}@hallvik.example`, role, team });

export const DEMO_ADMIN = user("Ingrid Solheim", "ingrid.solheim", "admin");

export const DEMO_USERS: readonly DemoUser[] = [
  user("Pauli Rantanen", "pauli.rantanen", "revenueOperations"),
  { ...user("Clara Weidner", "clara.weidner", "marketing"), rights: { signerMarketing: true } },
  user("Noor van Dalen", "noor.vandalen", "marketing"),
  { ...user("Henrik Aaltonen", "henrik.aaltonen", "salesManager"), rights: { signerSales: true } },
  user("Anna Lindgren", "anna.lindgren", "salesRep", "nordics"),
  user("Jonas Berglund", "jonas.berglund", "salesRep", "nordics"),
  user("Sofie Dahlerup", "sofie.dahlerup", "salesRep", "nordics"),
  user("Lukas Brandner", "lukas.brandner", "salesRep", "central"),
  user("Miriam Vogt", "miriam.vogt", "salesRep", "central"),
  user("Piotr Zaremba", "piotr.zaremba", "salesRep", "central"),
  user("Elise Marchand", "elise.marchand", "salesRep", "west"),
  user("Tom Hargreave", "tom.hargreave", "salesRep", "west"),
  user("Inês Valadares", "ines.valadares", "salesRep", "west"),
  user("Katrin Moor", "katrin.moor", "customerSuccess"),
  user("Oskar Nyman", "oskar.nyman", "readOnly"),
];
