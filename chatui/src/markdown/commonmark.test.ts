/** The examples of the CommonMark specification, as a model may write them, and half of each. */
import { tests as written } from "commonmark-spec";
import { describe, expect, test } from "vitest";
import { assertAllowed, withRendered } from "./testing";

/** The specification writes tabs as arrows. */
const tests = written.map((one) => ({
  ...one,
  markdown: one.markdown.replaceAll("→", "\t"),
  html: one.html.replaceAll("→", "\t"),
}));
const sections = new Map<string, typeof tests>();
for (const one of tests) sections.set(one.section, [...(sections.get(one.section) ?? []), one]);

test("all examples are there", () => {
  expect(tests.length).toBeGreaterThan(600);
});

describe.each([...sections])("%s", (_, examples) => {
  test("nothing is made that the page's policy or our own forbids, whole or half-typed", () => {
    for (const { markdown } of examples) {
      withRendered(markdown, true, assertAllowed);
      for (let end = 1; end < markdown.length; end += 4) {
        withRendered(markdown.slice(0, end), false, assertAllowed);
      }
    }
  }, 60_000);
});

/** Sections whose words are others on purpose: written HTML is shown as text, and an image is a link. */
const OTHERWISE = new Set(["HTML blocks", "Raw HTML", "Images"]);
/** Examples whose words are others on purpose. */
const EXCEPTIONS = new Map([
  [12, "a backslash before brackets begins a formula"],
  [25, "only the character references that people use are known: all of them would be 30 KB of script"],
]);
/** HTML that went through as it was: here it is shown as text. */
const passesHtml = (markdown: string, html: string): boolean =>
  (markdown.match(/<[^>]*>/g) ?? []).some((tag) => html.includes(tag));
const asRead = (text: string): string => text.replace(/\s+/g, "");

/** The words that a reader of an example's HTML sees. */
function wordsOf(html: string): string {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return asRead(parsed.body.textContent ?? "");
}

describe.each([...sections].filter(([section]) => !OTHERWISE.has(section)))("%s", (_, examples) => {
  test("the words are those of the specification", () => {
    const wrong: unknown[] = [];
    for (const { markdown, html, number } of examples) {
      if (EXCEPTIONS.has(number) || passesHtml(markdown, html) || html.includes("<img")) continue;
      withRendered(markdown, true, (place) => {
        // What is ours: the host after a link, and the title bar of code.
        for (const own of place.querySelectorAll(".host, figcaption")) own.remove();
        const words = asRead(place.textContent ?? "");
        if (words !== wordsOf(html)) wrong.push({ number, markdown, words, expected: wordsOf(html) });
      });
    }
    expect(wrong).toEqual([]);
  });
});
