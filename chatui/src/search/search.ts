/** The search of the protocol, and what its answer shows. */
import { callInSession, items } from "../api";

/** A piece of an excerpt; the marked ones are what was looked for. */
export interface Piece {
  text: string;
  marked: boolean;
}

export interface Found {
  conversationId: string;
  messageId: string;
  title: string;
  excerpt: Piece[];
}

/** What was found, the newest message first; not complete if only the newest ones were looked through. */
export interface Answer {
  items: Found[];
  complete: boolean;
}

export { default as Results } from "./Results.svelte";

export async function search(query: string): Promise<Answer> {
  const answer = await callInSession("GET", `search?${new URLSearchParams({ q: query })}`);
  return { items: items(answer, decode), complete: (answer as { complete?: unknown }).complete !== false };
}

function decode(item: unknown): Found {
  const { conversationId, messageId, title, excerpt, marks } = item as Record<string, unknown>;
  if (typeof conversationId !== "string") throw new TypeError("no conversation");
  return {
    conversationId,
    messageId: String(messageId ?? ""),
    title: String(title ?? ""),
    excerpt: pieces(String(excerpt ?? ""), marks),
  };
}

/**
 * Cuts a text at its marks.
 *
 * @param marks pairs of the first UTF-16 unit and the one after the last, in their order; others are passed over
 */
export function pieces(text: string, marks: unknown): Piece[] {
  const list: Piece[] = [];
  let end = 0;
  for (const mark of Array.isArray(marks) ? marks : []) {
    const [from, to] = Array.isArray(mark) ? mark : [];
    if (!Number.isInteger(from) || !Number.isInteger(to) || from < end || to <= from || to > text.length)
      continue;
    if (from > end) list.push({ text: text.slice(end, from), marked: false });
    list.push({ text: text.slice(from, to), marked: true });
    end = to;
  }
  if (end < text.length) list.push({ text: text.slice(end), marked: false });
  return list;
}
