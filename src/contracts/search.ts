/** Search over everything that has a name. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Id, Limit, text } from "./values.ts";

export const SearchHit = z
  .strictObject({ type: z.enum(["lead", "company", "opportunity"]), id: Id, title: z.string(), detail: z.string() })
  .meta({ id: "SearchHit" });

export const search = endpoint({
  id: "search",
  method: "GET",
  path: "/api/v1/search",
  tag: "Search",
  summary: "Find leads, companies and opportunities by name",
  description: "Best first. Forgives typos and diacritics.",
  scope: "read",
  access: "leads.read",
  query: z.strictObject({ q: text(200), limit: Limit.default(10) }),
  replies: { 200: { description: "What was found.", body: z.strictObject({ items: z.array(SearchHit).readonly() }) } },
});
