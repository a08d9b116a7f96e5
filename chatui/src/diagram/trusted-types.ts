/**
 * The frame's Trusted Types. Mermaid and the d3 inside it assign text to `innerHTML`, which nobody but a `default`
 * policy can allow; so all of it is cleaned, whatever mermaid did to it before. There is no `createScript` and no
 * `createScriptURL`: text that would run, or name a script, is refused.
 */
import DOMPurify from "dompurify";

declare global {
  interface Window {
    /** Missing in browsers without Trusted Types. */
    trustedTypes?: { createPolicy(name: string, rules: { createHTML(html: string): string }): unknown };
  }
}

/** As mermaid cleans its own drawings: some have labels in HTML. */
const DRAWING = { ADD_TAGS: ["foreignobject"], HTML_INTEGRATION_POINTS: { foreignobject: true } };
/** A part of a drawing, as icons are written. It would be dropped as HTML, which knows no such element. */
const PART = { NAMESPACE: "http://www.w3.org/2000/svg" };

window.trustedTypes?.createPolicy("default", {
  createHTML(html) {
    // Without it there is no element. Style sheets come this way, too, and cleaning would write their ">" as "&gt;".
    if (!html.includes("<")) return html;
    return DOMPurify.sanitize(html, html.trimStart().startsWith("<g") ? PART : DRAWING);
  },
});
