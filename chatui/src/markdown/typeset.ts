/** Sets formulas. Loaded with the first one. */
import katex from "katex";
import "katex/dist/katex.min.css";

/**
 * Puts a formula into an element, as nodes.
 *
 * @throws katex.ParseError if it is no LaTeX. (KaTeX's own way to show that sets a style attribute, which the
 *     page's policy forbids.)
 */
export function typeset(text: string, display: boolean, into: HTMLElement): void {
  katex.render(text, into, {
    displayMode: display,
    throwOnError: true,
    // Nothing that a model writes may make links, load images or grow without end.
    trust: false,
    maxSize: 20,
    maxExpand: 500,
    strict: "ignore",
    errorColor: "var(--bad)",
  });
}
