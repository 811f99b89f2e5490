import { describe, expect, test } from "vitest";
import { emailKey, type IdentityKey, identify, isE164, isEmail, keysOf, type Known } from "./identity.ts";
import { normalizePhone } from "./phone.ts";

/** A workspace that knows some identities: "kind:value" → lead. */
function knowing(identities: Readonly<Record<string, string>>): Known {
  return {
    leadOf: ({ kind, value }) => identities[`${kind}:${value}`],
    emailsOf: (leadId) => Object.keys(identities).flatMap((key) => (key.startsWith("email:") && identities[key] === leadId ? [key.slice(6)] : [])),
  };
}

const ALL = keysOf({ externalId: "X-1", email: "a@example.com", phone: "+4930901820", visitor: "v-1" });

function claimed(keys: readonly IdentityKey[]): readonly string[] {
  return keys.map((key) => key.kind);
}

describe("who an input is about", () => {
  test("external id wins over e-mail, e-mail over phone, phone over visitor; the others are noted as contested", () => {
    const four = { "external:X-1": "L1", "email:a@example.com": "L2", "phone:+4930901820": "L3", "visitor:v-1": "L4" };
    expect(identify(ALL, knowing(four))).toEqual({
      leadId: "L1",
      claims: [],
      contested: [
        { kind: "email", value: "a@example.com", leadId: "L2" },
        { kind: "phone", value: "+4930901820", leadId: "L3" },
        { kind: "visitor", value: "v-1", leadId: "L4" },
      ],
    });
    expect(identify(ALL.slice(1), knowing(four)).leadId).toBe("L2");
    expect(identify(ALL.slice(2), knowing(four)).leadId).toBe("L3");
    expect(identify(ALL.slice(3), knowing(four)).leadId).toBe("L4");
  });

  test("what nobody has becomes the lead's own", () => {
    const found = identify(ALL, knowing({ "email:a@example.com": "L2" }));
    expect(found.leadId).toBe("L2");
    expect(claimed(found.claims)).toEqual(["external", "phone", "visitor"]);
    expect(found.contested).toEqual([]);
  });

  test("nobody known makes a new lead that claims everything", () => {
    const found = identify(ALL, knowing({}));
    expect(found.leadId).toBeNull();
    expect(claimed(found.claims)).toEqual(["external", "email", "phone", "visitor"]);
  });

  test.each(["phone", "visitor"])("a %s joins only where the e-mails do not differ", (kind) => {
    const key = ALL.find((candidate) => candidate.kind === kind) as IdentityKey;
    const asked = [{ kind: "email", value: "a@example.com" } as const, key];
    const known = `${kind}:${key.value}`;
    expect(identify(asked, knowing({ [known]: "L3" })).leadId).toBe("L3");
    const other = identify(asked, knowing({ [known]: "L3", "email:b@example.com": "L3" }));
    expect(other).toEqual({ leadId: null, claims: [asked[0]], contested: [{ kind, value: key.value, leadId: "L3" }] });
    expect(identify([key], knowing({ [known]: "L3", "email:b@example.com": "L3" })).leadId).toBe("L3");
  });

  test("a restricted search finds by its kind only, and asks all where the input has none of that kind", () => {
    const known = knowing({ "email:a@example.com": "L2", "external:X-9": "L9" });
    expect(identify(ALL, known, "external").leadId).toBeNull();
    expect(identify(ALL.slice(1), known, "external").leadId).toBe("L2");
  });

  test("a phone that is not in international form identifies nobody", () => {
    expect(keysOf({ phone: "030 901820" })).toEqual([]);
    expect(isE164("+4930901820")).toBe(true);
    expect(isE164("+0930901820")).toBe(false);
  });
});

describe("e-mail addresses", () => {
  test.each([
    ["Ada+news@Example.COM", "ada@example.com"],
    ["a.d.a+x@gmail.com", "ada@gmail.com"],
    ["ada@googlemail.com", "ada@gmail.com"],
    ["a.d.a@example.com", "a.d.a@example.com"],
    ["+only@example.com", "+only@example.com"],
  ])("%s is known as %s", (email, key) => expect(emailKey(email)).toBe(key));

  test("the form that is known is its own form", () => {
    for (const email of ["a+b+c@x.de", "+@x.de", "...@gmail.com", "ÄÖ@müller.de", '"a b"@x.de']) expect(emailKey(emailKey(email))).toBe(emailKey(email));
  });

  test.each([
    "ada@example.com",
    "a.b-c_d@sub.example.co.uk",
    "o'neil@example.ie",
    "a+b@x.io",
    "müller@bücher.de",
    "用户@例子.公司",
    "उपयोगकर्ता@उदाहरण.कॉम",
    "jose\u0301@example.com",
    '"much.more unusual"@example.com',
    `${"a".repeat(64)}@example.com`,
    "1@2.de",
    "a@xn--bcher-kva.de",
    "δοκιμή@παράδειγμα.δοκιμή",
  ])("%s is an address", (email) => expect(isEmail(email)).toBe(true));

  test.each([
    "",
    "a",
    "@example.com",
    "ada@",
    "ada@example",
    "ada@@example.com",
    "a b@example.com",
    ".a@example.com",
    "a.@example.com",
    "a..b@example.com",
    "a@.example.com",
    "a@example..com",
    "a@example.com.",
    "a@-example.com",
    "a@example-.com",
    "a@1.2.3.4",
    "a@[127.0.0.1]",
    "a@exa mple.com",
    "a\n@example.com",
    "a@example.com\u0000",
    "a@b@example.com",
    `${"a".repeat(65)}@example.com`,
    `a@${"b".repeat(64)}.com`,
    `a@${"bcd.".repeat(80)}com`,
    "Ada <ada@example.com>",
    "\ud800@example.com",
    "a,b@example.com",
  ])("%j is not", (email) => expect(isEmail(email)).toBe(false));
});

describe("phone numbers", () => {
  test.each([
    ["+49 30 901820", null, "+4930901820"],
    ["0049 30 901820", "DE", "+4930901820"],
    ["030 / 90 18 20", "DE", "+4930901820"],
    ["(415) 555-2671", "US", "+14155552671"],
    ["+1 (415) 555-2671", null, "+14155552671"],
    [" ask at the desk ", "DE", "ask at the desk"],
    ["030 901820", null, "030 901820"],
    ["", "DE", ""],
    ["030 901820", "ZZ", "030 901820"],
  ])("%j in %s is %j", (text, country, phone) => expect(normalizePhone(text, country)).toBe(phone));
});
