/** All that the page may make of what a model writes, and the attributes that come from its words. */

export const ALLOWED_ELEMENTS: readonly string[] = (
  "DIV P H2 H3 H4 H5 H6 STRONG EM DEL CODE PRE BLOCKQUOTE UL OL LI HR BR A SPAN TABLE THEAD TBODY TR TH TD " +
  // Around code: its title bar.
  "FIGURE FIGCAPTION BUTTON svg path " +
  // Footnotes.
  "SUP SECTION"
).split(" ");

export const ALLOWED_ATTRIBUTES: readonly string[] = (
  "class dir start role aria-label aria-pressed aria-hidden title type disabled tabindex scope data-align data-depth " +
  "data-testid id href rel target viewBox d focusable"
).split(" ");
