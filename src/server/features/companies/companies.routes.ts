/** Companies and roles over HTTP. */
import * as contracts from "../../../contracts/companies.ts";
import { type Mounted, route } from "../../http/route.ts";
import { written } from "../../http/written.ts";
import * as companies from "./companies.service.ts";
import * as notes from "./company-notes.service.ts";

export function mountCompanies(mounted: Mounted): void {
  route(mounted, contracts.listCompanies, async (deps, { query }) => ({ status: 200, body: await companies.listCompanies(deps, query) }));
  route(mounted, contracts.getCompany, async (deps, { params }) => {
    const page = await companies.getCompany(deps, params.id);
    return { status: 200, body: page, headers: { etag: `"${page.company.version}"` } };
  });
  route(mounted, contracts.editCompany, async (deps, { params, body, ifMatch, idempotency }) => {
    const company = await companies.editCompany(deps, params.id, body, { ifVersion: ifMatch, idempotency });
    return { status: 200, body: company, headers: { etag: `"${company.version}"` } };
  });
  route(mounted, contracts.addCompanyNote, async (deps, { params, body, idempotency }) => ({
    status: 200,
    body: await notes.addCompanyNote(deps, params.id, body, idempotency),
  }));
  route(mounted, contracts.editCompanyNote, async (deps, { params, body, idempotency }) => ({
    status: 200,
    body: await notes.editCompanyNote(deps, params.id, params.note, body, idempotency),
  }));
  route(mounted, contracts.deleteCompanyNote, async (deps, { params, idempotency }) => ({
    status: 200,
    body: await notes.deleteCompanyNote(deps, params.id, params.note, idempotency),
  }));
  route(mounted, contracts.linkContact, async (deps, { params, body, idempotency }) =>
    written(await companies.linkContact(deps, params.id, body, idempotency)),
  );
  route(mounted, contracts.unlinkContact, async (deps, { params, idempotency }) =>
    written(await companies.unlinkContact(deps, params.id, params.contact, idempotency)),
  );
  route(mounted, contracts.listLeadContacts, async (deps, { params }) => ({ status: 200, body: await companies.listLeadContacts(deps, params.id) }));
}
