/** Sets formulas. Loaded with the first one. */
import katex from "katex";
import "katex/dist/katex.min.css";

/**
 * Levels of elements in a formula. Some three thousand, as of three hundred fractions in each other, overflow the stack
 * of the browser where it lays them out, and that is the end of the page; forty fractions are within this.
 */
const DEEPEST = 400;

/**
 * Puts a formula into an element, as nodes.
 *
 * @throws katex.ParseError if it is no LaTeX. (KaTeX's own way to show that sets a style attribute, which the
 *     page's policy forbids.)
 * @throws RangeError if it is nested too deep
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
  if (isDeeper(into, DEEPEST)) {
    into.replaceChildren();
    throw new RangeError("The formula is nested too deep");
  }
}

function isDeeper(element: Element, levels: number): boolean {
  let level = [...element.children];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap(({ children }) => [...children]);
  }
  return false;
}
