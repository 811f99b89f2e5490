import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { RowOf } from "./row-of.ts";
import { describeSchema, SCHEMA_SQL, SCHEMA_TYPES } from "../testing/schema-dump.ts";

test("schema.sql and the generated types are what the migrations make (otherwise: npm run db:types)", async () => {
  const { sql, types } = await describeSchema();
  expect(readFileSync(SCHEMA_SQL, "utf8")).toBe(sql);
  expect(readFileSync(SCHEMA_TYPES, "utf8")).toBe(types);
});

test("a row that its table does not have does not compile", () => {
  type Fits = RowOf<"task", { readonly id: string; readonly done_at: Date | null; readonly form: { readonly a: 1 } | null; readonly pass: number }>;
  // @ts-expect-error a task has no such column
  type Unknown = RowOf<"task", { readonly colour: string }>;
  // @ts-expect-error done_at may be null
  type NeverNull = RowOf<"task", { readonly done_at: Date }>;
  // @ts-expect-error due_at is never null
  type MaybeNull = RowOf<"task", { readonly due_at: Date | null }>;
  // @ts-expect-error a form may be missing
  type FormThere = RowOf<"task", { readonly form: { readonly a: 1 } }>;
  // @ts-expect-error a number is not text
  type OtherType = RowOf<"task", { readonly pass: string }>;
  const checked: readonly (Fits | Unknown | NeverNull | MaybeNull | FormThere | OtherType)[] = [];
  expect(checked, "the compiler has checked the lines above").toEqual([]);
});
