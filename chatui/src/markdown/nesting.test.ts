/** What is nested deeper than anybody reads stays text, and does not take the page down with it. */
import { expect, test } from "vitest";
import { StreamingMarkdown } from "./blocks";
import { DEEPEST } from "./syntax";
import { assertAllowed, withRendered } from "./testing";

const DEEP = 3_000;

test.each([
  ["quotations", "> ".repeat(DEEP)],
  ["lists", "- ".repeat(DEEP)],
  ["numbered lists", "1. ".repeat(DEEP)],
  ["quotations of lists", "> - ".repeat(DEEP)],
  ["lists over lines", Array.from({ length: 300 }, (_, at) => `${"  ".repeat(at)}- x\n`).join("")],
  ["footnotes", `${"[^a]: ".repeat(DEEP)}x\n\n`],
  ["emphasis", `${"*".repeat(DEEP)}x${"*".repeat(DEEP)} `],
  ["emphasis of two kinds", `${"**_".repeat(300)}x${"_**".repeat(300)} `],
  ["brackets", "[".repeat(DEEP)],
])("%s in each other are shown, finished or not", (_, text) => {
  for (const done of [true, false]) {
    withRendered(`${text}end`, done, (place) => {
      expect(place.textContent).toContain("end");
      assertAllowed(place);
    });
  }
});

test("what is nested as deep as anybody writes it is what it is", () => {
  withRendered(`${"> ".repeat(DEEPEST - 2)}end`, true, (place) => {
    expect(place.querySelectorAll("blockquote")).toHaveLength(DEEPEST - 2);
    expect(place.textContent?.trim()).toBe("end");
  });
});

test.each(["__proto__", "constructor", "toString"])("a definition of %s holds while more comes", (name) => {
  const markdown = new StreamingMarkdown();
  const text = `[${name}]: https://example.org/\n\nOne.\n\nTwo.\n\nThree [it][${name}].\n\nFour.\n\n`;
  for (let end = 1; end <= text.length; end++) markdown.update(text.slice(0, end), false);
  const blocks = markdown.update(text, false);
  expect(JSON.stringify(blocks)).toContain('"href":"https://example.org/"');
});
