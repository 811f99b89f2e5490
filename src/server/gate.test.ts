/** The key of the house: made once, kept from others, and needed to read what was sealed. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { createGate, KEY_FILE } from "./gate.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "baton-gate-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the key is made when it is first needed, for its owner's eyes alone, and is the same from then on", () => {
  const [one, two] = [createGate({ dataDir: folder }), createGate({ dataDir: folder })];
  expect(() => statSync(path.join(folder, KEY_FILE))).toThrow();
  const sealed = one.seal("letters", "dear Ada");
  expect(statSync(path.join(folder, KEY_FILE)).mode & 0o777).toBe(0o600);
  expect(two.unseal("letters", sealed)).toBe("dear Ada");
  expect(two.sign("x", "y")).toBe(one.sign("x", "y"));
});

test("what is sealed tells nothing, differs each time, and opens for its purpose only, unchanged only", () => {
  const gate = createGate({ dataDir: null });
  const sealed = gate.seal("letters", "dear Ada");
  expect(gate.seal("letters", "dear Ada")).not.toBe(sealed);
  expect(Buffer.from(sealed, "base64url").toString("latin1")).not.toContain("Ada");
  expect([
    gate.unseal("bills", sealed),
    gate.unseal("letters", `${sealed.slice(0, -2)}AA`),
    gate.unseal("letters", ""),
    gate.unseal("letters", "nonsense"),
  ]).toEqual([null, null, null, null]);
  expect(createGate({ dataDir: null }).unseal("letters", sealed), "another house").toBeNull();
});

test("servers that share a secret read each other's, wherever their folders are", () => {
  const secret = "the same on every server, thirty-two characters or more";
  const [one, two] = [createGate({ dataDir: "/nowhere", secret }), createGate({ dataDir: null, secret })];
  expect(two.unseal("letters", one.seal("letters", "dear Ada"))).toBe("dear Ada");
});

test("a key file that is none is not replaced: what was sealed with it would be lost", () => {
  const file = path.join(folder, KEY_FILE);
  writeFileSync(file, "oops");
  expect(() => createGate({ dataDir: folder }).sign("x", "y")).toThrow("64 hexadecimal digits");
  expect(readFileSync(file, "utf8")).toBe("oops");
});
