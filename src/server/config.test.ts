import { expect, test } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

test("nothing given means a private server on port 3000 with its data beside the project", () => {
  expect(readConfig({}, "/srv/baton")).toEqual({
    port: 3000,
    host: "127.0.0.1",
    data: { dir: "/srv/baton/data", named: false },
    databaseUrl: null,
    databaseOwnerUrl: null,
    publicUrl: null,
    trustProxy: false,
    secret: null,
    smtpUrl: null,
    logLevel: "info",
  });
});

test("an empty variable counts as not given", () => {
  expect(readConfig({ PORT: "", SMTP_URL: " ", BATON_DATA: "" }, "/srv").data.named).toBe(false);
});

test("every mistake is told at once, with what was expected", () => {
  const mistakes = (() => {
    try {
      readConfig({
        PORT: "http",
        HOST: "a b",
        DATABASE_URL: "mysql://x",
        BATON_URL: "baton.example.com",
        SMTP_URL: "mail",
        TRUST_PROXY: "maybe",
        LOG_LEVEL: "loud",
      });
      return [];
    } catch (error) {
      return error instanceof ConfigError ? error.mistakes : [];
    }
  })();
  expect(mistakes).toHaveLength(7);
  expect(mistakes.join("\n")).toMatch(/PORT is "http": expected a port number/);
  expect(mistakes.join("\n")).toMatch(/BATON_URL is "baton.example.com": expected an address such as https:\/\/baton.example.com/);
  expect(mistakes.join("\n")).toMatch(/LOG_LEVEL is "loud": expected fatal, error/);
});

test("a password in an address does not get into the message", () => {
  expect(() => readConfig({ DATABASE_URL: "mysql://root:hunter2@db/x" })).toThrow(/^(?!.*hunter2)/s);
});

test("a port beyond the last one is refused, and zero means any free one", () => {
  expect(() => readConfig({ PORT: "65536" })).toThrow(/PORT/);
  expect(readConfig({ PORT: "0" }).port).toBe(0);
});

test("an owner's address alone is a mistake, a missing one is the same as the app's", () => {
  expect(() => readConfig({ DATABASE_OWNER_URL: "postgres://o@h/d" })).toThrow(/without DATABASE_URL/);
  expect(readConfig({ DATABASE_URL: "postgres://u@h/d" }).databaseOwnerUrl).toBe("postgres://u@h/d");
});

test("trust in proxies is yes, no, a count or addresses", () => {
  expect(["true", "false", "1", "10.0.0.0/8, 127.0.0.1"].map((text) => readConfig({ TRUST_PROXY: text }).trustProxy)).toEqual([
    true,
    false,
    1,
    "10.0.0.0/8, 127.0.0.1",
  ]);
});

test("the public address has no slash at its end, and a data folder is made absolute", () => {
  const config = readConfig({ BATON_URL: "https://b.example/", BATON_DATA: "here" }, "/srv");
  expect([config.publicUrl, config.data]).toEqual(["https://b.example", { dir: "/srv/here", named: true }]);
});

test("a secret is long, and its text stays out of the message", () => {
  expect(() => readConfig({ BATON_SECRET: "hunter2" })).toThrow(/^(?!.*hunter2).*BATON_SECRET.*at least 32 characters/s);
  expect(readConfig({ BATON_SECRET: "s".repeat(32) }).secret).toBe("s".repeat(32));
});
