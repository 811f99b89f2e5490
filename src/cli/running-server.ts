/** A command beside a running server asks it over its control socket, and hears of the progress line by line. */
import http from "node:http";
import type { OperatorRequest, Progress } from "../server/features/operator/operator.service.ts";
import { Problem, type ProblemError } from "../server/problems.ts";
import { controlSocketPath } from "../server/store/control-socket-path.ts";

type Line = {
  readonly progress?: Progress;
  readonly result?: object;
  readonly problem?: { readonly status: number; readonly detail: string; readonly errors: readonly ProblemError[] };
};

/** @throws Problem as the server told it, or in words why it cannot be asked */
export function askServer(dataDir: string, request: OperatorRequest, onProgress: (progress: Progress) => void): Promise<object> {
  return new Promise((resolve, reject) => {
    const lost = (why: string): void =>
      reject(
        new Problem(503, "unavailable", `The running server ${why}. What it had begun, such as an import, it finishes by itself or when it starts again.`),
      );
    const socketPath = controlSocketPath(dataDir);
    const call = http.request({ socketPath, path: "/operator/run", method: "POST", headers: { "content-type": "application/json" } }, (response) => {
      let text = "";
      let answered = false;
      const take = (line: string): void => {
        if (line.trim() === "") return;
        const { progress, result, problem } = JSON.parse(line) as Line & { readonly detail?: string };
        if (progress !== undefined) onProgress(progress);
        answered ||= result !== undefined || problem !== undefined;
        if (result !== undefined) resolve(result);
        if (problem !== undefined) reject(new Problem(problem.status, "refused", problem.detail, problem.errors));
      };
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        text += piece;
        if (response.statusCode !== 200) return;
        const lines = text.split("\n");
        text = lines.pop() ?? "";
        for (const line of lines) take(line);
      });
      response.on("end", () => {
        if (response.statusCode !== 200) reject(refusalOf(response.statusCode ?? 0, text));
        else if (!answered) lost("ended before it had answered");
      });
      response.on("error", () => lost("broke off"));
    });
    call.on("error", (error) => lost(`cannot be reached over ${socketPath} (${error.message})`));
    call.end(JSON.stringify(request));
  });
}

function refusalOf(status: number, body: string): Problem {
  try {
    const { detail, errors } = JSON.parse(body) as { detail?: string; errors?: readonly ProblemError[] };
    return new Problem(status, "refused", detail ?? `The running server answered ${status}.`, errors ?? []);
  } catch {
    return new Problem(status, "refused", `The running server answered ${status}. Are command and server of the same version?`);
  }
}
