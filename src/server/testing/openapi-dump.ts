/** `npm run openapi`: writes openapi.json and the web app's table of operations from the contracts. */
import { writeFileSync } from "node:fs";
import { openApiText, OPENAPI_FILE } from "./openapi-file.ts";
import { WEB_ROUTES_FILE, webRoutesText } from "./web-routes-file.ts";

writeFileSync(OPENAPI_FILE, openApiText());
writeFileSync(WEB_ROUTES_FILE, await webRoutesText());
