/** What an operator may ask of the house, in the words of the command line. */
import { z } from "zod";
import { invalid } from "../../problems.ts";

const workspace = z.string().optional();

const OperatorRequest = z.discriminatedUnion("command", [
  z.strictObject({
    command: z.literal("setup"),
    options: z.strictObject({
      workspace: z.string(),
      email: z.string(),
      password: z.string(),
      timezone: z.string().optional(),
      currency: z.string().optional(),
    }),
  }),
  z.strictObject({ command: z.literal("demo"), options: z.strictObject({}) }),
  z.strictObject({
    command: z.literal("import"),
    options: z.strictObject({ file: z.string(), map: z.unknown(), workspace, history: z.boolean(), dryRun: z.boolean() }),
  }),
  z.strictObject({
    command: z.literal("export leads"),
    options: z.strictObject({
      workspace,
      out: z.string(),
      filter: z.string().optional(),
      sort: z.string().optional(),
      columns: z.string().optional(),
    }),
  }),
  z.strictObject({
    command: z.literal("report funnel"),
    options: z.strictObject({ workspace, by: z.string().optional(), from: z.string().optional(), to: z.string().optional(), asOf: z.string().optional() }),
  }),
  z.strictObject({ command: z.literal("report velocity"), options: z.strictObject({ workspace, from: z.string().optional(), to: z.string().optional() }) }),
  z.strictObject({ command: z.literal("score explain"), options: z.strictObject({ workspace, lead: z.string() }) }),
  z.strictObject({ command: z.literal("doctor"), options: z.strictObject({ replay: z.int().min(0).optional() }) }),
  z.strictObject({ command: z.literal("backup"), options: z.strictObject({ file: z.string() }) }),
]);

/** Files are absolute paths: the house does not know where the operator stands. */
export type OperatorRequest = Readonly<z.infer<typeof OperatorRequest>>;

/** @throws Problem 422 when this is none; a command and a server of different versions may meet */
export function readOperatorRequest(json: unknown): OperatorRequest {
  const read = OperatorRequest.safeParse(json);
  if (read.success) return read.data;
  throw invalid(`The running server does not understand this command: ${z.prettifyError(read.error)}. Are command and server of the same version?`);
}
