/**
 * A block that grows: items of a list, rows of a table and words of a paragraph that nothing which follows can change
 * are put away, and a short text that has the same effect on what follows is read in their stead. So a long block
 * costs as much per word as a short one.
 */
import type { Token, Tokens } from "marked";

/** Characters that are worth being put away. */
export const PIECE = 500;

export interface Grown {
  /** Where the part that is read anew begins in the source. */
  readonly end: number;
  readonly standIn: string;
  readonly parts: ListParts | TableParts | ParagraphParts;
}

interface ListParts {
  readonly type: "list";
  readonly start: Tokens.List["start"];
  readonly loose: boolean;
  readonly items: readonly Tokens.ListItem[];
}

interface TableParts {
  readonly type: "table";
  readonly rows: Tokens.Table["rows"];
}

interface ParagraphParts {
  readonly type: "paragraph";
  readonly pieces: readonly Tokens.Text[];
}

/** A word and a blank: what follows is as much inside of the paragraph as it was. */
const WORD = "x ";

/**
 * What is finished of a block.
 *
 * @param start where it begins in the source
 * @param before what was finished of it already
 */
export function grow(token: Token, start: number, before: Grown | null): Grown | null {
  if (token.type === "list") return growList(token as Tokens.List, start, before);
  if (token.type === "table") return growTable(token as Tokens.Table, start, before);
  if (token.type === "paragraph") return growParagraph(token as Tokens.Paragraph, start, before);
  return null;
}

/**
 * Puts what is finished back into a token that was read with the text that stands in for it.
 *
 * @param raw all of the block's source
 * @param decided the token is no guess at what will come
 * @returns whether it still is that block; if not, it must be read from its beginning
 */
export function join({ parts }: Grown, token: Token, raw: string, decided: boolean): boolean {
  if (token.type !== parts.type) return false;
  token.raw = raw;
  switch (parts.type) {
    case "list": {
      const list = token as Tokens.List;
      // A blank line between two items makes paragraphs of all.
      if (decided && list.loose !== parts.loose) return false;
      list.items = [...parts.items, ...list.items.slice(1)];
      list.start = parts.start;
      return true;
    }
    case "table": {
      const table = token as Tokens.Table;
      table.rows = [...parts.rows, ...table.rows];
      return true;
    }
    case "paragraph": {
      const paragraph = token as Tokens.Paragraph;
      const [first, ...others] = paragraph.tokens;
      if (first?.type !== "text" || !first.raw.startsWith(WORD)) return false;
      const rest = first.raw.slice(WORD.length);
      paragraph.text = raw.replace(/\n$/, "");
      paragraph.tokens = [...parts.pieces, { ...first, raw: rest, text: rest } as Tokens.Text, ...others];
      return true;
    }
  }
}

function growList(list: Tokens.List, start: number, before: Grown | null): Grown | null {
  const items = list.items.slice(0, -1);
  const [last, next] = list.items.slice(-2);
  if (!last || !next) return before;
  // The next one is inside of the last one or beside it by where that one's words begin.
  const [, mark = "", gap = ""] = /^( {0,3}(?:[-+*]|\d{1,9}[.)]))([ \t]*)/.exec(last.raw) ?? [];
  const blank = /^[^\n]*\n?/.exec(last.raw)?.[0].trim() === mark.trim();
  return {
    end: start + list.raw.trimEnd().length - next.raw.length,
    standIn: `${mark}${blank ? " " : gap}x\n${list.loose ? "\n" : ""}`,
    parts: { type: "list", start: list.start, loose: list.loose, items },
  };
}

function growTable(table: Tokens.Table, start: number, before: Grown | null): Grown | null {
  if (table.rows.length < 2) return before;
  const [head = ""] = /^[^\n]*\n[^\n]*\n/.exec(table.raw) ?? [];
  return {
    end: start + table.raw.trimEnd().lastIndexOf("\n") + 1,
    standIn: head,
    parts: { type: "table", rows: table.rows.slice(0, -1) },
  };
}

function growParagraph(paragraph: Tokens.Paragraph, start: number, before: Grown | null): Grown | null {
  const pieces = before?.parts.type === "paragraph" ? before.parts.pieces : [];
  const settled = settledWords(paragraph.tokens.slice(pieces.length));
  if (!settled || settled.raw.length < PIECE) return before;
  return {
    end: (before?.end ?? start) + settled.raw.length,
    standIn: WORD,
    parts: { type: "paragraph", pieces: [...pieces, settled] },
  };
}

/** Up to the last blank between two words before which no mark is open. */
function settledWords(tokens: readonly Token[]): Tokens.Text | null {
  let settled: { raw: string; tokens: Token[] } | null = null;
  let raw = "";
  for (const [at, token] of tokens.entries()) {
    if (!isSettled(token)) break;
    const words =
      token.type === "text" ? /^[\s\S]*[\p{L}\p{N}.,;:!?] (?=\p{L})/u.exec(token.raw)?.[0] : undefined;
    if (words) {
      const text = { ...token, raw: words, text: words } as Token;
      settled = { raw: raw + words, tokens: [...tokens.slice(0, at), text] };
    }
    raw += token.raw;
  }
  return settled && { type: "text", raw: settled.raw, text: settled.raw, tokens: settled.tokens };
}

/** Characters that may be half of something whose other half has not come yet. */
const MARK = /[*_~`[<$\\]/;

/** Whether nothing that follows can change what a piece of a paragraph is. */
function isSettled(token: Token): boolean {
  switch (token.type) {
    case "codespan":
    case "br":
      return true;
    case "math":
      // What these two may begin or end is looked for in formulas too.
      return !/`|<(?! )/.test(token.raw);
    case "strong":
    case "em":
    case "del":
      return (token.tokens ?? []).every(isSettled);
    case "link":
      return !token.raw.startsWith("[") || (token.tokens ?? []).every(isSettled);
    case "text":
      // Brackets in pairs are what they are, and so is a line within a word.
      return !MARK.test(
        token.raw.replace(/\[[^[\]]*\]/g, "").replace(/(?<=[\p{L}\p{N}])_+(?=[\p{L}\p{N}])/gu, ""),
      );
    default:
      return false;
  }
}
