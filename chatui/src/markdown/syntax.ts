import { getDefaults, Lexer, type MarkedOptions, type Token, type TokensList } from "marked";
import { FOOTNOTES } from "./footnotes";
import { MATH } from "./math";

/** How all Markdown of the page is read. */
const extensions = [...MATH, ...FOOTNOTES];
const of = (level: "block" | "inline") => extensions.filter((extension) => extension.level === level);
export const MARKDOWN: MarkedOptions = {
  ...getDefaults(),
  // In marked's own form, which is what its lexer reads: the extension that came last is tried first.
  extensions: {
    block: of("block")
      .map(({ tokenizer }) => tokenizer)
      .reverse(),
    startBlock: of("block").flatMap(({ start }) => start ?? []),
    inline: of("inline")
      .map(({ tokenizer }) => tokenizer)
      .reverse(),
    startInline: of("inline").flatMap(({ start }) => start ?? []),
    renderers: {},
    childTokens: {},
  },
};

/**
 * How deep quotations and lists may be in each other, and marks of emphasis and links. What is deeper stays as it was
 * written: nobody could read it, and thousands of levels are more than the stack of a browser holds.
 */
export const DEEPEST = 32;

class ShallowLexer extends Lexer {
  #blocks = 0;
  #inlines = 0;

  override blockTokens(source: string, tokens?: Token[], lastParagraphClipped?: boolean): Token[];
  override blockTokens(source: string, tokens?: TokensList, lastParagraphClipped?: boolean): TokensList;
  override blockTokens(source: string, tokens: Token[] = [], lastParagraphClipped = false): Token[] {
    if (this.#blocks === DEEPEST) return asWritten(source, tokens);
    this.#blocks++;
    try {
      return super.blockTokens(source, tokens, lastParagraphClipped);
    } finally {
      this.#blocks--;
    }
  }

  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    if (this.#inlines === DEEPEST) return asWritten(source, tokens);
    this.#inlines++;
    try {
      return super.inlineTokens(source, tokens);
    } finally {
      this.#inlines--;
    }
  }
}

function asWritten(source: string, tokens: Token[]): Token[] {
  tokens.push({ type: "text", raw: source, text: source, escaped: false });
  return tokens;
}

/** Reads a text; definitions of links that came before it still hold. */
export function lex(source: string, links: TokensList["links"] = {}): TokensList {
  const lexer = new ShallowLexer(MARKDOWN);
  Object.assign(lexer.tokens.links, links);
  return lexer.lex(source);
}
