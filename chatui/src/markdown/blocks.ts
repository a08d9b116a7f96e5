/**
 * Markdown that is still being written. All blocks but the last are finished and never made again; of the last one
 * only the end is read anew with each piece, with its half-typed syntax closed.
 */
import type { Token, TokensList } from "marked";
import remend from "remend";
import { HALF_FOOTNOTE } from "./footnotes";
import { type Grown, grow, join, PIECE } from "./growing";
import { lex } from "./syntax";

export interface Block {
  readonly token: Token;
  /** A code block without its closing fence: its text still grows. */
  readonly open: boolean;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})([^`\n]*)\n/;
/** The same while its line is still being written, and nothing after it. */
const HALF_FENCE = /^ {0,3}(?:`{3,}|~{3,})[^\n]*$/;
/** Characters of an opening fence that is taken for one before the code has ended. */
const LONGEST_FENCE = 1_000;

/** Characters that are too many to be read with every frame. */
const DEAR = 16_000;

const DEFINITION = /^ {0,3}\[(?!\^)[^\]\n]+\]:/m;

/** A line that is words, whatever follows: no mark of a block, and no title of a definition above it. */
const PLAIN_LINE = /^(?:\*\*?|__?)?\p{L}\p{L}/u;

/** May be the beginning of a formula that goes over lines which look like other blocks, up to a blank line. */
const HALF_FORMULA = /^ {0,3}(?:\$\$(?:\\[\s\S]|[^\\$])*$(?![\s\S])|\\\[)/m;
const BLANK_LINE = /\n[ \t]*\n/;

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
  /** Blocks that nothing which follows can change. They end where `#start` is. */
  #frozen: Block[] = [];
  #start = 0;
  /** What is finished of the block at `#start`. */
  #grown: Grown | null = null;
  /** Up to here it was looked for what is finished. */
  #decided = 0;
  /** Up to here no closing fence of the code at `#start` was found. */
  #searched = 0;
  /** Definitions between blocks that are put away. No name of a link may be found that nobody gave. */
  #links: TokensList["links"] = Object.create(null);
  #done = false;
  #blocks: readonly Block[] = [];
  /** How many characters were read so far, for the tests that hold the work per piece down. */
  charactersRead = 0;

  /**
   * The blocks of the text so far.
   *
   * @param done nothing more will come
   */
  update(written: string, done: boolean): readonly Block[] {
    const text = written.includes("\r") ? written.replace(/\r\n?/g, "\n") : written;
    if (text === this.#source && done === this.#done) return this.#blocks;
    if (!text.startsWith(this.#source)) this.#reset();
    else if (!done && this.#canWait(text)) return this.#blocks;
    this.#source = text;
    this.#done = done;
    this.#blocks = done ? this.#whole() : this.#soFar();
    return this.#blocks;
  }

  /** Whether too little has come to read all again that could not be put away: a list within an item, say. */
  #canWait(text: string): boolean {
    const unfinished = this.#source.length - (this.#grown?.end ?? this.#start);
    if (unfinished < DEAR || this.#searched > this.#start) return false;
    return text.length - this.#source.length < unfinished / 64;
  }

  #reset(): void {
    this.#frozen = [];
    this.#start = 0;
    this.#grown = null;
    this.#decided = 0;
    this.#searched = 0;
    this.#links = Object.create(null);
  }

  #soFar(): readonly Block[] {
    this.#freeze();
    const code = this.#openCode();
    if (code) return [...this.#frozen, code];
    const rest = this.#source.slice(this.#grown?.end ?? this.#start);
    return [...this.#frozen, ...this.#read(closeSyntax(rest), false).filter(isShown).map(asFarAsWritten)];
  }

  /** The text is finished. */
  #whole(): readonly Block[] {
    // A definition at the end may change a link at the beginning.
    if (DEFINITION.test(this.#source)) {
      this.#reset();
      return this.#lex(this.#source).filter(isShown).map(closed);
    }
    const rest = this.#source.slice(this.#grown?.end ?? this.#start);
    return [...this.#frozen, ...this.#read(rest, true).filter(isShown).map(closed)];
  }

  /** Puts away what can't change any more: all blocks but the last, and of that one what is finished. */
  #freeze(): void {
    const line = this.#source.lastIndexOf("\n") + 1;
    // What a line makes of itself and of those above it is known at its end, or if it begins with a word.
    const end = PLAIN_LINE.test(this.#source.slice(line)) ? this.#source.length : line;
    if (end - this.#decided < PIECE && line <= this.#decided) return;
    if (this.#openCode()) return;
    this.#decided = end;
    const tokens = this.#read(this.#source.slice(this.#grown?.end ?? this.#start, end), true);
    const last = tokens.findLastIndex(({ type }) => type !== "space");
    for (const [at, token] of tokens.slice(0, Math.max(0, last)).entries()) {
      if (token.type === "paragraph") {
        const half = HALF_FORMULA.test(token.raw);
        if (half && !BLANK_LINE.test(this.#source.slice(this.#start, end))) return;
        // Without its bar the head of a table may read as something else where no paragraph is above it.
        const next = tokens[at + 1];
        if (at + 1 === last && next?.type === "table" && !/^ {0,3}\|/.test(next.raw)) return;
      }
      this.#grown = null;
      this.#start += token.raw.length;
      this.#searched = this.#start;
      if (isShown(token)) this.#frozen.push(closed(token));
      else if (token.type === "def") this.#links[token.tag] ??= { href: token.href, title: token.title };
    }
    const token = tokens[last];
    if (token) this.#grown = grow(token, this.#start, this.#grown);
  }

  /**
   * The tokens of a text that goes on after what is put away; the first one is whole again.
   *
   * @param decided the text is no guess at what will come
   */
  #read(rest: string, decided: boolean): Token[] {
    const grown = this.#grown;
    if (!grown) return this.#lex(rest);
    const [first, ...others] = this.#lex(grown.standIn + rest);
    const finished = this.#source.slice(this.#start, grown.end);
    if (first && join(grown, first, finished + first.raw.slice(grown.standIn.length), decided)) {
      return [first, ...others];
    }
    // What follows has made something else of it, as it does once at most.
    this.#grown = null;
    return this.#lex(finished + rest);
  }

  #lex(source: string): Token[] {
    this.charactersRead += source.length;
    return lex(source, this.#links);
  }

  /** The code block at `#start`, if its closing fence has not come yet. Only what is new is looked at. */
  #openCode(): Block | null {
    const fence = FENCE.exec(this.#source.slice(this.#start, this.#start + LONGEST_FENCE));
    if (!fence) return null;
    const [opening, marks = "", info = ""] = fence;
    const text = this.#start + opening.length;
    const from = Math.max(text, this.#searched);
    const fresh = this.#source.slice(from);
    this.charactersRead += fresh.length;
    if (new RegExp(`^ {0,3}${marks[0]}{${marks.length},}[ \\t]*$`, "m").test(fresh)) return null;
    const line = Math.max(text, this.#source.lastIndexOf("\n") + 1);
    this.#searched = line;
    // A closing fence that has begun is not shown as code.
    const begun = new RegExp(`^ {0,3}${marks[0]}*$`).test(this.#source.slice(line));
    const shown = this.#source.slice(text, begun ? line : undefined);
    const raw = this.#source.slice(this.#start);
    return { token: { type: "code", raw, lang: info.trim(), text: shown }, open: true };
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

const closed = (token: Token): Block => ({ token, open: false });

function asFarAsWritten(token: Token): Block {
  return { token, open: token.type === "code" && HALF_FENCE.test(token.raw) };
}

function isShown(token: Token): boolean {
  return token.type !== "space" && token.type !== "def";
}
