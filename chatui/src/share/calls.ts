/** The HTTP calls about links: those of who shares, and the one of who reads. */
import { CallFailed, call, callInSession, conversationPath, items } from "../api";
import { decodeMessage, type Message } from "../frames";

/** A link as its owner sees it. */
export interface Link {
  token: string;
  title: string;
  sharedAt: string;
  /** The conversation has messages, or a title, that the link does not show. */
  newer: boolean;
}

/** What a link shows, or some of it. */
export interface SharedPage {
  title: string;
  sharedAt: string;
  /** Newest first. */
  items: Message[];
  /** There are older ones. */
  more: boolean;
}

/** The server shows nothing: the link is gone or never was, or nobody shares anything there. */
export class NotShown extends Error {
  readonly why: "gone" | "off";
  constructor(why: "gone" | "off") {
    super(why);
    this.why = why;
  }
}

/** Messages of a page. */
const PAGE = 100;
/** Milliseconds after which a call without an answer is given up. */
const PATIENCE = 15_000;

function decodeLink(value: unknown): Link {
  const { token, title, sharedAt, newer } = value as Record<string, unknown>;
  if (typeof token !== "string" || typeof sharedAt !== "string") throw new TypeError("no link");
  return { token, title: String(title ?? ""), sharedAt, newer: newer === true };
}

const sharePath = (conversationId: string): string => `${conversationPath(conversationId)}/share`;

/** The link of a conversation; null if it has none. */
export async function findLink(conversationId: string): Promise<Link | null> {
  try {
    return decodeLink(await callInSession("GET", sharePath(conversationId)));
  } catch (problem) {
    if (problem instanceof CallFailed && problem.status === 404) return null;
    throw problem;
  }
}

/** Makes a link, or lets the one that is there show the conversation as it is now. */
export async function share(conversationId: string): Promise<Link> {
  return decodeLink(await callInSession("PUT", sharePath(conversationId)));
}

/** Not with another session than the one that the link was seen in: it would be another person's, who has no such link. */
export async function unshare(conversationId: string): Promise<void> {
  try {
    await call("DELETE", sharePath(conversationId));
  } catch (problem) {
    // With the conversation its link is gone, too.
    if (!(problem instanceof CallFailed && problem.status === 404)) throw problem;
  }
}

/** All links of this person, the newest first. */
export async function listLinks(): Promise<(Link & { conversationId: string })[]> {
  return items(await callInSession("GET", "shares"), (item) => {
    const { conversationId } = item as Record<string, unknown>;
    if (typeof conversationId !== "string") throw new TypeError("no conversation");
    return { ...decodeLink(item), conversationId };
  });
}

/** The address that is given to others. */
export function addressOf(token: string): string {
  return new URL(`./#/s/${token}`, document.baseURI).href;
}

/** The token in the fragment of such an address. */
export function tokenOf(hash: string): string {
  return hash.replace(/^#\/s\//, "");
}

/**
 * Reads what a link shows, as a stranger: no cookie goes with it.
 *
 * @param before the oldest message that is known
 * @throws NotShown if there is nothing; anything else where the server can't be reached
 */
export async function readShared(token: string, before?: string): Promise<SharedPage> {
  const query = new URLSearchParams({ limit: String(PAGE), ...(before === undefined ? {} : { before }) });
  const response = await fetch(
    new URL(`api/shared/${encodeURIComponent(token)}?${query}`, document.baseURI),
    { credentials: "omit", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) },
  );
  if (response.ok) {
    const answer = await response.json();
    const { title, sharedAt, more } = answer as Record<string, unknown>;
    return {
      title: String(title ?? ""),
      sharedAt: String(sharedAt ?? ""),
      items: items(answer, decodeMessage),
      more: more === true,
    };
  }
  if (response.status === 404 || response.status === 400) {
    const problem = (await response.json().catch(() => null)) as { cause?: unknown } | null;
    throw new NotShown(problem?.cause === "sharing_off" ? "off" : "gone");
  }
  throw new CallFailed(response.status);
}
