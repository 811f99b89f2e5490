import { describe, expect, test } from "vitest";
import { DEFAULT_TEMPLATES } from "../../../core/mail/default-templates.ts";
import type { Problem } from "../../problems.ts";
import { writeOut } from "./render.ts";

const FIELDS = {
  lead: { firstName: null, lastName: "L", company: null, fields: { size: null } },
  owner: { name: null },
  sender: { name: "Grace" },
  workspace: { name: "W" },
  person: { name: null },
  link: "https://h.example/x_y?a=(1)&b=2",
  expires: "tomorrow",
  items: [{ title: "a*b", detail: null }],
  count: 1,
  more: 0,
  due: 2,
};
const body = (text: string) => writeOut({ subject: "s", body: text }, FIELDS, "Europe/Berlin");

function refusal(text: string): string {
  try {
    return `came out as ${body(text).text}`;
  } catch (error) {
    return (error as Problem).errors.map(({ path, message }) => `${path} ${message}`).join("; ");
  }
}

describe("merge fields", () => {
  test("are filled in, with a default for what is not known", () => {
    expect(body('Hello {{ lead.firstName | default: "there" }} {{ lead.lastName }}').text).toBe("Hello there L\n");
  });

  test.each([
    ["{{ lead.frstName }}", 'there is no merge field "lead.frstName"'],
    ["{{ lead.fields.colour }}", 'there is no merge field "lead.fields.colour"'],
    ["{{ lead.constructor }}", 'there is no merge field "lead.constructor"'],
    ["{{ lead.__proto__ }}", 'there is no merge field "lead.__proto__"'],
    ["{{ process.env }}", 'there is no merge field "process'],
    ["{{ lead.lastName | raw }}", 'there is no filter "raw"'],
    ["{{ lead.lastName | json }}", 'there is no filter "json"'],
    ["{% include '/etc/passwd' %}", 'there is no tag "include"'],
    ["{% render 'x' %}", 'there is no tag "render"'],
    ["{% layout 'x' %}", 'there is no tag "layout"'],
    ["{% raw %}x{% endraw %}", 'there is no tag "raw"'],
    ["{% liquid echo lead %}", 'there is no tag "liquid"'],
    ["{% for i in (1..999999999) %}x{% endfor %}", "takes too long or grows too large"],
    ["{% assign x = 'aaaaaaaa' %}{% for i in (1..40) %}{% assign x = x | append: x %}{% endfor %}{{ x }}", "takes too long or grows too large"],
    ["{% for i in (1..3000) %}{% for j in (1..3000) %}{% for k in (1..3000) %}{% endfor %}{% endfor %}{% endfor %}", "takes too long or grows too large"],
    ["{{ lead.lastName", "is not well formed"],
    ["{% if lead.lastName %}x", "is not well formed"],
  ])("%s is refused in words", (text, words) => {
    const began = performance.now();
    expect(refusal(text)).toContain(words);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  test("whose value is markup or a header's end stay plain", () => {
    const fields = { ...FIELDS, lead: { ...FIELDS.lead, firstName: "**x** [y](https://evil.example)\n\n# <b>{{ workspace.name }}</b>" } };
    const written = writeOut({ subject: "Hi {{ lead.firstName }}", body: "{{ lead.firstName }}" }, fields, "UTC");
    expect(written.subject).toBe("Hi **x** [y](https://evil.example) # <b>{{ workspace.name }}</b>");
    expect(written.html).toContain("**x** [y](https://evil.example)<br><br># &lt;b&gt;{{ workspace.name }}&lt;/b&gt;");
    expect(written.links).toEqual([]);
  });
});

test.each(DEFAULT_TEMPLATES.map((template) => [template.id, template] as const))("the house's own %s comes out", (_id, template) => {
  const written = writeOut(template, FIELDS, "UTC");
  expect(written.subject).not.toBe("");
  expect(written.text).not.toMatch(/\{\{|\{%|null|undefined/);
  if (template.use === "system") expect(written.links).toEqual([FIELDS.link]);
});
