/** Every address of the app. Screens are loaded when they are first opened; what stands in the address is read and typed here. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { ApiProblem } from "../api/call.ts";
import { query, queryClient } from "../api/query.ts";
import { Bones } from "../parts/states.tsx";
import { LEAD_MEASURES, type LeadMeasure } from "../../core/health/measures.ts";
import { readCompaniesSearch } from "../screens/companies/companies-search.ts";
import { readLeadsSearch } from "../screens/leads/leads-search.ts";
import { readPipelineSearch } from "../screens/pipeline/pipeline-search.ts";
import { readReportsSearch } from "../screens/reports/reports-search.ts";
import { BrokenScreen, NotFoundScreen } from "./error-boundary.tsx";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ component: Outlet });

/* Who is not signed in. */

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

/** The router hands on whatever a reader leaves out, as it stands in the address. So that nothing comes in unread, it is taken away by name. */
const only =
  <S extends object>(read: (search: Record<string, unknown>) => S) =>
  (search: Record<string, unknown>): S => ({ ...Object.fromEntries(Object.keys(search).map((name) => [name, undefined])), ...read(search) });

/** `item`: the line of the timeline to show. `show`: which lines, as `calls`. `facet`: only touches that count for it. */
export type LeadSearch = { readonly item?: string; readonly show?: string; readonly facet?: string };
/** `at`: what the keys are on. `of`: whose day, when it is not one's own. */
export type MyDaySearch = { readonly at?: string; readonly of?: string };
/** `state`: which mail of the outbox. The others: what of the audit. */
export type SettingsSearch = {
  readonly state?: string;
  readonly actor?: string;
  readonly action?: string;
  readonly from?: string;
  readonly to?: string;
  /** Which definition, and what of it. */
  readonly stage?: string;
  readonly show?: string;
};
export type SignInSearch = { readonly back?: string; readonly problem?: string };

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): SignInSearch => ({ back: pathWithin(search["back"]), problem: text(search["problem"]) }),
  component: lazyRouteComponent(() => import("../screens/session/sign-in-screen.tsx"), "SignInScreen"),
});

const tokenSearch = (search: Record<string, unknown>): { readonly token?: string } => ({ token: text(search["token"]) });

const setUp = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  validateSearch: tokenSearch,
  component: lazyRouteComponent(() => import("../screens/session/setup-screen.tsx"), "SetupScreen"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  validateSearch: tokenSearch,
  component: lazyRouteComponent(() => import("../screens/session/link-screen.tsx"), "LinkScreen"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  validateSearch: tokenSearch,
  component: lazyRouteComponent(() => import("../screens/session/link-screen.tsx"), "LinkScreen"),
});

/* Who is. */

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(query("getSession"));
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401)
        throw redirect({ to: "/sign-in", search: { back: location.href === "/" ? undefined : location.href } });
      throw error;
    }
  },
  component: Shell,
});

const start = createRoute({
  getParentRoute: () => shell,
  path: "/",
  beforeLoad: async () => {
    const { user } = await queryClient.ensureQueryData(query("getSession"));
    throw redirect(user.role === "salesRep" ? { to: "/my-day", search: {} } : { to: "/leads", search: {} });
  },
});

const leads = createRoute({
  getParentRoute: () => shell,
  path: "/leads",
  validateSearch: only(readLeadsSearch),
  component: lazyRouteComponent(() => import("../screens/leads/leads-screen.tsx"), "LeadsScreen"),
});

const lead = createRoute({
  getParentRoute: () => shell,
  path: "/leads/$leadId",
  validateSearch: (search): LeadSearch => ({ item: text(search["item"]), show: text(search["show"]), facet: text(search["facet"]) }),
  component: lazyRouteComponent(() => import("../screens/lead/lead-screen.tsx"), "LeadScreen"),
});

const myDay = createRoute({
  getParentRoute: () => shell,
  path: "/my-day",
  validateSearch: (search): MyDaySearch => ({ at: text(search["at"]), of: text(search["of"]) }),
  component: lazyRouteComponent(() => import("../screens/my-day/my-day-screen.tsx"), "MyDayScreen"),
});

const imports = createRoute({
  getParentRoute: () => shell,
  path: "/import",
  component: lazyRouteComponent(() => import("../screens/import/imports-screen.tsx"), "ImportsScreen"),
});

/** Which leads of an import are listed. */
export type ImportSearch = { readonly show?: "updated" | "skipped" | undefined };

const oneImport = createRoute({
  getParentRoute: () => shell,
  path: "/import/$importId",
  validateSearch: ({ show }): ImportSearch => ({ show: show === "updated" || show === "skipped" ? show : undefined }),
  component: lazyRouteComponent(() => import("../screens/import/import-screen.tsx"), "ImportScreen"),
});

const forms = createRoute({
  getParentRoute: () => shell,
  path: "/forms",
  component: lazyRouteComponent(() => import("../screens/forms/forms-screen.tsx"), "FormsScreen"),
});

