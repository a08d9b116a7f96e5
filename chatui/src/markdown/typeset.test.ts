import { expect, test } from "vitest";
import { typeset } from "./typeset";

const nested = (open: string, count: number): string => `${open.repeat(count)}x${"}".repeat(count)}`;

test.each([
  ["fractions", nested("\\frac{1}{", 80)],
  ["exponents", nested("x^{", 150)],
  ["roots", nested("\\sqrt{", 80)],
  [
    "roots that macros make",
    String.raw`\def\a#1{\sqrt{\sqrt{\sqrt{#1}}}}\def\b#1{\a{\a{\a{#1}}}}\def\c#1{\b{\b{\b{#1}}}}\c{\c{\c{x}}}`,
  ],
])("%s that are deeper in each other than the limit are not set", (_, text) => {
  const into = document.createElement("span");
  expect(() => typeset(text, true, into)).toThrow(RangeError);
  expect(into.children).toHaveLength(0);
});

test.each([
  ["fractions", nested("\\frac{1}{", 40)],
  ["exponents", nested("x^{", 40)],
])("%s as deep as anybody writes them are set", (_, text) => {
  const into = document.createElement("span");
  typeset(text, true, into);
  expect(into.querySelector("annotation")?.textContent).toBe(text);
});

// What the page's policy refuses can be seen in a browser only: there `browser/hostile.test.ts` looks on.
test("the width of an arrow over a letter is set, and nothing of how", () => {
  const into = document.createElement("span");
  typeset(String.raw`\vec{x}`, false, into);
  expect(into.querySelector("svg")?.style.width).toBe("0.471em");
  expect(into.querySelector("[data-style]")).toBeNull();
});
