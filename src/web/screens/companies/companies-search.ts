/** What stands in the address of the Companies screen. */
export const COMPANY_SORTS = ["name", "-name", "createdAt", "-createdAt"] as const;
export type CompanySort = (typeof COMPANY_SORTS)[number];
export type CompaniesSearch = { readonly q?: string; readonly sort?: CompanySort };

export function readCompaniesSearch({ q, sort }: Record<string, unknown>): CompaniesSearch {
  const known = COMPANY_SORTS.find((one) => one === sort);
  return {
    ...(typeof q === "string" && q !== "" ? { q: q.slice(0, 200) } : typeof q === "number" ? { q: String(q) } : {}),
    ...(known === undefined ? {} : { sort: known }),
  };
}
