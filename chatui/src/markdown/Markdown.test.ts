import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, test, vi } from "vitest";
import { highlight, type Piece } from "./highlight";
import Markdown from "./Markdown.svelte";
import { replaceable } from "./testing.svelte";

let shown: Record<string, unknown> | undefined;

function render(text: string, done = true): HTMLElement {
  const target = document.createElement("div");
  shown = mount(Markdown, { target, props: { text, done } });
  flushSync();
  return target;
}

afterEach(async () => {
  if (shown) await unmount(shown);
  shown = undefined;
});

test("HTML that a model writes is shown as text", () => {
  const place = render(
    'Hi <img src=x onerror=alert(1)> there\n\n<script>alert(1)</script>\n\n<div onclick="x">a</div>',
  );
  expect(place.querySelector("img, script, [onclick]")).toBeNull();
  expect(place.textContent).toContain("<img src=x onerror=alert(1)>");
  expect(place.textContent).toContain("<script>alert(1)</script>");
});

test("an image is never loaded: it is a link to itself", () => {
  const place = render("![A cat](https://example.org/cat.png)");
  expect(place.querySelector("img")).toBeNull();
  const link = place.querySelector("a");
  expect(link?.getAttribute("href")).toBe("https://example.org/cat.png");
  expect(link?.textContent).toBe("Image: A cat");
});

test("a link that may not be followed is its text", () => {
  const place = render("[click me](javascript:alert(1)) and [me](data:text/html,x)");
  expect(place.querySelector("a")).toBeNull();
  expect(place.textContent).toContain("click me");
});

test("a link shows its host and gives nothing away", () => {
  const place = render("[docs](https://example.org/page)");
  const link = place.querySelector("a");
  expect(link?.getAttribute("rel")).toBe("noopener noreferrer nofollow");
  expect(place.textContent).toBe("docs (example.org)");
});

test("blocks become their elements", () => {
  const place = render(
    "# One\n\ntext **b** *i* `c` ~~d~~\n\n- a\n- b\n\n3. c\n\n> q\n\n| h |\n|:-:|\n| x |\n\n---\n\n- [x] t",
  );
  for (const selector of [
    "h2",
    "strong",
    "em",
    "code",
    "del",
    "ul > li",
    'ol[start="3"]',
    "blockquote",
    "hr",
  ]) {
    expect(place.querySelector(selector), selector).not.toBeNull();
  }
  expect(place.querySelector('td[data-align="center"]')?.textContent).toBe("x");
  expect(place.querySelector("li.task .checkbox.checked")).not.toBeNull();
});

