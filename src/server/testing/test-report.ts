import path from "node:path";

/** Counting a vitest report, strictly: what did not run has not passed. */
export type Counted = { readonly passed: number; readonly failures: readonly string[] };

export type VitestReport = {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
};

/** A skip somebody has answered for. `test` is how the names begin (all of the file without it). */
export type AllowedSkip = { readonly file: string; readonly when?: "root" | "user" | "not linux"; readonly test?: string; readonly reason: string };

export type Machine = { readonly root: boolean; readonly linux: boolean };

const THIS: Machine = { root: process.getuid?.() === 0, linux: process.platform === "linux" };

/** Passed tests, and in words whatever failed, was skipped without a reason, or did not load. `code` is how vitest ended. */
export function countTests(
  report: VitestReport,
  code: number | string | null,
  root: string,
  allowed: readonly AllowedSkip[],
  machine: Machine = THIS,
): Counted {
  let passed = 0;
  const failures: string[] = [];
  for (const result of report.testResults) {
    const file = path.relative(root, result.name);
    if (result.status === "failed" && !result.assertionResults.some((test) => test.status === "failed"))
      failures.push(`${file} did not load or failed outside of its tests`);
    for (const test of result.assertionResults) {
      if (test.status === "passed") passed++;
      else if (test.status === "failed") failures.push(`${file}: ${test.fullName}`);
      else if (!allowed.some((skip) => isCovered(skip, file, test.fullName, machine)))
        failures.push(`${file}: ${test.fullName} (${test.status} without a reason in allowed-skips.json)`);
    }
  }
  if (report.testResults.length === 0) failures.push("no test file was found");
  if (code !== 0 && failures.length === 0) failures.push(`vitest ended with ${code} although no test failed: an error outside of the tests stands above`);
  return { passed, failures };
}

function isCovered(skip: AllowedSkip, file: string, name: string, machine: Machine): boolean {
  const holds = skip.when === undefined || (skip.when === "root" ? machine.root : skip.when === "user" ? !machine.root : !machine.linux);
  return holds && skip.file === file && name.trim().startsWith(skip.test ?? "");
}
