import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, test, vi } from "vitest";
import { richText } from "../rich";
import { type Block, StreamingMarkdown } from "./blocks";
import { footnotesOf } from "./footnotes";
import Markdown from "./Markdown.svelte";

const shown: Record<string, unknown>[] = [];

function render(text: string, done = true): HTMLElement {
  const target = document.createElement("div");
  document.body.append(target);
  shown.push(mount(Markdown, { target, props: { text, done } }));
  flushSync();
  return target;
}

afterEach(async () => {
  await Promise.all(shown.splice(0).map((one) => unmount(one)));
  document.body.replaceChildren();
});

/** The text with references as `<1>`, and what each footnote says. */
function read(text: string, done = true): { body: string; notes: string[] } {
  const place = render(text, done).querySelector(".markdown") as Element;
  const copy = place.cloneNode(true) as Element;
  for (const back of copy.querySelectorAll(".back")) back.remove();
  for (const block of copy.querySelectorAll("p, td, th, figcaption")) block.append(" ");
  const words = (element: Element) => (element.textContent ?? "").trim().replace(/\s+/g, " ");
  const notes = [...copy.querySelectorAll(".footnotes li")].map(words);
  copy.querySelector(".footnotes")?.remove();
  for (const button of copy.querySelectorAll("button.footnote")) button.replaceWith(`<${words(button)}>`);
  return { body: words(copy), notes };
}

describe("as GitHub reads them", () => {
  test.each<[string, string, string, string[]]>([
    ["a reference and its definition", "Yes[^1].\n\n[^1]: Because.", "Yes<1>.", ["Because."]],
    ["numbers by first reference", "a[^z] b[^y] c[^z]\n\n[^y]: Y\n[^z]: Z", "a<1> b<2> c<1>", ["Z", "Y"]],
    ["a definition before its reference", "[^n]: Note\n\nText[^n]", "Text<1>", ["Note"]],
    ["labels without regard to case", "a[^Note]\n\n[^nOTE]: x", "a<1>", ["x"]],
    ["the first of two definitions", "a[^1]\n\n[^1]: one\n\n[^1]: two", "a<1>", ["one"]],
    ["no definition", "array[^1] and [^]", "array[^1] and [^]", []],
    ["no reference", "Text\n\n[^1]: unheard", "Text", []],
    ["a definition that ends a paragraph", "Text[^1]\n[^1]: x", "Text<1>", ["x"]],
    ["a definition of one word, which is no link", "a[^1]\n\n[^1]: word", "a<1>", ["word"]],
    ["indented lines go on", "a[^1]\n\n[^1]: one\n    two\n\n    three\n\nb", "a<1> b", ["one two three"]],
    ["a paragraph goes on without", "a[^1]\n\n[^1]: one\ntwo\n\nb", "a<1> b", ["one two"]],
    ["another block does not", "a[^1]\n\n[^1]: one\n- two", "a<1> two", ["one"]],
    ["a link whose text looks like one", "[^1](https://example.org/1)\n\n[^1]: x", "^1 (example.org)", []],
    ["inside of a link it is text", "[a[^1]](https://example.org/1)\n\n[^1]: x", "a[^1] (example.org)", []],
    ["in code it is code", "`[^1]`\n\n```\n[^1]: x\n```\n\n[^1]: x", "[^1] text Copy [^1]: x", []],
    [
      "in a table and a list",
      "| a[^1] |\n| - |\n| b |\n\n- c[^2]\n\n[^1]: x\n[^2]: y",
      "a<1> b c<2>",
      ["x", "y"],
    ],
    ["a footnote of a footnote", "a[^1]\n\n[^1]: see[^2]\n[^2]: y", "a<1>", ["see2", "y"]],
    ["inside of a list", "- a[^1]\n\n  [^1]: x", "a<1>", ["x"]],
  ])("%s", (_, text, body, notes) => {
    expect(read(text)).toEqual({ body, notes });
  });

  test("a footnote holds what any text holds", () => {
    const place = render("a[^1]\n\n[^1]: **b**\n\n    - c\n\n    ```js\n    d\n    ```\n");
    for (const selector of ["strong", "ul > li", ".code"]) {
      expect(place.querySelector(`.footnotes ${selector}`), selector).not.toBeNull();
    }
  });
});

