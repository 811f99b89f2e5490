/** The house itself: is it well, what is it, and how is it used. Open to everybody who reaches the port; nothing personal is in them. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";

export const healthz = endpoint({
  id: "healthz",
  method: "GET",
  path: "/healthz",
  tag: "House",
  summary: "Is the process alive",
  scope: null,
  access: null,
  replies: { 200: { description: "Alive.", body: z.strictObject({ status: z.literal("ok"), version: z.string(), commit: z.string().nullable() }) } },
});

export const readyz = endpoint({
  id: "readyz",
  method: "GET",
  path: "/readyz",
  tag: "House",
  summary: "Can it work",
  description: "Ready when the database answers and its migrations are the ones this Baton knows.",
  scope: null,
  access: null,
  replies: {
    200: { description: "Ready.", body: z.strictObject({ status: z.literal("ready"), database: z.literal("ok"), migrations: z.literal("current") }) },
  },
  problems: [503],
});

export const metrics = endpoint({
  id: "metrics",
  method: "GET",
  path: "/metrics",
  tag: "House",
  summary: "Metrics in Prometheus' text format",
  scope: null,
  access: null,
  produces: "text/plain",
  replies: { 200: { description: "The metrics.", body: z.string() } },
});

export const openapi = endpoint({
  id: "openapi",
  method: "GET",
  path: "/openapi.json",
  tag: "House",
  summary: "This document",
  scope: null,
  access: null,
  replies: { 200: { description: "OpenAPI 3.1.", body: z.looseObject({ openapi: z.string() }) } },
});

export const docs = endpoint({
  id: "docs",
  method: "GET",
  path: "/docs",
  tag: "House",
  summary: "The reference as a page",
  scope: null,
  access: null,
  produces: "text/html",
  replies: { 200: { description: "A page that works offline.", body: z.string() } },
});

export const home = endpoint({
  id: "home",
  method: "GET",
  path: "/",
  tag: "House",
  summary: "What is running here",
  scope: null,
  access: null,
  produces: "text/html",
  replies: { 200: { description: "A page.", body: z.string() } },
});
