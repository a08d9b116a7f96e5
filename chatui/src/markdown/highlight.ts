/** Colours code once it is complete. Loaded on first use; each language is its own file. */
import type { HLJSApi, LanguageFn } from "highlight.js";
import core from "highlight.js/lib/core";
import { endOfStretch } from "./stretch";

/** A piece of code with the class names of what it is. */
export interface Piece {
  text: string;
  className: string;
}

type Load = () => Promise<{ default: LanguageFn }>;

const LANGUAGES: Record<string, Load> = {
  bash: () => import("highlight.js/lib/languages/bash"),
  c: () => import("highlight.js/lib/languages/c"),
  cpp: () => import("highlight.js/lib/languages/cpp"),
  csharp: () => import("highlight.js/lib/languages/csharp"),
  css: () => import("highlight.js/lib/languages/css"),
  diff: () => import("highlight.js/lib/languages/diff"),
  dockerfile: () => import("highlight.js/lib/languages/dockerfile"),
  go: () => import("highlight.js/lib/languages/go"),
  graphql: () => import("highlight.js/lib/languages/graphql"),
  haskell: () => import("highlight.js/lib/languages/haskell"),
  ini: () => import("highlight.js/lib/languages/ini"),
  java: () => import("highlight.js/lib/languages/java"),
  javascript: () => import("highlight.js/lib/languages/javascript"),
  json: () => import("highlight.js/lib/languages/json"),
  kotlin: () => import("highlight.js/lib/languages/kotlin"),
  lua: () => import("highlight.js/lib/languages/lua"),
  makefile: () => import("highlight.js/lib/languages/makefile"),
  markdown: () => import("highlight.js/lib/languages/markdown"),
  nginx: () => import("highlight.js/lib/languages/nginx"),
  perl: () => import("highlight.js/lib/languages/perl"),
  php: () => import("highlight.js/lib/languages/php"),
  powershell: () => import("highlight.js/lib/languages/powershell"),
  python: () => import("highlight.js/lib/languages/python"),
  r: () => import("highlight.js/lib/languages/r"),
  ruby: () => import("highlight.js/lib/languages/ruby"),
  rust: () => import("highlight.js/lib/languages/rust"),
  scala: () => import("highlight.js/lib/languages/scala"),
  scss: () => import("highlight.js/lib/languages/scss"),
  sql: () => import("highlight.js/lib/languages/sql"),
  swift: () => import("highlight.js/lib/languages/swift"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  xml: () => import("highlight.js/lib/languages/xml"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
};

const ALIASES: Record<string, string> = {
  sh: "bash",
  shell: "bash",
  zsh: "bash",
  console: "bash",
  h: "c",
  "c++": "cpp",
  cc: "cpp",
  hpp: "cpp",
  cs: "csharp",
  "c#": "csharp",
  docker: "dockerfile",
  golang: "go",
  hs: "haskell",
  toml: "ini",
  properties: "ini",
  js: "javascript",
  jsx: "javascript",
  mjs: "javascript",
  jsonc: "json",
  kt: "kotlin",
  make: "makefile",
  md: "markdown",
  pl: "perl",
  ps1: "powershell",
  py: "python",
  rb: "ruby",
  rs: "rust",
  sass: "scss",
  ts: "typescript",
  tsx: "typescript",
  html: "xml",
  svg: "xml",
  vue: "xml",
  svelte: "xml",
  yml: "yaml",
};

/** Longer code stays plain: colouring it would hold up the page. */
const LONGEST = 60_000;

/**
 * Collects pieces instead of the HTML text that highlight.js would make: no text of a model ever becomes HTML.
 * The members are those of highlight.js's own emitter.
 */
class PieceEmitter {
  pieces: Piece[] = [];
  #scopes: string[] = [];

  startScope(name: string): void {
    this.#scopes.push(name);
  }

  endScope(): void {
    this.#scopes.pop();
  }

  openNode(name: string): void {
    this.startScope(name);
  }

  closeNode(): void {
    this.endScope();
  }

  addText(text: string): void {
    if (text === "") return;
    const className = this.#scopes.map((scope) => `hl-${scope.split(".")[0]}`).join(" ");
    const last = this.pieces.at(-1);
    if (last?.className === className) last.text += text;
    else this.pieces.push({ text, className });
  }

  __addSublanguage(other: PieceEmitter): void {
    this.pieces.push(...other.pieces);
  }

  closeAllNodes(): void {
    this.#scopes = [];
  }

  finalize(): void {
    this.closeAllNodes();
  }

  toHTML(): string {
    return "";
  }
}

const highlighter: HLJSApi = core.newInstance();
highlighter.configure({ __emitter: PieceEmitter } as unknown as Parameters<HLJSApi["configure"]>[0]);

interface Result {
  readonly _emitter: PieceEmitter;
  /** What the end of the code is inside of. */
  readonly _top: { readonly parent?: unknown };
}

/**
 * Colours code stretch by stretch, each of whole lines, with a pause for the page after each.
 *
 * @returns nothing if the language is not known here
 */
export async function* highlight(code: string, language: string): AsyncGenerator<Piece[], void, void> {
  const name = ALIASES[language.toLowerCase()] ?? language.toLowerCase();
  const load = LANGUAGES[name];
  if (!load || code.length > LONGEST) return;
  if (!highlighter.getLanguage(name)) highlighter.registerLanguage(name, (await load()).default);
  let start = 0;
  let count = 1;
  while (start < code.length) {
    let end = start;
    for (let at = 0; at < count; at++) end = endOfStretch(code, end);
    const result = highlighter.highlight(code.slice(start, end), { language: name, ignoreIllegals: true });
    const { _emitter, _top } = result as unknown as Result;
    if (_top.parent !== undefined && end < code.length) {
      // It ends in the middle of a comment, say, of which the next stretch would know nothing.
      count *= 2;
      continue;
    }
    yield _emitter.pieces;
    start = end;
    count = 1;
    await new Promise((resolve) => setTimeout(resolve));
  }
}
