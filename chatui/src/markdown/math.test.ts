import { Lexer } from "marked";
import { expect, test } from "vitest";
import type { MathToken } from "./math";
import { MARKDOWN } from "./syntax";

function formulas(source: string): [string, boolean][] {
  const found: [string, boolean][] = [];
  const walk = (tokens: readonly { type: string; tokens?: unknown }[]): void => {
    for (const token of tokens) {
      if (token.type === "math") found.push([(token as MathToken).text, (token as MathToken).display]);
      if (Array.isArray(token.tokens)) walk(token.tokens);
    }
  };
  walk(new Lexer(MARKDOWN).lex(source));
  return found;
}

test("formulas in a line", () => {
  expect(formulas("With $a_1$ and \\(b^2\\), but **$c$** too.")).toEqual([
    ["a_1", false],
    ["b^2", false],
    ["c", false],
  ]);
});

test("formulas by themselves", () => {
  expect(formulas("$$\nx = y\n$$\n\nText\n\\[\na\n\\]\nMore $$z$$ here")).toEqual([
    ["x = y", true],
    ["a", true],
    ["z", true],
  ]);
});

test.each([
  "It costs $5 or $10.",
  "$5",
  "a $ b $ c",
  "`$x$`",
  "```\n$$x$$\n```",
  "\\$x\\$",
  "$$",
  "from $1,000 to $2,000",
])("%j has no formula in it", (source) => {
  expect(formulas(source)).toEqual([]);
});
