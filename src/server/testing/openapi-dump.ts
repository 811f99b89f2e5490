/** `npm run openapi`: writes openapi.json from the contracts. */
import { writeFileSync } from "node:fs";
import { openApiText, OPENAPI_FILE } from "./openapi-file.ts";

writeFileSync(OPENAPI_FILE, openApiText());
