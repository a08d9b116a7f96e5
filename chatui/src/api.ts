/** The HTTP calls of the protocol, with addresses relative to the page. */
import {
  type Conversation,
  decodeConversation,
  decodeMessage,
  decodeSnapshot,
  type Message,
  type Snapshot,
} from "./frames";

export interface Model {
  id: string;
  default: boolean;
  price?: Price;
}

/** What a model costs, for a million tokens. */
export interface Price {
  prompt: number;
  completion: number;
  /** ISO 4217. */
  currency: string;
}

/** A call that the server answered with an error. */
export class CallFailed extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

/** What can be done on this server. */
export interface Offers {
  signIn: boolean;
  /** Conversations can be shared by links. */
  share: boolean;
}

/** Milliseconds after which a call without an answer is given up. */
const PATIENCE = 15_000;

export async function call(
  method: string,
  path: string,
  body?: unknown,
  keepalive = false,
): Promise<unknown> {
  const response = await fetch(new URL(`api/${path}`, document.baseURI), {
    method,
    keepalive,
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(PATIENCE),
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new CallFailed(response.status);
  return response.status === 204 ? null : response.json();
}

/** As `call`; if the session has ended, with a new one. */
export async function callInSession(method: string, path: string, body?: unknown): Promise<unknown> {
  try {
    return await call(method, path, body);
  } catch (problem) {
    if (!(problem instanceof CallFailed) || problem.status !== 401) throw problem;
    await startSession();
    return call(method, path, body);
  }
}

export const conversationPath = (id: string): string => `conversations/${encodeURIComponent(id)}`;

/** The readable entries of an answer's `items`. */
export function items<T>(answer: unknown, decode: (item: unknown) => T): T[] {
  const list = (answer as { items?: unknown }).items;
  if (!Array.isArray(list)) return [];
  return list.flatMap((item) => {
    try {
      return [decode(item)];
    } catch {
      return [];
    }
  });
}

/** Makes sure of a session; a CallFailed of 401 means that there is none for guests. */
export async function startSession(): Promise<Offers> {
  const answer = (await call("POST", "session", {})) as { signIn?: unknown; share?: unknown } | null;
  return { signIn: answer?.signIn === true, share: answer?.share === true };
}

/**
 * Begins to sign in.
 *
 * @param returnTo the fragment of the page's address that the person comes back to
 * @returns the address of the provider's page, to go to
 */
export async function beginSignIn(returnTo: string): Promise<string> {
  const answer = await call("POST", "session/sign-in", { returnTo });
  return (answer as { location: string }).location;
}

/** Ends the session of this browser, or of all browsers of this person. */
export async function endSession(everywhere: boolean): Promise<void> {
  await call("DELETE", everywhere ? "session?everywhere=true" : "session");
}

export async function listConversations(
  cursor: string | null,
): Promise<{ items: Conversation[]; next: string | null }> {
  const query = new URLSearchParams({ limit: "50", ...(cursor === null ? {} : { cursor }) });
  const answer = await callInSession("GET", `conversations?${query}`);
  const { next } = answer as { next?: unknown };
  return { items: items(answer, decodeConversation), next: typeof next === "string" ? next : null };
}

export async function readSnapshot(id: string): Promise<Snapshot> {
  return decodeSnapshot(await callInSession("GET", conversationPath(id)));
}

/** Newest first. */
export async function readOlder(id: string, before: string): Promise<{ items: Message[]; more: boolean }> {
  const query = new URLSearchParams({ before, limit: "100" });
  const answer = await callInSession("GET", `${conversationPath(id)}/messages?${query}`);
  return { items: items(answer, decodeMessage), more: (answer as { more?: unknown }).more === true };
}

export async function changeConversation(
  id: string,
  change: Partial<Pick<Conversation, "title" | "pinned" | "model" | "systemPrompt">>,
): Promise<Conversation> {
  return decodeConversation(await callInSession("PATCH", conversationPath(id), change));
}

export async function deleteConversation(id: string): Promise<void> {
  await callInSession("DELETE", conversationPath(id));
}

/** Deletes while the page is going away. */
export function deleteOnLeaving(id: string): void {
  call("DELETE", conversationPath(id), undefined, true).catch(() => {});
}

export function exportAddress(id: string, format: "markdown" | "json"): string {
  return `api/${conversationPath(id)}/export?format=${format}`;
}

export async function listModels(): Promise<Model[]> {
  return items(await callInSession("GET", "models"), (item) => {
    const { id, default: standard, price } = item as Record<string, unknown>;
    if (typeof id !== "string") throw new TypeError("no id");
    return { id, default: standard === true, ...(price ? { price: price as Price } : {}) };
  });
}

/** The socket's address: beside the page, whatever its path. */
export function socketAddress(): string {
  const address = new URL("ws", document.baseURI);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return address.href;
}
