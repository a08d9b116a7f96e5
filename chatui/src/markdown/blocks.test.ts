import { Lexer, type Token } from "marked";
import { describe, expect, test } from "vitest";
import { answerTo } from "../../dev/answers.mjs";
import { type Block, closeSyntax, StreamingMarkdown } from "./blocks";
import { MARKDOWN } from "./syntax";

const LONG = answerTo("[long]").text;
const DOCUMENTS = [
  LONG,
  "One **bold** and *soft* and `code` and ~~gone~~ line.\n\nA second with [a link](https://example.org/x) in it.",
  "# Title\n\n## Under it\n\ntext\n\n---\n\n1. one\n2. two\n   - inner\n   - inner two\n3. three\n\nEnd.",
  "> quoted **strong**\n> more\n>\n> - list\n\nAfter.",
  "Before\n\n~~~ts\nconst a = `x`;\n```\n~~~\n\nAfter",
  "````md\n```js\n1\n```\n````\n",
  "| a | b |\n| - | - |\n| 1 | `2` |\n| 3 | **4** |\n\nAfter the table.",
  "Euler: $e^{i\\pi} + 1 = 0$ and \\(a_1 + b_2\\).\n\n$$\n\\int_0^1 x\\,dx\n$$\n\nIt costs $5 or $10.\n\n\\[ x^2 \\]\n\nEnd.",
  "So[^1] it is[^two].\n\n- a[^1]\n\n[^1]: Because **of**\n    this.\n\n    And that.\n[^two]: x\n\nEnd.",
  "- [ ] open\n- [x] done\n\nText with emoji 👋🏽 and 漢字 and عربي.\n\n```\nplain\n```\n",
];

/** All kinds of things that a person would see. */
function kinds(tokens: readonly Token[], into = new Set<string>()): Set<string> {
  for (const token of tokens) {
    if (token.type !== "space" && token.type !== "text" && token.type !== "escape") into.add(token.type);
    if ("tokens" in token && token.tokens) kinds(token.tokens, into);
    if (token.type === "list") for (const item of token.items) kinds(item.tokens, into);
    if (token.type === "table") {
      for (const cell of [...token.header, ...token.rows.flat()]) kinds(cell.tokens, into);
    }
  }
  return into;
}

const tokensOf = (blocks: readonly Block[]): Token[] => blocks.map(({ token }) => token);
const whole = (source: string): Token[] =>
  new Lexer(MARKDOWN).lex(source).filter(({ type }) => type !== "space" && type !== "def");

/** The text in pieces of one to a few characters. */
function* pieces(source: string, length: number): Generator<string> {
  for (let end = length; end < source.length; end += length) yield source.slice(0, end);
  yield source;
}

describe.each(DOCUMENTS)("%j", (source) => {
  test.each([1, 3, 17])("in pieces of %i it ends as the whole", (length) => {
    const markdown = new StreamingMarkdown();
    for (const soFar of pieces(source, length)) markdown.update(soFar, false);
    expect(tokensOf(markdown.update(source, true))).toEqual(whole(source));
  });

  test("nothing is shown on the way that the whole has not", () => {
    const allowed = kinds(whole(source));
    allowed.add("paragraph");
    const markdown = new StreamingMarkdown();
    for (const soFar of pieces(source, 1)) {
      const seen = [...kinds(tokensOf(markdown.update(soFar, false)))].filter((kind) => !allowed.has(kind));
      expect(seen, JSON.stringify(soFar.slice(-30))).toEqual([]);
    }
  });

  test("a block that is finished is the same object until the end", () => {
    const markdown = new StreamingMarkdown();
    let before: readonly Block[] = [];
    for (const soFar of pieces(source, 5)) {
      const now = markdown.update(soFar, false);
      const kept = before.slice(0, Math.min(before.length, now.length) - 1);
      for (const [at, block] of kept.entries()) {
        // All but the last of both are frozen once they were followed by another.
        if (at < now.length - 1 && at < before.length - 2) expect(now[at]).toBe(block);
      }
      before = now;
    }
  });
});

