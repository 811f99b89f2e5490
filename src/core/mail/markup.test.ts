import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isSafeUrl, linksOf, plain, readMarkup, toHtml, toText, trackedHtml } from "./markup.ts";

const html = (text: string) => toHtml(readMarkup(text));
const text = (text: string) => toText(readMarkup(text));

describe("mail bodies", () => {
  test("have paragraphs, lines, headings, lists, bold, italic and links", () => {
    const body = "# Hello\n\nOne **bold** and *soft*\nline\n\n- a\n- [b](https://example.com/?a=1&b=2)\n\nsee https://example.com/x.";
    expect(html(body).replaceAll(/ style="[^"]*"/g, "")).toBe(
      '<h2>Hello</h2>\n<p>One <strong>bold</strong> and <em>soft</em><br>line</p>\n<ul><li>a</li><li><a href="https://example.com/?a=1&amp;b=2">b</a></li></ul>\n<p>see <a href="https://example.com/x">https://example.com/x</a>.</p>',
    );
    expect(text(body)).toBe("Hello\n\nOne bold and soft\nline\n\n- a\n- b (https://example.com/?a=1&b=2)\n\nsee https://example.com/x.");
  });

  test.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "//example.com",
    "https://",
    "http://a b",
    'https://a/"onclick=x',
    "vbscript:x",
    "https://a/\u0000",
    "mailto:x",
  ])("hold no link to %s", (url) => {
    expect(isSafeUrl(url)).toBe(false);
    expect(html(`[x](${url})`)).not.toContain("<a");
  });

  test("say any value as it is, whatever it looks like", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (value) => {
        const lines = value.replaceAll(/\r\n?/g, "\n");
        expect(text(`x${plain(value)}y`)).toBe(`x${lines}y`);
        expect(html(`x${plain(value)}y`).replaceAll(/<\/?p[^>]*>|<br>/g, "")).not.toMatch(/</);
      }),
      { numRuns: 500 },
    );
  });

  test("become no tag that this does not know", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("**", "*", "[", "](", ")", "https://a.example", "<b>", '"', "\\", "\n", "- ", "# ", "x", " "), { maxLength: 40 }),
        (parts) => {
          const tags = [...html(parts.join("")).matchAll(/<(\/?[a-z0-9]+)/g)].map(([, tag]) => tag);
          expect(tags.filter((tag) => !/^\/?(?:p|br|strong|em|a|ul|li|h2)$/.test(tag as string))).toEqual([]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test.each(["*", "**", "[", "[x](", "\\", "- ", "https://", "*a ", "[a]("])("are read in time in proportion, though full of %s", (piece) => {
    const began = performance.now();
    html(piece.repeat(50_000 / piece.length));
    expect(performance.now() - began).toBeLessThan(1000);
  });
});

test("a tracked mail leads each web link over the house, and nothing else", () => {
  const blocks = readMarkup("[a](https://one.example/?x=1&y=2) [m](mailto:a@b.example) **[b](https://two.example)** https://one.example/?x=1&y=2");
  const links = linksOf(blocks);
  const led = trackedHtml(`<body>${toHtml(blocks)}</body>`, links, (i) => `https://h.example/m/${i}`, "https://h.example/m/p");
  expect([...led.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
    "https://h.example/m/0",
    "mailto:a@b.example",
    "https://h.example/m/2",
    "https://h.example/m/3",
  ]);
  expect([0, 2, 3].map((i) => links[i])).toEqual(["https://one.example/?x=1&y=2", "https://two.example", "https://one.example/?x=1&y=2"]);
  expect(led).toContain('<img src="https://h.example/m/p"');
});
