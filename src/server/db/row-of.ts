/**
 * Rows typed by hand, held against the schema. JSON columns are why they are typed by hand at all: the schema knows only that
 * they are JSON.
 */
import type { Tables } from "./schema.gen.ts";

/** `Row` as it is, if all its columns are of the table, with the same type and null where the column may be null; else it does not compile. */
export type RowOf<Table extends keyof Tables, Row extends Fitting<Table, Row>> = Row;

type Fitting<Table extends keyof Tables, Row> = {
  readonly [Column in keyof Row]: Column extends keyof Tables[Table] ? Fit<Tables[Table][Column], Row[Column]> : never;
};

type Fit<Stored, Given> = [null] extends [Given]
  ? [null] extends [Stored]
    ? Given extends Stored
      ? Given
      : never
    : never
  : [null] extends [Stored]
    ? never
    : Given extends Stored
      ? Given
      : never;
