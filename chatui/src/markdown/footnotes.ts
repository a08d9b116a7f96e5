/**
 * Footnotes as GitHub reads them: `[^label]` in a line, and `[^label]: text` for what it says. They are numbered in the
 * order in which they are first referred to. A reference without a definition is text; a definition without a
 * reference is not shown.
 *
 * Nothing here is kept between texts: references are tokens also where no definition is known yet, since it may still
 * come, long after the block of the reference was finished.
 */
import type { Token, TokenizerExtension, Tokens } from "marked";

export interface ReferenceToken extends Tokens.Generic {
  type: "footnoteReference";
  label: string;
}

export interface DefinitionToken extends Tokens.Generic {
  type: "footnote";
  label: string;
  tokens: Token[];
}

/** What is followed by an address in brackets is a link, whatever its text is. */
const REFERENCE = /^\[\^([^\]\s]+)\](?!\([^\s)]*\))/;

/**
 * Its first line, then those that are indented, also after blank ones, and those that go on with a paragraph: they
 * begin like words.
 */
const DEFINITION =
  /^ {0,3}\[\^([^\]\s]+)\]:[ \t]*([^\n]*(?:(?:\n[ \t]*)*\n(?: {4}|\t)[ \t]*\S[^\n]*|\n(?!\[\^|\d+[.)])[^\s#>+*=`~|<$\\-][^\n]*)*)(?:\n|$)/;

const caseless = (label: string): string => label.toLowerCase();

const reference: TokenizerExtension = {
  name: "footnoteReference",
  level: "inline",
  start: (source) => {
    const at = source.indexOf("[^");
    return at < 0 ? undefined : at;
  },
  tokenizer(source): ReferenceToken | undefined {
    // A link can't be in a link.
    if (this.lexer.state.inLink) return undefined;
    const [raw, label] = REFERENCE.exec(source) ?? [];
    return raw && label ? { type: "footnoteReference", raw, label: caseless(label) } : undefined;
  },
};

const definition: TokenizerExtension = {
  name: "footnote",
  level: "block",
  start: (source) => {
    const at = source.search(/\n {0,3}\[\^[^\]\s]+\]:/);
    return at < 0 ? undefined : at + 1;
  },
  tokenizer(source): DefinitionToken | undefined {
    const [raw, label, text = ""] = DEFINITION.exec(source) ?? [];
    if (!raw || !label) return undefined;
    const { state } = this.lexer;
    const { top } = state;
    // Also inside of a list it holds whole paragraphs.
    state.top = true;
    const tokens = this.lexer.blockTokens(text.replace(/\n(?: {4}|\t)/g, "\n"), []);
    state.top = top;
    return { type: "footnote", raw, label: caseless(label), tokens };
  },
};

export const FOOTNOTES = [definition, reference];

/** A text's end that may become a reference or a definition. */
export const HALF_FOOTNOTE = /\[\^[^\]\s]*$|(?<=^|\n) {0,3}\[\^[^\]\s]+\]$/;

export interface Footnote {
  /** From 1. */
  number: number;
  tokens: readonly Token[];
  /** How often it is referred to. */
  references: number;
}

/** The place of a reference among all. */
export interface Place {
  number: number;
  /** Counts the references to the same footnote from 1. */
  occurrence: number;
}

export interface Footnotes {
  /** In the order of their numbers. */
  list: readonly Footnote[];
  /** References without a definition have no place. */
  places: ReadonlyMap<Token, Place>;
}

const NONE: Footnotes = { list: [], places: new Map() };

interface Found {
  references: ReferenceToken[];
  definitions: DefinitionToken[];
}
function walk(tokens: readonly Token[], visit: (token: Token) => void): void {
  for (const token of tokens) {
    visit(token);
    if (token.type === "table") {
      const { header, rows } = token as Tokens.Table;
      for (const cell of [...header, ...rows.flat()]) walk(cell.tokens, visit);
    } else if (token.type === "list") walk((token as Tokens.List).items, visit);
    else if ("tokens" in token) walk(token.tokens ?? [], visit);
  }
}

/** A finished block is not looked through again. */
const known = new WeakMap<Token, Found>();

function look(block: Token): Found {
  let found = known.get(block);
  if (!found) {
    const references: ReferenceToken[] = [];
    const definitions: DefinitionToken[] = [];
    walk([block], (token) => {
      if (token.type === "footnoteReference") references.push(token as ReferenceToken);
      if (token.type === "footnote") definitions.push(token as DefinitionToken);
    });
    found = { references, definitions };
    known.set(block, found);
  }
  return found;
}

/** The footnotes of a text, by its blocks. */
export function footnotesOf(blocks: readonly Token[]): Footnotes {
  const all = blocks.map(look);
  const definitions = new Map<string, DefinitionToken>();
  for (const one of all.flatMap((found) => found.definitions)) {
    if (!definitions.has(one.label)) definitions.set(one.label, one);
  }
  if (definitions.size === 0) return NONE;
  const numbered = new Map<string, Footnote>();
  const places = new Map<Token, Place>();
  for (const token of all.flatMap((found) => found.references)) {
    const defined = definitions.get(token.label);
    if (!defined) continue;
    const footnote = numbered.get(token.label) ?? {
      number: numbered.size + 1,
      tokens: defined.tokens,
      references: 0,
    };
    footnote.references++;
    numbered.set(token.label, footnote);
    places.set(token, { number: footnote.number, occurrence: footnote.references });
  }
  return { list: [...numbered.values()], places };
}
