/**
 * What looks on in every document while hostile texts are in it, from before its first script. Whatever it finds it
 * says on the console, which the test hears from all frames.
 */

/** What begins each of its findings. */
export const FOUND = "hostile:";

export interface Rules {
  readonly found: string;
  /** Of the text of a message. */
  readonly elements: readonly string[];
  readonly attributes: readonly string[];
  /** Of a formula in it. */
  readonly formula: readonly string[];
  /** Of the page around messages. */
  readonly around: readonly string[];
}

/** What the page around messages is made of; nothing that runs or loads is among it; its one form is the composer. */
export const AROUND: readonly string[] = (
  "HTML HEAD BODY TITLE META DIV MAIN NAV HEADER FOOTER SECTION ARTICLE P SPAN H1 H2 A BUTTON LABEL INPUT TEXTAREA UL LI " +
  "TIME STRONG I MARK DIALOG NOSCRIPT FORM svg path g circle rect"
).split(" ");

/** What a formula is made of: how it looks, and what it says to those who can't see it. */
export const IN_FORMULA: readonly string[] = (
  "SPAN svg path line math semantics annotation mrow mi mo mn mtext mspace msub msup msubsup mfrac msqrt mroot mover " +
  "munder munderover mtable mtr mtd mstyle mpadded mphantom menclose"
).split(" ");

declare global {
  interface Window {
    /** Resolves when an event of a conversation has come and is drawn. */
    drawn(conversationId: string, seq: number): Promise<void>;
  }
}

/** Runs in the page, so it knows nothing but its argument. */
export function watch({ found, elements, attributes, formula: math, around }: Rules): void {
  const say = (what: string) => console.error(`${found} ${what}`.slice(0, 500));

  for (const name of ["pwned", "alert", "confirm", "prompt", "print", "open"]) {
    Object.defineProperty(window, name, { value: () => say(`${name}() ran in ${location.pathname}`) });
  }
  document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) =>
    say(`refused in ${location.pathname}: ${effectiveDirective} ${blockedURI} ${sample}`),
  );
  if (self !== top) return;

  const inMessage = { elements: new Set(elements), attributes: new Set(attributes) };
  const inFormula = new Set(math);
  const outside = new Set(around);
  const own = (address: string) => new URL(address, document.baseURI).origin === location.origin;

  function wrongWith(element: Element): string | null {
    const { tagName } = element;
    if (tagName === "SCRIPT" || tagName === "LINK") {
      // The page's own, and the parts of it that are loaded on first use.
      const address = element.getAttribute("src") ?? element.getAttribute("href") ?? "data:";
      return element.parentElement === document.head && own(address) ? null : "loads";
    }
    if (tagName === "IFRAME") {
      const isDiagram =
        element.closest(".diagram") !== null &&
        element.getAttribute("src") === "./diagram.html" &&
        element.getAttribute("sandbox") === "allow-scripts" &&
        !element.hasAttribute("srcdoc");
      return isDiagram ? null : "is a frame";
    }
    if (element.closest(".katex")) return inFormula.has(tagName) ? null : "is no part of a formula";
    if (!element.closest("[data-testid=message-text]"))
      return outside.has(tagName) ? null : "is no part of the page";
    return inMessage.elements.has(tagName) ? null : "is no part of a message";
  }

  function wrongAttribute(element: Element, name: string): string | null {
    const value = element.getAttribute(name);
    if (value === null) return null;
    if (name.startsWith("on") || name === "srcdoc" || name === "ping" || name === "action")
      return "would run or send";
    const text = element.closest("[data-testid=message-text]");
    const formula = element.closest(".katex");
    if (/href$/.test(name) && element.tagName === "A") {
      if (formula) return "leads out of a formula";
      if (!text)
        return /^(#\/|\.\/api\/conversations\/|api\/conversations\/)/.test(value)
          ? null
          : "leads out of the page";
      if (!/^(https?|mailto):/.test(value)) return "does not lead to the web";
      return null;
    }
    if (/url\(|javascript:|expression\(/i.test(value) && /^(style|fill|filter|mask|src|href)$/.test(name))
      return "loads";
    if (!text || formula || element.tagName === "IFRAME") return null;
    if (name === "id" && !/^[\w]+-(note|reference)-\d+(-\d+)?$/.test(value)) return "is named by a text";
    return inMessage.attributes.has(name) ? null : "is no attribute of a message";
  }

  function check(element: Element): void {
    const wrong = wrongWith(element);
    if (wrong) say(`<${element.tagName}> ${wrong}: ${element.outerHTML}`);
    for (const { name } of element.attributes) checkAttribute(element, name);
    const isLink = element.tagName === "A" && element.closest("[data-testid=message-text]");
    if (isLink && element.getAttribute("rel") !== "noopener noreferrer nofollow")
      say(`no rel: ${element.outerHTML}`);
  }

  function checkAttribute(element: Element, name: string): void {
    const wrong = wrongAttribute(element, name);
    if (wrong) say(`${name}="${element.getAttribute(name)}" of <${element.tagName}> ${wrong}`);
  }

  new MutationObserver((records) => {
    for (const { type, target, attributeName, addedNodes } of records) {
      if (type === "attributes" && attributeName) checkAttribute(target as Element, attributeName);
      for (const node of addedNodes) {
        // What was taken out of the page again in the meantime has no place that could be judged.
        if (!(node instanceof Element) || !node.isConnected) continue;
        check(node);
        for (const element of node.querySelectorAll("*")) check(element);
      }
    }
  }).observe(document, { subtree: true, childList: true, attributes: true });

  const seqs = new Map<string, number>();
  let heard = () => {};
  window.WebSocket = class extends WebSocket {
    constructor(...address: ConstructorParameters<typeof WebSocket>) {
      super(...address);
      this.addEventListener("message", ({ data }) => {
        const { type, conversationId, seq } = JSON.parse(data);
        if (type !== "event" && type !== "subscribed") return;
        seqs.set(conversationId, seq);
        heard();
      });
    }
  };
  window.drawn = (conversationId, seq) =>
    new Promise((resolve) => {
      heard = () => {
        if ((seqs.get(conversationId) ?? -1) < seq) return;
        heard = () => {};
        // The page draws in the frame after it has heard.
        requestAnimationFrame(() => setTimeout(resolve));
      };
      heard();
    });
}
