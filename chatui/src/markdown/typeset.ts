/** Sets formulas. Loaded with the first one. */
import katex, { type KatexOptions } from "katex";
import "katex/dist/katex.min.css";

/**
 * Levels of elements in a formula. Some three thousand, as of three hundred fractions in each other, overflow the stack
 * of the browser where it lays them out, and that is the end of the page; forty fractions are within this.
 */
const DEEPEST = 400;

/** What KaTeX makes nodes of; it says nothing of it in its types. */
interface DomTree {
  attributes?: Record<string, string>;
  children?: DomTree[];
  toNode(): Node;
}
const { __renderToDomTree: renderToDomTree } = katex as unknown as {
  __renderToDomTree(text: string, options: KatexOptions): DomTree;
};

/** Holds a style until its element is there. */
const STYLE = "data-style";

/** Some parts have their style as an attribute, which the page's policy refuses: it may only be set as a property. */
function setStylesAside({ attributes, children }: DomTree): void {
  if (attributes?.style !== undefined) {
    attributes[STYLE] = attributes.style;
    delete attributes.style;
  }
  children?.forEach(setStylesAside);
}

/**
 * Puts a formula into an element, as nodes.
 *
 * @throws katex.ParseError if it is no LaTeX. The formula is shown as it was written, then.
 * @throws RangeError if it is nested too deep
 */
export function typeset(text: string, display: boolean, into: HTMLElement): void {
  const tree = renderToDomTree(text, {
    displayMode: display,
    throwOnError: true,
    // Nothing that a model writes may make links, load images or grow without end.
    trust: false,
    maxSize: 20,
    maxExpand: 500,
    strict: "ignore",
    errorColor: "var(--bad)",
  });
  setStylesAside(tree);
  into.replaceChildren(tree.toNode());
  for (const element of into.querySelectorAll<SVGElement | MathMLElement>(`[${STYLE}]`)) {
    element.style.cssText = element.getAttribute(STYLE) ?? "";
    element.removeAttribute(STYLE);
  }
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
