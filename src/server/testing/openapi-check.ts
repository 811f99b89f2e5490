/** Holds answers against the OpenAPI document, as a stranger's client would. */
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { ValidateFunction } from "ajv";
import { openApi } from "../../contracts/openapi.ts";
import { batonVersion } from "../features/operator/version.ts";

type Operation = { readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>> };
type Document = { readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };

/** @throws Error from the function it returns, when operation, status, content type or body are not in the document */
export function answerChecker(): (method: string, url: string, status: number, contentType: string, body: string) => void {
  const document = openApi(batonVersion()) as unknown as Document;
  const ajv = new Ajv2020.Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "openapi", ...document });
  const patterns = Object.keys(document.paths)
    .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll(/[.]/g, "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`) }))
    .sort((a, b) => Number(a.path.includes("{")) - Number(b.path.includes("{")));
  const validators = new Map<string, ValidateFunction>();
  return (method, url, status, contentType, body) => {
    const path = patterns.find(({ pattern }) => pattern.test(url.replace(/\?.*$/s, "")))?.path;
    const operation = path === undefined ? undefined : document.paths[path]?.[method.toLowerCase()];
    if (path === undefined || operation === undefined) {
      if (status === 404 || status === 400) return;
      throw new Error(`${method} ${url} answered ${status} and is not in the OpenAPI document.`);
    }
    const type = contentType.replace(/;.*$/, "").trim();
    const content = operation.responses[String(status)]?.content;
    if (content?.[type] === undefined)
      throw new Error(
        `${method} ${path} answered ${status} as ${type || "nothing"}; the document has ${Object.keys(operation.responses).join(", ")}. Body: ${body.slice(0, 500)}`,
      );
    const pointer = ["paths", path, method.toLowerCase(), "responses", String(status), "content", type, "schema"]
      .map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")))
      .join("/");
    const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#/${pointer}` });
    validators.set(pointer, validate);
    if (!validate(type.endsWith("json") ? JSON.parse(body) : body))
      throw new Error(`The ${status} of ${method} ${path} is not as the document says: ${ajv.errorsText(validate.errors)}\n${body.slice(0, 1000)}`);
  };
}
