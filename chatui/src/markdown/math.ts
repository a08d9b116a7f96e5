/** Formulas in Markdown: `$…$` and `\(…\)` in a line, `$$…$$` and `\[…\]` by themselves. */
import type { TokenizerExtension, Tokens } from "marked";

export interface MathToken extends Tokens.Generic {
  type: "math";
  /** In LaTeX. */
  text: string;
  /** On a line of its own. */
  display: boolean;
}

// A price is no formula: after the first dollar there is no blank, before the second neither, and no digit after it.
const DOLLARS = /^\$(?![\s$])((?:\\.|[^\\$\n])*?[^\\\s$])\$(?![\d$])/;
const DOUBLE = /^\$\$(?!\$)((?:\\.|[^\\$])+?)\$\$/;
const ROUND = /^\\\(([^\n]+?)\\\)/;
const SQUARE = /^\\\[([\s\S]+?)\\\]/;
// No blank line, which is an error in LaTeX too: what is above one never depends on what is below it.
const BLOCK =
  /^ {0,3}(?:\$\$((?:\\[^\n]|\\(?=\n)|\n(?![ \t]*\n)|[^\\$\n])+?)\$\$|\\\[((?:[^\n]|\n(?![ \t]*\n))+?)\\\])[ \t]*(?:\n|$)/;

function token(raw: string, text: string, display: boolean): MathToken {
  return { type: "math", raw, text: text.trim(), display };
}

const inline: TokenizerExtension = {
  name: "inlineMath",
  level: "inline",
  start: (source) => {
    const at = source.search(/\$|\\[([]/);
    return at < 0 ? undefined : at;
  },
  tokenizer(source) {
    const display = DOUBLE.exec(source) ?? SQUARE.exec(source);
    if (display?.[1]) return token(display[0], display[1], true);
    const within = DOLLARS.exec(source) ?? ROUND.exec(source);
    return within?.[1] ? token(within[0], within[1], false) : undefined;
  },
};

const block: TokenizerExtension = {
  name: "blockMath",
  level: "block",
  start: (source) => {
    const at = source.search(/\n {0,3}(?:\$\$|\\\[)/);
    return at < 0 ? undefined : at + 1;
  },
  tokenizer(source) {
    const found = BLOCK.exec(source);
    const text = found?.[1] ?? found?.[2];
    return found && text ? token(found[0], text, true) : undefined;
  },
};

export const MATH = [block, inline];