test("headings leave no level out", () => {
  const place = render("### Deep\n\n# Top\n\n#### Deeper\n\n> # Quoted");
  const levels = [...place.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(({ tagName }) => tagName);
  expect(levels).toEqual(["H2", "H2", "H3", "H2"]);
});

test("a heading is not there before its first word", () => {
  expect(render("text\n\n## ", false).querySelector("h2")).toBeNull();
  expect(render("text\n\n## W", false).querySelector("h2")?.textContent).toBe("W");
  expect(render("#\n\ntext").querySelector("h2")).toBeNull();
});

test("words that stand together stay together", () => {
  const place = render("un**believ**able, `a`b and x<sub>2</sub>");
  expect(place.textContent?.trim()).toBe("unbelievable, ab and x<sub>2</sub>");
});

test("every block tells the direction of its writing by itself", () => {
  const place = render("مرحبا بالعالم\n\n1. واحد\n\n> اقتباس\n\n- one\n\n> `x` quoted\n\nHello");
  for (const element of place.querySelectorAll("p")) expect(element.getAttribute("dir")).toBe("auto");
  // What holds other blocks cannot leave it to the browser, which does not look into those.
  expect(
    [...place.querySelectorAll("ol, blockquote, ul")].map((element) => element.getAttribute("dir")),
  ).toEqual(["rtl", "rtl", "ltr", "ltr"]);
  expect(render("```js\nx\n```").querySelector("pre")?.getAttribute("dir")).toBe("ltr");
});

test("an open code block is plain text in a pre", () => {
  const place = render("```python\nprint(1)\n", false);
  expect(place.querySelector("pre code")?.textContent).toBe("print(1)\n");
  expect(place.querySelector("figcaption .language")?.textContent).toBe("python");
  expect(place.querySelector("pre .stretch span")).toBeNull();
});

test("a long code block is whole, however it is cut into text nodes", () => {
  const code = "0123456789abcdef\n".repeat(1_000);
  const place = render(`\`\`\`\n${code}\`\`\``);
  expect(place.querySelector("pre code")?.textContent).toBe(code.trimEnd());
});

async function coloured(code: string, language: string): Promise<Piece[]> {
  const all: Piece[] = [];
  for await (const pieces of highlight(code, language)) all.push(...pieces);
  return all;
}
const codeOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join("");

test("code is coloured in pieces that together are the code", async () => {
  const code = 'def f(a: int) -> str:\n    """Doc"""\n    return f"{a} <b>"  # why\n';
  const pieces = await coloured(code, "py");
  expect(codeOf(pieces)).toBe(code);
  expect(pieces.some(({ className }) => className.includes("hl-keyword"))).toBe(true);
});

test("code that is begun anew and comes to the same end is there once", async () => {
  const text = "```js\nconst a = 1;\n```";
  const { place, become, end } = replaceable(text);
  const code = () => place.querySelector("code");
  const isColoured = () => expect(code()?.querySelector(".stretch > span")).not.toBeNull();
  await vi.waitFor(isColoured);
  for (let attempt = 2; attempt < 4; attempt++) {
    become("```js\ncon", false);
    become(text, true);
    await vi.waitFor(isColoured);
    // Whatever the colouring still does has been done when another one, begun later, is.
    await coloured("const a = 1;", "js");
    flushSync();
    expect(code()?.textContent).toBe("const a = 1;");
  }
  end();
});

test("a language inside another is coloured too", async () => {
  const pieces = await coloured("<script>const a = 1;</script>", "html");
  expect(codeOf(pieces)).toBe("<script>const a = 1;</script>");
  expect(pieces.some(({ text, className }) => text === "const" && className.includes("hl-keyword"))).toBe(
    true,
  );
});

test("long code is coloured stretch by stretch, but never from the middle of a comment", async () => {
  const comment = `/*\n${"const not = 1;\n".repeat(400)}*/\n`;
  const code = `${"const one = 1;\n".repeat(400)}${comment}${"const two = 2;\n".repeat(400)}`;
  const lengths: number[] = [];
  const all: Piece[] = [];
  for await (const pieces of highlight(code, "js")) {
    lengths.push(codeOf(pieces).length);
    all.push(...pieces);
  }
  expect(codeOf(all)).toBe(code);
  expect(lengths.length).toBeGreaterThan(5);
  expect(all.filter(({ text }) => text === "const")).toHaveLength(800);
  expect(all.filter(({ className }) => className === "hl-comment")).toHaveLength(1);
});

test("code of an unknown language, or too long, stays plain", async () => {
  expect(await coloured("x", "klingon")).toEqual([]);
  expect(await coloured("x".repeat(70_000), "js")).toEqual([]);
});

describe("a diagram", () => {
  const FLOW = "```mermaid\ngraph TD; A --> B\n```";
  const isDiagram = (text: string, done: boolean) =>
    render(text, done).querySelector("[data-testid=diagram]") !== null;

  test("is code until its fence is closed", () => {
    expect(isDiagram(FLOW.slice(0, -1), false)).toBe(false);
    expect(isDiagram(`${FLOW}\n\nmore`, false)).toBe(true);
    expect(isDiagram(FLOW, true)).toBe(true);
  });

  test("is code inside of what still grows, where a fence is closed only for the time being", () => {
    const inList = `- a\n\n  ${FLOW.replaceAll("\n", "\n  ")}`;
    expect(isDiagram(inList.slice(0, -7), false)).toBe(false);
    expect(isDiagram(`${inList}\n\n- b`, false)).toBe(true);
    expect(isDiagram(inList, true)).toBe(true);
    expect(isDiagram(`> ${FLOW.slice(0, -7).replaceAll("\n", "\n> ")}`, false)).toBe(false);
  });

  test("is named by its language alone", () => {
    expect(isDiagram(FLOW.replace("mermaid", "Mermaid title=x"), true)).toBe(true);
    expect(isDiagram(FLOW.replace("mermaid", "mermaid-js"), true)).toBe(false);
    expect(isDiagram(FLOW.replace("mermaid", "js mermaid"), true)).toBe(false);
  });

  test("keeps its code for those who copy the answer", () => {
    expect(render(FLOW).querySelector("pre code")?.textContent).toBe("graph TD; A --> B");
  });
});
