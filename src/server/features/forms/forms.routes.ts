/** Forms over HTTP: making them with a key or a session, and the pages for everybody at `/f/…`. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import * as contracts from "../../../contracts/forms.ts";
import { HIDDEN, type Values } from "../../../core/forms/form.ts";
import type { House } from "../../deps.ts";
import { parseJson, readBytes } from "../../http/body.ts";
import { problemOf, sendProblem } from "../../http/errors.ts";
import { formPage, thanksPage, wordsPage } from "../../http/form-page.ts";
import type { Page } from "../../http/page.ts";
import { fastifyPath, type Mounted, route } from "../../http/route.ts";
import { invalid, notFound, Problem } from "../../problems.ts";
import * as forms from "./forms.service.ts";
import { type Desk, openDesk, type PublicForm } from "./submit.service.ts";

export function mountForms(mounted: Mounted, house: House): void {
  route(mounted, contracts.listForms, async (deps) => ({ status: 200, body: { items: await forms.listForms(deps) } }));
  route(mounted, contracts.createForm, async (deps, { body, idempotency }) => ({ status: 201, body: await forms.createForm(deps, body, idempotency) }));
  route(mounted, contracts.getForm, async (deps, { params }) => tagged(await forms.getForm(deps, params.id)));
  route(mounted, contracts.editForm, async (deps, { params, body, ifMatch }) => tagged(await forms.editForm(deps, params.id, body, ifMatch)));
  route(mounted, contracts.rotateFormKey, async (deps, { params, idempotency }) => tagged(await forms.rotateFormKey(deps, params.id, idempotency)));
  const desk = openDesk(house);
  void mounted.app.register(async (app) => mountPages(app, mounted, desk));
}

function tagged<F extends { readonly version: number }>(body: F) {
  return { status: 200, body, headers: { etag: `"${body.version}"` } } as const;
}

type Request = FastifyRequest<{ Params: { readonly formKey: string } }>;

/** 64 kB: more than anybody types. */
const MOST_BYTES = 64 << 10;

function mountPages(app: FastifyInstance, mounted: Mounted, desk: Desk): void {
  app.addContentTypeParser(["application/x-www-form-urlencoded", "text/plain"], (_request, source, done) =>
    readBytes(source, MOST_BYTES, (error, bytes) => done(error, bytes ?? undefined)),
  );
  const url = fastifyPath(contracts.showForm.path);
  const count = { get: mounted.metrics.counterOf("GET", contracts.showForm.path), post: mounted.metrics.counterOf("POST", contracts.showForm.path) };
  app.addHook("onResponse", async (request, reply) => (request.method === "GET" ? count.get : count.post)(reply.statusCode, reply.elapsedTime));
  app.route({ method: "GET", url, handler: (request: Request, reply) => show(desk, request, reply) });
  app.route({ method: "POST", url, bodyLimit: MOST_BYTES, handler: (request: Request, reply) => submit(desk, request, reply) });
  app.route({ method: "OPTIONS", url, handler: (request: Request, reply) => preflight(desk, request, reply) });
}

async function show(desk: Desk, request: Request, reply: FastifyReply): Promise<FastifyReply> {
  const form = await desk.find(request.params.formKey);
  if (form === null)
    return sendPage(
      reply,
      404,
      wordsPage(NOWHERE, "There is no form here", "The address may have changed. Please look for the form on the website you came from."),
    );
  if (!form.body.active) return sendPage(reply, 200, closed(form));
  return sendPage(reply, 200, pageOf(desk, request, form, hiddenOf(request), []));
}

const NOWHERE = { language: "en", origins: [] };

function closed({ body }: PublicForm): Page {
  return wordsPage(body, body.title, "This form is closed and takes no more submissions.");
}

function pageOf(desk: Desk, request: Request, form: PublicForm, values: Values, errors: Parameters<typeof formPage>[0]["errors"]): Page {
  return formPage({ form: form.body, fields: form.config.fields, action: `/f/${request.params.formKey}`, stamp: desk.stamp(form), values, errors });
}

