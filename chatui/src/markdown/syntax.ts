import { Marked, type MarkedOptions } from "marked";
import { FOOTNOTES } from "./footnotes";
import { MATH } from "./math";

/** How all Markdown of the page is read. */
export const MARKDOWN: MarkedOptions = new Marked({ extensions: [...MATH, ...FOOTNOTES] }).defaults;