describe("the way there and back", () => {
  const name = (element: Element | null | undefined) => element?.getAttribute("aria-label");

  test("each reference has a way back, and both have names", () => {
    const place = render("a[^1] b[^1] c[^2]\n\n[^1]: x\n[^2]: y");
    expect(name(place.querySelector("[role=doc-endnotes]"))).toBe("Footnotes");
    const references = [...place.querySelectorAll<HTMLElement>("button.footnote")];
    expect(references.map(name)).toEqual(["Footnote 1", "Footnote 1", "Footnote 2"]);
    const [first] = place.querySelectorAll<HTMLElement>(".footnotes li");
    references[1]?.click();
    expect(document.activeElement).toBe(first);
    const backs = [...(first?.querySelectorAll<HTMLElement>(".back") ?? [])];
    expect(backs.map((back) => back.textContent)).toEqual(["↩", "↩2"]);
    expect(name(backs[0])).toBe("Back to where footnote 1 is referred to");
    backs[1]?.click();
    expect(document.activeElement).toBe(references[1]);
  });

  test("it stays inside of the message, and the address stays as it is", () => {
    const before = location.href;
    const [one, other] = [render("a[^1]\n\n[^1]: x"), render("b[^1]\n\n[^1]: y")];
    other.querySelector<HTMLElement>("button.footnote")?.click();
    expect(document.activeElement?.textContent).toContain("y");
    expect(location.href).toBe(before);
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(one.querySelector("a, [href]")).toBeNull();
  });
});

describe("while it is written", () => {
  test.each([
    ["Yes[^", "Yes"],
    ["Yes[^1", "Yes"],
    ["Yes[^1]", "Yes[^1]"],
    ["Yes[^1].\n\n[^1", "Yes[^1]."],
    ["Yes[^1].\n\n[^1]", "Yes[^1]."],
  ])("%j is nothing but text", (text, body) => {
    expect(read(text, false)).toEqual({ body, notes: [] });
  });

  test("a reference in a finished block becomes one when its definition comes", () => {
    const source = "Yes[^1].\n\nMore[^2].\n\n[^1]: Because **of";
    expect(read(source, false)).toEqual({ body: "Yes<1>. More[^2].", notes: ["Because of"] });
  });

  test("finished blocks stay the same objects, also when the text is whole", () => {
    const source = "Yes[^1].\n\nMore.\n\n[^1]: Because\n    of it.\n\nEnd.";
    const markdown = new StreamingMarkdown();
    let before: readonly Block[] = [];
    for (let end = 1; end <= source.length; end++) {
      const now = markdown.update(source.slice(0, end), false);
      for (const [at, block] of before.slice(0, -2).entries()) expect(now[at]).toBe(block);
      before = now;
    }
    const whole = markdown.update(source, true);
    expect(whole.slice(0, 3)).toEqual(before.slice(0, 3));
    expect(whole[0]).toBe(before[0]);
    const { list } = footnotesOf(whole.map(({ token }) => token));
    expect(list).toMatchObject([{ number: 1, references: 1 }]);
  });

  test("finished blocks are looked through once", () => {
    const blocks = new StreamingMarkdown().update("a[^1]\n\nb\n\n[^1]: x", true).map(({ token }) => token);
    footnotesOf(blocks);
    const first = blocks[0] as { tokens: unknown };
    const tokens = vi.fn(() => first.tokens);
    Object.defineProperty(blocks[0], "tokens", { get: tokens });
    expect(footnotesOf(blocks).places.size).toBe(1);
    expect(tokens).not.toHaveBeenCalled();
  });
});

test("an answer is copied with its footnotes and without the ways between them", () => {
  const answer = render("a[^1]\n\n[^1]: x").querySelector(".markdown") as Element;
  const html = richText(answer).replace(/\s*\n\s*|\s+(?=<)| dir="auto"/g, "");
  expect(html).toBe("<p>a<sup>1</sup></p><ol><li><p>x</p></li></ol>");
});
