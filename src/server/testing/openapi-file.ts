/** openapi.json as it is checked in: one line a level, so that a change shows as what it is. */
import path from "node:path";
import { openApi } from "../../contracts/openapi.ts";
import { batonVersion } from "../features/operator/version.ts";

export const OPENAPI_FILE = path.resolve(import.meta.dirname, "../../../openapi.json");

export function openApiText(): string {
  return `${JSON.stringify(openApi(batonVersion()), null, 2)}\n`;
}
