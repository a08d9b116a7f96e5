/** What the tests of Markdown share. */
import { flushSync, mount, unmount } from "svelte";
import { expect } from "vitest";
import Markdown from "./Markdown.svelte";

/** All that the page may make of what a model writes, and the attributes that come from its words. */
const ALLOWED = new Set(
  (
    "DIV P H2 H3 H4 H5 H6 STRONG EM DEL CODE PRE BLOCKQUOTE UL OL LI HR BR A SPAN TABLE THEAD TBODY TR TH TD " +
    // Around code: its title bar.
    "FIGURE FIGCAPTION BUTTON svg path " +
    // Footnotes.
    "SUP SECTION"
  ).split(" "),
);
const ATTRIBUTES = new Set(
  (
    "class dir start role aria-label aria-pressed aria-hidden title type disabled tabindex scope data-align data-depth " +
    "data-testid id href rel target viewBox d focusable"
  ).split(" "),
);

/** Renders a text, shows it to `look`, and takes it away again. */
export function withRendered(text: string, done: boolean, look: (element: HTMLElement) => void): void {
  const target = document.createElement("div");
  const shown = mount(Markdown, { target, props: { text, done } });
  flushSync();
  look(target);
  void unmount(shown);
}

/** Fails if there is an element or an attribute that nothing a model writes may become. */
export function assertAllowed(place: HTMLElement): void {
  // Not an `expect` for each: there are hundreds of thousands.
  const wrong: string[] = [];
  for (const element of place.querySelectorAll("*")) {
    if (!ALLOWED.has(element.tagName)) wrong.push(element.outerHTML);
    for (const { name, value } of element.attributes) {
      const leads = name !== "href" || /^(https?|mailto):/.test(value);
      if (!ATTRIBUTES.has(name) || !leads) wrong.push(`${name}="${value}"`);
    }
  }
  expect(wrong).toEqual([]);
}
