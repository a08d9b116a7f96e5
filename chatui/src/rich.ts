/** What a person takes away of an answer, for programs that know more than plain text. */

import { copyText } from "./copy";

/** Attributes that mean something outside of this page. */
const KEPT = new Set(["href", "start", "dir", "align"]);

/** An answer as HTML without what is only this page's: no buttons, no classes, formulas as they were written. */
export function richText(answer: Element): string {
  const copy = answer.cloneNode(true) as Element;
  for (const own of copy.querySelectorAll("figcaption, .host, .note, .back, iframe")) own.remove();
  for (const formula of copy.querySelectorAll(".formula")) {
    const source = formula.querySelector("annotation")?.textContent ?? formula.textContent ?? "";
    formula.replaceWith(formula.classList.contains("display") ? `$$${source}$$` : `$${source}$`);
  }
  for (const box of copy.querySelectorAll(".checkbox")) {
    box.replaceWith(box.classList.contains("checked") ? "☑" : "☐");
  }
  for (const frame of copy.querySelectorAll(
    "figure, div.table, div.diagram, button.footnote, section.footnotes, .code span, a.image",
  )) {
    frame.replaceWith(...frame.childNodes);
  }
  for (const element of copy.querySelectorAll("*")) {
    const { align } = (element as HTMLElement).dataset;
    if (align) element.setAttribute("align", align);
    for (const { name } of [...element.attributes]) if (!KEPT.has(name)) element.removeAttribute(name);
  }
  return copy.innerHTML.replace(/<!---->/g, "");
}

/** Copies an answer that is in sight: as Markdown, and as rich text for programs that take it. */
export function copyAnswer(messageId: string, markdown: string): Promise<boolean> {
  const answer = document.querySelector(`[data-message-id="${messageId}"] .markdown`);
  return copyText(markdown, answer ? richText(answer) : undefined);
}
