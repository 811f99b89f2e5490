/** The domain under which a lead's company is known, as a conversion finds it. */
import { expect, test } from "vitest";
import { configWith, newStory, take } from "../testing/story.ts";

function domainOf(website: string | null, email = "ada@mail.example.com"): string | null | undefined {
  const story = newStory(configWith());
  take(story, { kind: "capture", patch: { email, company: "Example", ...(website === null ? {} : { website }) }, touches: [] });
  const reaction = take(story, { kind: "convert", form: {} });
  if (reaction.kind === "refused") throw new Error(JSON.stringify(reaction));
  return reaction.companies[0]?.domain;
}

const long = `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}`;

test.each([
  ["https://www.Example.org/about?x=1#y", "example.org"],
  ["example.org:8080/path", "example.org"],
  ["http://me:secret@shop.example.org/", "shop.example.org"],
  ["ftp://example.org", "example.org"],
  ["example.org.", "example.org"],
  ["www.de", "www.de"],
  ["www.münchen.example", "münchen.example"],
  [`${long}.${"d".repeat(61)}`, `${long}.${"d".repeat(61)}`],
])("the website %s is known by %s", (website, domain) => {
  expect(domainOf(website)).toBe(domain);
});

test.each([
  ["something in words", "we have none"],
  ["one name", "intranet"],
  ["an address of numbers", "http://192.168.1.10/"],
  ["a label of 64 characters", `https://${"a".repeat(64)}.example.org`],
  ["254 characters", `${long}.${"d".repeat(62)}`],
  ["2,000 characters", `https://${"a.".repeat(990)}example.org`],
  ["a script", "javascript:alert(1)//example"],
])("%s as a website says nothing: the e-mail address is asked", (_what, website) => {
  expect(domainOf(website)).toBe("mail.example.com");
  expect(domainOf(website, "ada@gmail.com")).toBeNull();
});
