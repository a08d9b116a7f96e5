/** Properties of Markdown that is still being written, on random documents and random pieces. */
import fc from "fast-check";
import { Lexer, type Token } from "marked";
import { expect, test } from "vitest";
import { type Block, StreamingMarkdown } from "./blocks";
import { MARKDOWN } from "./syntax";
import { assertAllowed, withRendered } from "./testing";
import { withGrown } from "./testing.svelte";

// The same documents every time, so that a change is judged by what it changed; another number looks elsewhere.
fc.configureGlobal({ seed: 4 });

/** Anything, with far more marks than people write. */
const anything = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."*_`~#>-+|[]()!\\$<&:\n\n\t 1.".split(""),
        "```",
        "~~~",
        "$$",
        "\\(",
        "\\[",
        "- [ ] ",
        "| - |",
      ),
      fc.constantFrom(
        "<img src=x onerror=y>",
        "<script>",
        "javascript:",
        "https://example.org",
        "&amp;",
        "&#0;",
        "[a]: b",
        "[^1]",
        "\n[^1]: ",
      ),
      fc.string({ maxLength: 6, unit: "grapheme" }),
    ),
    { maxLength: 60 },
  )
  .map((parts) => parts.join(""));

const word = fc.constantFrom("one", "two", "dreißig", "四", "خمسة", "👋🏽", "don't", "3.5", "a_b", "C++");
const words = fc.array(word, { minLength: 1, maxLength: 5 }).map((list) => list.join(" "));
/** A piece of a line with nothing half-typed in it. */
const inline = fc.oneof(
  { weight: 4, arbitrary: words },
  words.map((text) => `**${text}**`),
  words.map((text) => `*${text}*`),
  words.map((text) => `~~${text}~~`),
  words.map((text) => `\`${text}\``),
  words.map((text) => `[${text}](https://example.org/a)`),
  fc.constantFrom("$x_1$", "\\(a + b\\)"),
  fc.constantFrom("so[^1]", "*so*[^Two]"),
);
const line = fc.array(inline, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(" "));
const lines = (prefix: (at: number) => string) =>
  fc
    .array(line, { minLength: 1, maxLength: 3 })
    .map((list) => list.map((one, at) => prefix(at) + one).join("\n"));