const form = createRoute({
  getParentRoute: () => shell,
  path: "/forms/$formId",
  component: lazyRouteComponent(() => import("../screens/forms/form-screen.tsx"), "FormScreen"),
});

/** `is`: which of them, `held` when not given. `at`: the one that is shown. */
export type HeldSearch = { readonly is?: "replayed" | "dismissed"; readonly at?: string };
const held = createRoute({
  getParentRoute: () => shell,
  path: "/held",
  validateSearch: ({ is, at }): HeldSearch => ({ is: is === "replayed" || is === "dismissed" ? is : undefined, at: text(at) }),
  component: lazyRouteComponent(() => import("../screens/held/held-screen.tsx"), "HeldScreen"),
});

const bin = createRoute({
  getParentRoute: () => shell,
  path: "/bin",
  component: lazyRouteComponent(() => import("../screens/bin/bin-screen.tsx"), "BinScreen"),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  component: lazyRouteComponent(() => import("../screens/settings/settings-screen.tsx"), "SettingsHome"),
});

const settingsSection = createRoute({
  getParentRoute: () => shell,
  path: "/settings/$section",
  validateSearch: (search): SettingsSearch => ({
    state: text(search["state"]),
    actor: text(search["actor"]),
    action: text(search["action"]),
    from: text(search["from"]),
    to: text(search["to"]),
    stage: text(search["stage"]),
    show: text(search["show"]),
  }),
  component: lazyRouteComponent(() => import("../screens/settings/settings-screen.tsx"), "SettingsScreen"),
});

const pipeline = createRoute({
  getParentRoute: () => shell,
  path: "/pipeline",
  validateSearch: only(readPipelineSearch),
  component: lazyRouteComponent(() => import("../screens/pipeline/pipeline-screen.tsx"), "PipelineScreen"),
});

const opportunity = createRoute({
  getParentRoute: () => shell,
  path: "/pipeline/$opportunityId",
  component: lazyRouteComponent(() => import("../screens/opportunity/opportunity-screen.tsx"), "OpportunityScreen"),
});

const companies = createRoute({
  getParentRoute: () => shell,
  path: "/companies",
  validateSearch: only(readCompaniesSearch),
  component: lazyRouteComponent(() => import("../screens/companies/companies-screen.tsx"), "CompaniesScreen"),
});

const company = createRoute({
  getParentRoute: () => shell,
  path: "/companies/$companyId",
  component: lazyRouteComponent(() => import("../screens/companies/company-screen.tsx"), "CompanyScreen"),
});

/** Customers are leads that became one: the list of leads, with the stages from there on. */
const customers = createRoute({
  getParentRoute: () => shell,
  path: "/customers",
  beforeLoad: async () => {
    const { config } = await queryClient.ensureQueryData(query("getConfig"));
    const main = config.stages.filter(({ line }) => line === "main");
    const from = main.findIndex(({ entry }) => entry === "won");
    throw redirect({ to: "/leads", search: { filter: { field: "stage", op: "in", value: main.slice(Math.max(0, from)).map(({ id }) => id) } } });
  },
});

const reports = createRoute({
  getParentRoute: () => shell,
  path: "/reports",
  validateSearch: only(readReportsSearch),
  component: lazyRouteComponent(() => import("../screens/reports/reports-screen.tsx"), "ReportsScreen"),
});

/** `measure`: which number is open. */
export type HealthSearch = { readonly measure?: LeadMeasure };

const health = createRoute({
  getParentRoute: () => shell,
  path: "/health-check",
  validateSearch: only((search): HealthSearch => {
    const measure = LEAD_MEASURES.find((one) => one === search["measure"]);
    return measure === undefined ? {} : { measure };
  }),
  component: lazyRouteComponent(() => import("../screens/health/health-screen.tsx"), "HealthScreen"),
});

/*
 * Page authors: one createRoute and one entry below for each screen, parent `shell`, component by lazyRouteComponent.
 */

export const routeTree = root.addChildren([
  signIn,
  setUp,
  invitation,
  reset,
  shell.addChildren([
    start,
    leads,
    lead,
    myDay,
    imports,
    oneImport,
    forms,
    form,
    held,
    bin,
    settings,
    settingsSection,
    pipeline,
    opportunity,
    companies,
    company,
    customers,
    reports,
    health,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  defaultPreloadDelay: 40,
  defaultPendingMs: 150,
  defaultPendingComponent: Bones,
  defaultErrorComponent: BrokenScreen,
  defaultNotFoundComponent: NotFoundScreen,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

/** A path of this house, never another's address. */
export function pathWithin(value: unknown): string | undefined {
  // Browsers leave tabs and line breaks out of addresses, so "/\t/example.com" would be "//example.com".
  return typeof value === "string" && /^\/(?![/\\])[^\t\r\n]*$/.test(value) && !value.startsWith("/sign-in") ? value : undefined;
}
