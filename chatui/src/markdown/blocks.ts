/**
 * Markdown that is still being written. All blocks but the last are finished and never made again; only the last
 * one is read anew with each piece, with its half-typed syntax closed.
 */
import { Lexer, type Token, type TokensList } from "marked";
import remend from "remend";
import { HALF_FOOTNOTE } from "./footnotes";
import { MARKDOWN } from "./syntax";

export interface Block {
  readonly token: Token;
  /** A code block without its closing fence: its text still grows. */
  readonly open: boolean;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})([^`\n]*)\n/;

/** A last line of nothing but the mark of a list item, which may become one, or emphasis, or a number. */
const LONE_MARK = /(^|\n)(?:[ \t>]|(?:[-+*]|\d{1,9}[.)])[ \t])*(?:[-+*]|\d{1,9}[.)])[ \t]*$/;

function withoutHalfMark(text: string): string {
  return text.replace(HALF_FOOTNOTE, "").replace(LONE_MARK, "$1");
}

/** A text that broke off, with its half-typed syntax closed. */
export function closeSyntax(text: string): string {
  // Half a formula is no formula: it is shown as it is written until it is whole.
  const closed = remend(withoutHalfMark(text), { linkMode: "text-only", katex: false });
  // Half a link leaves its text, which may be such a mark itself.
  return withoutHalfMark(closed);
}

/** Reads one growing text; make a new one for another text. */
export class StreamingMarkdown {
  #source = "";
  /** Up to here the source is in `#frozen`. */
  #consumed = 0;
  #frozen: Block[] = [];
  #links: TokensList["links"] = {};
  #done = false;
  #blocks: readonly Block[] = [];
  /** How many characters were read so far, for the tests that hold the work per piece down. */
  charactersRead = 0;

  /**
   * The blocks of the text so far.
   *
   * @param done nothing more will come
   */
  update(text: string, done: boolean): readonly Block[] {
    if (text === this.#source && done === this.#done) return this.#blocks;
    if (!text.startsWith(this.#source)) this.#reset();
    this.#source = text;
    this.#done = done;
    this.#blocks = done ? this.#whole() : this.#soFar();
    return this.#blocks;
  }

  #reset(): void {
    this.#consumed = 0;
    this.#frozen = [];
    this.#links = {};
  }

  #soFar(): readonly Block[] {
    const tail = this.#source.slice(this.#consumed);
    const code = openCode(tail);
    if (code) return [...this.#frozen, code];
    const tokens = this.#lex(tail);
    const last = tokens.findLastIndex((token) => token.type !== "space");
    for (const token of tokens.slice(0, Math.max(0, last))) {
      this.#consumed += token.raw.length;
      if (isShown(token)) this.#frozen.push({ token, open: false });
      else if (token.type === "def") this.#links[token.tag] ??= { href: token.href, title: token.title };
    }
    const rest = this.#source.slice(this.#consumed);
    const inside = openCode(rest);
    if (inside) return [...this.#frozen, inside];
    const closed = this.#lex(closeSyntax(rest)).filter(isShown);
    return [...this.#frozen, ...closed.map((token) => ({ token, open: false }))];
  }

  /** The finished text as one, because a definition at its end may change a link at its beginning. */
  #whole(): readonly Block[] {
    this.#links = {};
    const before = this.#blocks;
    const hasDefinitions = /^ {0,3}\[(?!\^)[^\]\n]+\]:/m.test(this.#source);
    return this.#lex(this.#source)
      .filter(isShown)
      .map((token, index) => {
        const known = before[index];
        const same = !hasDefinitions && known && !known.open && known.token.raw === token.raw;
        return same ? known : { token, open: false };
      });
  }

  #lex(source: string): Token[] {
    this.charactersRead += source.length;
    const lexer = new Lexer(MARKDOWN);
    // Definitions between blocks that are frozen already still hold.
    Object.assign(lexer.tokens.links, this.#links);
    return lexer.lex(source);
  }
}

/**
 * For each block the deepest heading that it may hold: one below the last, so that none is left out for those who
 * go from heading to heading. It depends only on what came before, so it never changes while text is added.
 */
export function headingLevels(blocks: readonly Block[]): number[] {
  let last = 1;
  return blocks.map(({ token }) => {
    const level = Math.min(last + 1, 6);
    if (token.type === "heading") last = Math.min(token.depth + 1, level);
    return level;
  });
}

function isShown(token: Token): boolean {
  return token.type !== "space" && token.type !== "def";
}

/** The code block that a text begins with, if its closing fence has not come yet. */
function openCode(source: string): Block | null {
  const fence = FENCE.exec(source);
  if (!fence) return null;
  const [opening, marks = "", info = ""] = fence;
  const text = source.slice(opening.length);
  const mark = marks[0] === "~" ? "~" : "`";
  if (new RegExp(`(^|\\n) {0,3}${mark}{${marks.length},}[ \\t]*(\\n|$)`).test(text)) return null;
  // A closing fence that has begun is not shown as code.
  const shown = text.replace(new RegExp(`(^|\\n) {0,3}${mark}*$`), "$1");
  return { token: { type: "code", raw: source, lang: info.trim(), text: shown }, open: true };
}