const block = fc.oneof(
  { weight: 3, arbitrary: line },
  line.map((text) => `## ${text}`),
  lines(() => "- "),
  lines((at) => `${at + 1}. `),
  lines(() => "> "),
  lines(() => "- [x] "),
  lines(() => "let x = 1; // ").map((code) => `\`\`\`js\n${code}\n\`\`\``),
  line.map((text) => `| a | b |\n| - | - |\n| ${text} | c |`),
  fc.constant("$$\nx^2\n$$"),
);
const NOTES = "[^1]: one[^two]\n\n    **two**\n[^two]: three";
/** A document as a model writes it when all goes well. */
const wellFormed = fc
  .tuple(fc.array(block, { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([list, noted]) => `${[...list, ...(noted ? [NOTES] : [])].join("\n\n")}\n`);

/** Where a text is cut into what came and what is still to come. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
const placesOf = (text: string, fractions: number[]): number[] =>
  fractions.map((fraction) => Math.floor(fraction * text.length)).sort((a, b) => a - b);

/** Pieces of a paragraph of which some have marks that nothing closes, or that are closed much later. */
const loosePiece = fc.oneof(
  { weight: 12, arbitrary: inline },
  fc.constantFrom(
    "*",
    "**",
    "_",
    "`",
    "[",
    "](https://example.org)",
    "$5",
    "<b>",
    "~",
    "[1]",
    "5 * 3",
    "\\(",
    "\\)",
    "a < b",
  ),
  fc.constantFrom(
    "https://example.org/a_b",
    "<https://example.org>",
    "one@example.org",
    "&amp;",
    "  \n",
    "\n",
    "\n===\n",
    "\n| - |\n",
  ),
);
const longParagraph = fc.array(loosePiece, { minLength: 40, maxLength: 200 }).map((parts) => parts.join(" "));
const itemStart = fc.constantFrom(
  "- ",
  "- ",
  "- ",
  "-   ",
  " - ",
  "  - ",
  "- [x] ",
  "1. ",
  "2. ",
  "10. ",
  "* ",
  "    - ",
  "-\t",
  "-\n  ",
);
const between = fc.constantFrom(
  "\n",
  "\n",
  "\n",
  "\n",
  "\n",
  "\n\n",
  "\n  more\n",
  "\nlazy\n",
  "\n\n  inner\n",
  "\n   > quoted\n",
  "\n  ```\n  code\n",
);
const longList = fc
  .array(fc.tuple(itemStart, words, between), { minLength: 3, maxLength: 15 })
  .map((items) => items.map((parts) => parts.join("")).join(""));
const longTable = fc
  .array(fc.constantFrom("| one | `two` |\n", "| **b** | c\\|d |\n", "a | b\n", "words\n", "| |\n"), {
    minLength: 2,
    maxLength: 20,
  })
  .map((rows) => `| a | b |\n| - | :-: |\n${rows.join("")}`);
const longCode = fc
  .tuple(
    fc.constantFrom("```js", "~~~", "````", "``` a"),
    fc.array(fc.constantFrom("a\n", "```\n", "~~~~\n", "\n", " ``` \n", "```` x\n"), { maxLength: 12 }),
  )
  .map(([fence, lines]) => `${fence}\n${lines.join("")}`);
/** A document of which a single block is much longer than what is read at once. */
const withLongBlock = fc
  .tuple(
    fc.oneof(fc.constant(""), wellFormed),
    fc.oneof(longParagraph, longList, longTable, longCode),
    fc.constantFrom("\n", "\n\n", ""),
    fc.oneof(fc.constant(""), wellFormed, anything),
  )
  .map((parts) => parts.join(""));

const tokensOf = (blocks: readonly Block[]): Token[] => blocks.map(({ token }) => token);
/** Text is the same text in however many pieces it is kept. */
function inOnePiece(value: unknown): unknown {
  if (!Array.isArray(value)) {
    if (value === null || typeof value !== "object") return value;
    // The line end after a block belongs to it or to the blank line below, where nobody sees it.
    return Object.fromEntries(
      Object.entries(value).map(([key, part]) => [
        key,
        key === "raw" ? `${part}`.trimEnd() : inOnePiece(part),
      ]),
    );
  }
  const merged: Token[] = [];
  for (const one of value as Token[]) {
    const parts =
      one?.type === "text" && "tokens" in one && one.tokens && one.raw === one.text ? one.tokens : [one];
    for (const part of parts) {
      const last = merged.at(-1);
      const joins =
        part?.type === "text" && last?.type === "text" && !("tokens" in part) && !("tokens" in last);
      if (joins)
        merged[merged.length - 1] = {
          ...last,
          raw: last.raw + part.raw,
          text: last.text + part.text,
        } as Token;
      else if (part?.type !== "text" || part.raw !== "") merged.push(part);
    }
  }
  return merged.map(inOnePiece);
}
const wholeOf = (text: string): Token[] =>
  new Lexer(MARKDOWN).lex(text).filter(({ type }) => type !== "space" && type !== "def");

test("however a text is cut into pieces, in the end it reads as the whole", () => {
  fc.assert(
    fc.property(fc.oneof(anything, wellFormed), cuts, (text, fractions) => {
      const markdown = new StreamingMarkdown();
      for (const place of placesOf(text, fractions)) markdown.update(text.slice(0, place), false);
      expect(inOnePiece(tokensOf(markdown.update(text, true)))).toEqual(inOnePiece(wholeOf(text)));
    }),
    { numRuns: 500 },
  );
});

/** The elements and their words, without the comments by which Svelte finds its places and its numbers in ids. */
function html(element: HTMLElement): string {
  const comments = document.createTreeWalker(element, NodeFilter.SHOW_COMMENT);
  const found: Node[] = [];
  while (comments.nextNode()) found.push(comments.currentNode);
  for (const comment of found) comment.parentNode?.removeChild(comment);
  return element.innerHTML.replace(/ id="c\d+-/g, ' id="');
}

test("a long block that comes in small pieces becomes the elements of the whole", () => {
  fc.assert(
    fc.property(withLongBlock, fc.integer({ min: 20, max: 90 }), (text, length) => {
      let grown = "";
      withGrown(text, length, (place) => {
        grown = html(place);
      });
      withRendered(text, true, (place) => expect(grown).toBe(html(place)));
    }),
    { numRuns: 30 },
  );
}, 60_000);

test("a long block that comes in small pieces reads as the whole in the end", () => {
  fc.assert(
    fc.property(withLongBlock, fc.integer({ min: 1, max: 60 }), (text, length) => {
      const markdown = new StreamingMarkdown();
      for (let end = length; end < text.length; end += length) markdown.update(text.slice(0, end), false);
      expect(inOnePiece(tokensOf(markdown.update(text, true)))).toEqual(inOnePiece(wholeOf(text)));
    }),
    { numRuns: 300 },
  );
}, 60_000);

test("nothing that is written, half or whole, becomes an element that may not be", () => {
  fc.assert(
    fc.property(anything, fc.nat(), (text, at) => {
      withRendered(text, true, assertAllowed);
      withRendered(text.slice(0, at % (text.length + 1)), false, assertAllowed);
    }),
    { numRuns: 300 },
  );
}, 60_000);

/** Every kind of element of what is rendered. */
function kinds(text: string, done: boolean): Set<string> {
  const names = new Set<string>();
  withRendered(text, done, (place) => {
    for (const { tagName } of place.querySelectorAll(".markdown *")) names.add(tagName);
  });
  return names;
}

test("half a well-formed text shows no kind of element that the whole has not", () => {
  fc.assert(
    fc.property(wellFormed, fc.nat(), (text, at) => {
      const half = text.slice(0, at % (text.length + 1));
      const allowed = kinds(text, true);
      // A paragraph is what everything may be before its mark is understood.
      for (const name of ["P", "SPAN"]) allowed.add(name);
      expect([...kinds(half, false)].filter((name) => !allowed.has(name))).toEqual([]);
    }),
    { numRuns: 400 },
  );
}, 60_000);
