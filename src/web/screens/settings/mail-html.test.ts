/** Reading the HTML of a mail for a screen. */
import { expect, test } from "vitest";
import { htmlDocument, readMarkup, toHtml } from "../../../core/mail/markup.ts";
import { readMailHtml } from "./mail-html.ts";

test("what the house writes comes out as it was meant", () => {
  const html = htmlDocument(toHtml(readMarkup('# Hello\n\n**Ada** & <b>"you"</b>\n\n- one\n- [two](https://example.com/?a=1&b=2)')));
  expect(readMailHtml(html)).toEqual([
    { element: "h2", children: ["Hello"] },
    { element: "p", children: [{ element: "strong", children: ["Ada"] }, ' & <b>"you"</b>'] },
    {
      element: "ul",
      children: [
        { element: "li", children: ["one"] },
        { element: "li", children: [{ element: "a", url: "https://example.com/?a=1&b=2", children: ["two"] }] },
      ],
    },
  ]);
});

test("what the house never writes is left out, and what was left open ends", () => {
  expect(readMailHtml("<p>a<img src=x onerror=alert(1)><script>b</script><em>c</p><p>d</p></ul>")).toEqual([
    { element: "p", children: ["a", "b", { element: "em", children: ["c"] }] },
    { element: "p", children: ["d"] },
  ]);
});