/** What the address says of where somebody came from, and the page before. */
function hiddenOf(request: Request): Values {
  const query = request.query as Readonly<Record<string, unknown>>;
  const { referer } = request.headers;
  const named = HIDDEN.flatMap((name): readonly (readonly [string, string])[] => {
    const value = query[name];
    return typeof value === "string" && value !== "" ? [[name, value.slice(0, 1000)]] : [];
  });
  return { ...(typeof referer === "string" ? { referrer: referer.slice(0, 1000) } : {}), ...Object.fromEntries(named) };
}

async function submit(desk: Desk, request: Request, reply: FastifyReply): Promise<FastifyReply> {
  const isPage = isFormPost(request);
  try {
    const form = await desk.find(request.params.formKey);
    if (form === null) throw notFound("form", "at this address");
    allowOrigin(form, request, reply);
    if (!form.body.active) throw new Problem(403, "form-closed", "This form is closed and takes no more submissions.");
    const done = await desk.submit(form, bodyOf(request, isPage), addressOf(request.ip));
    if (done.kind === "wrong") {
      if (isPage) return sendPage(reply, 422, pageOf(desk, request, form, done.values, done.errors));
      throw invalid(
        "The form is not filled in as it should be. Nothing was stored.",
        done.errors.map(({ key, message }) => ({ path: key, message })),
      );
    }
    if (!isPage)
      return reply
        .code(200)
        .headers(PLAIN)
        .send(JSON.stringify({ outcome: "received" }));
    const { redirect } = form.body;
    return redirect === null
      ? sendPage(reply, 200, thanksPage(form.body))
      : reply.code(303).header("location", redirect).header("cache-control", "no-store").send();
  } catch (error) {
    const problem = problemOf(error);
    if (!isPage || problem.type === "internal") throw error;
    if (problem.retryAfter !== null) reply.header("retry-after", String(problem.retryAfter));
    return sendPage(reply, problem.status, wordsPage(NOWHERE, "This was not sent", `${problem.message} Go back: what you wrote is still there.`));
  }
}

const PLAIN = { "content-type": "application/json; charset=utf-8", "cache-control": "no-store", "x-content-type-options": "nosniff" };

function isFormPost({ headers }: Request): boolean {
  return (headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
}

function bodyOf({ body }: Request, isPage: boolean): Readonly<Record<string, unknown>> {
  if (isPage) return Object.fromEntries(new URLSearchParams(Buffer.isBuffer(body) ? body.toString() : ""));
  const value = Buffer.isBuffer(body) ? parseJson(body) : body;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw invalid("The body is no object of values by field.", [{ path: "", message: "must be a JSON object" }]);
}

/**
 * Browsers name the page a submission comes from. Where the form names websites, only those (and this server) may send, and
 * their scripts may read the answer. @throws Problem 403
 */
function allowOrigin({ body, deps }: PublicForm, { headers, host }: Request, reply: FastifyReply): void {
  const { origin } = headers;
  reply.header("vary", "origin");
  if (origin === undefined) return;
  const allowed = body.origins.some((candidate) => candidate.toLowerCase() === origin.toLowerCase());
  if (allowed) reply.header("access-control-allow-origin", origin);
  else if (body.origins.length > 0 && !isOwn(origin, host, deps.gate.url()))
    throw new Problem(403, "forbidden", `This form does not take submissions from ${origin.slice(0, 200)}. Add the website to the form's origins.`);
}

function isOwn(origin: string, host: string | undefined, url: string): boolean {
  return URL.canParse(origin) && (new URL(origin).host === host || (URL.canParse(url) && new URL(url).origin === origin));
}

async function preflight(desk: Desk, request: Request, reply: FastifyReply): Promise<FastifyReply> {
  const form = await desk.find(request.params.formKey);
  if (form === null) {
    sendProblem(reply, notFound("form", "at this address"));
    return reply;
  }
  allowOrigin(form, request, reply);
  return reply
    .code(204)
    .headers({
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "content-type",
      "access-control-max-age": "600",
      "cache-control": "no-store",
    })
    .send();
}

/** One address counts once; of IPv6, where everybody has many, its network. */
function addressOf(ip: string): string {
  if (!ip.includes(":") || ip.includes(".")) return ip;
  return ip.split(":").slice(0, 4).join(":");
}

function sendPage(reply: FastifyReply, status: number, { html, headers }: Page): FastifyReply {
  return reply.code(status).headers(headers).send(html);
}
