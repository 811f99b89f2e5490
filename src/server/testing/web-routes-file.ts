/**
 * The operations as the web app knows them: id → method and path, and the contract as a type. The app carries neither zod nor
 * the contracts themselves, so this table is written from them (by `npm run openapi`) and checked in.
 */
import { readdirSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const CONTRACTS = path.join(ROOT, "src/contracts");
export const WEB_ROUTES_FILE = path.join(ROOT, "src/web/api/routes.gen.ts");

type Found = { readonly id: string; readonly method: string; readonly path: string };

export async function webRoutesText(): Promise<string> {
  const files = readdirSync(CONTRACTS).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const modules = await Promise.all(files.map(async (file) => ({ file, exported: (await import(pathToFileURL(path.join(CONTRACTS, file)).href)) as object })));
  const found = modules
    .flatMap(({ file, exported }) =>
      Object.entries(exported).flatMap(([name, value]: [string, unknown]) =>
        isEndpoint(value) && value.path.startsWith("/api/") ? [{ file, name, ...value }] : [],
      ),
    )
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const routes = found.map(({ id, method, path: route }) => `  ${id}: ["${method}", "${route}"],`);
  const types = found.map(({ id, file, name }) => `  readonly ${id}: typeof import("../../contracts/${file}").${name};`);
  return `/** Written from the contracts by \`npm run openapi\`; do not edit. */\n\nexport const ROUTES = {\n${routes.join("\n")}\n} as const;\n\nexport type Contracts = {\n${types.join("\n")}\n};\n`;
}

function isEndpoint(value: unknown): value is Found {
  return typeof value === "object" && value !== null && ["id", "method", "path", "replies"].every((key) => key in value);
}
