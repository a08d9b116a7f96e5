/** What the tests of growing Markdown need of Svelte's own language. */
import { flushSync, mount, unmount } from "svelte";
import Markdown from "./Markdown.svelte";

/** Renders a text that comes in pieces, shows what it has become to `look`, and takes it away again. */
export function withGrown(text: string, length: number, look: (element: HTMLElement) => void): void {
  const target = document.createElement("div");
  const props = $state({ text: "", done: false });
  const shown = mount(Markdown, { target, props });
  for (let end = length; end < text.length; end += length) {
    props.text = text.slice(0, end);
    flushSync();
  }
  Object.assign(props, { text, done: true });
  flushSync();
  look(target);
  void unmount(shown);
}

/** Renders a text, and lets it be replaced by another in the same place, as when an attempt starts over. */
export function replaceable(text: string): {
  place: HTMLElement;
  become(text: string, done: boolean): void;
  end(): void;
} {
  const place = document.createElement("div");
  const props = $state({ text, done: true });
  const shown = mount(Markdown, { target: place, props });
  flushSync();
  return {
    place,
    become(text, done) {
      Object.assign(props, { text, done });
      flushSync();
    },
    end: () => void unmount(shown),
  };
}
