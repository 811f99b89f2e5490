/** The one content type there is: teaches Fastify to read JSON our way and to refuse everything else. */
import type { FastifyInstance } from "fastify";
import { Problem } from "../problems.ts";
import { parseJson, readBytes } from "./body.ts";

const ONE_MB = 1 << 20;

export function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", (request, source, done) => {
    const encoding = request.headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity") return done(new Problem(415, "unsupported-media-type", "Send the body uncompressed."));
    readBytes(source, request.routeOptions.bodyLimit || ONE_MB, (error, bytes) => {
      if (error !== null || bytes === null) return done(error);
      try {
        done(null, parseJson(bytes));
      } catch (problem) {
        done(problem as Error);
      }
    });
  });
}
