/** What the tests of Markdown share. */
import { flushSync, mount, unmount } from "svelte";
import { expect } from "vitest";
import Markdown from "./Markdown.svelte";
import { ALLOWED_ATTRIBUTES, ALLOWED_ELEMENTS } from "./testing-allowed";

const ELEMENTS = new Set(ALLOWED_ELEMENTS);
const ATTRIBUTES = new Set(ALLOWED_ATTRIBUTES);

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
    if (!ELEMENTS.has(element.tagName)) wrong.push(element.outerHTML);
    for (const { name, value } of element.attributes) {
      const leads = name !== "href" || /^(https?|mailto):/.test(value);
      if (!ATTRIBUTES.has(name) || !leads) wrong.push(`${name}="${value}"`);
    }
  }
  expect(wrong).toEqual([]);
}