const SENTENCE = "The quick *brown* fox jumps over the **lazy** dog and `returns` home. ";
test.each([
  ["paragraphs", (count: number) => `${SENTENCE}\n\n`.repeat(count)],
  ["a paragraph", (count: number) => SENTENCE.repeat(count)],
  ["a paragraph of many lines", (count: number) => `${SENTENCE}\n`.repeat(count)],
  ["a paragraph under a list", (count: number) => `- one\n- two\n\n${SENTENCE.repeat(count)}`],
  ["a list", (count: number) => `- ${SENTENCE}\n`.repeat(count)],
  ["a list with blank lines", (count: number) => `- ${SENTENCE}\n\n`.repeat(count)],
  ["a list with lists in it", (count: number) => `1. ${SENTENCE}\n   - inner\n`.repeat(count)],
  ["a table", (count: number) => `| a |\n| - |\n${`| ${SENTENCE} |\n`.repeat(count)}`],
  ["code", (count: number) => `\`\`\`js\n${`${SENTENCE}\n`.repeat(count)}`],
])("the work per piece does not grow with the answer: %s", (_, make) => {
  const perPiece = (count: number): number => {
    const source = make(count);
    const markdown = new StreamingMarkdown();
    let updates = 0;
    for (const soFar of pieces(source, 8)) {
      markdown.update(soFar, false);
      updates++;
    }
    markdown.update(source, true);
    return markdown.charactersRead / updates;
  };
  expect(perPiece(400)).toBeLessThan(perPiece(40) * 1.2);
});

test.each([
  ["a list in an item", (count: number) => `- one\n${`  - ${SENTENCE}\n`.repeat(count)}`],
  ["a quotation", (count: number) => `> ${SENTENCE}\n`.repeat(count)],
  ["a bracket that nothing closes", (count: number) => `One [ two ${SENTENCE.repeat(count)}`],
])(
  "what can't be put away is read less often the longer it is: %s",
  (_, make) => {
    const source = make(400);
    const markdown = new StreamingMarkdown();
    for (const soFar of pieces(source, 100)) markdown.update(soFar, false);
    // Read with each piece it would be half of all characters each time, and that twice.
    expect(markdown.charactersRead / (source.length / 100)).toBeLessThan(source.length / 2);
  },
  30_000,
);

test("an open code block shows its text without a half-typed fence", () => {
  const markdown = new StreamingMarkdown();
  const [block] = markdown.update("```js\nlet a = 1;\n``", false);
  expect(block).toMatchObject({ open: true, token: { lang: "js", text: "let a = 1;\n" } });
  const [closed] = markdown.update("```js\nlet a = 1;\n```\n", false);
  expect(closed).toMatchObject({ open: false, token: { text: "let a = 1;" } });
});

test.each(["```mermaid", "~~~mermaid", "  ````js"])(
  "code that begins with %s is open from there on",
  (fence) => {
    const source = `Before.\n\n${fence}\ngraph TD\n${fence.trim().replace(/\w+/, "")}\n`;
    const markdown = new StreamingMarkdown();
    for (let end = source.indexOf(fence) + fence.length; end < source.length - 1; end++) {
      const block = markdown.update(source.slice(0, end), false).at(-1);
      if (block?.token.type === "code" && !block.open) {
        expect(source.slice(end).trim()).toBe("");
      }
    }
    expect(markdown.update(source, true).at(-1)).toMatchObject({ open: false, token: { text: "graph TD" } });
  },
);

test("a half-typed link is text, a whole one is a link", () => {
  const markdown = new StreamingMarkdown();
  expect([...kinds(tokensOf(markdown.update("See [the docs](https://exa", false)))]).toEqual(["paragraph"]);
  expect(kinds(tokensOf(markdown.update("See [the docs](https://example.org)", false)))).toContain("link");
});

test("a definition at the end makes its link at the beginning", () => {
  const source = "See [docs].\n\nMore.\n\n[docs]: https://example.org\n";
  const markdown = new StreamingMarkdown();
  for (const soFar of pieces(source, 4)) markdown.update(soFar, false);
  expect(kinds(tokensOf(markdown.update(source, true)))).toContain("link");
});

test("a text that starts over is read from its beginning", () => {
  const markdown = new StreamingMarkdown();
  markdown.update("# One\n\nTwo\n\nThree", false);
  expect(tokensOf(markdown.update("Fresh", false))).toMatchObject([{ type: "paragraph", raw: "Fresh" }]);
});

test("an answer that broke off has its half-typed syntax closed", () => {
  const blocks = new StreamingMarkdown().update(closeSyntax("It was **very"), true);
  expect(kinds(tokensOf(blocks))).toContain("strong");
});

test.each(["Look:\n\n*", "Look:\n\n> -", "Look:\n\n1. one\n2.", "Look:\n\n- 3.", "Look\n\n+ "])(
  "a mark that nothing follows is not shown yet: %j",
  (text) => {
    const blocks = new StreamingMarkdown().update(text, false);
    expect(blocks.map(({ token }) => token.raw).join("")).not.toMatch(/(?:[-+*]|[23]\.)\s*$/);
  },
);
