/** Messages form a tree; a person sees one path through it. */
import type { OutboxEntry } from "./outbox";
import type { Thread } from "./state";

/**
 * `message`: stored and ended. `reply`: not ended. `pending`: a person's message that is only in the outbox.
 * `expected`: the reply to such a message, until the log tells of it.
 */
export type NodeKind = "message" | "reply" | "pending" | "expected";

export interface TreeNode {
  readonly id: string;
  readonly parentId: string | null;
  readonly role: "user" | "assistant";
  readonly kind: NodeKind;
  /** The ids of the versions of this message, oldest first, with its own among them. */
  readonly siblings: readonly string[];
}

/** The version that was chosen under a parent ("" for the top). */
export type Choices = ReadonlyMap<string, string>;

export interface Path {
  /** What is said and being said, from the top down. */
  readonly shown: readonly TreeNode[];
  /** Messages whose turn comes after the reply that is being written. */
  readonly waiting: readonly WaitingNode[];
  /** The assistant messages of the path, the last first: what a new message follows, and what is above that. */
  readonly ancestors: readonly string[];
}

export interface WaitingNode extends TreeNode {
  readonly replyId: string | null;
}

interface PlainNode {
  id: string;
  parentId: string | null;
  role: "user" | "assistant";
  kind: NodeKind;
}

const keyOf = (parentId: string | null): string => parentId ?? "";

function allNodes(
  thread: Thread,
  outbox: readonly OutboxEntry[],
  takenBack: ReadonlySet<string>,
): Map<string, PlainNode> {
  const nodes = new Map<string, PlainNode>();
  // As times: the server leaves out a fraction of zero, and then the texts have another order.
  const messages = [...thread.messages.values()].sort(
    (a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt),
  );
  for (const { id, parentId, role } of messages) nodes.set(id, { id, parentId, role, kind: "message" });
  for (const { replyId, parentId } of thread.replies) {
    nodes.set(replyId, { id: replyId, parentId, role: "assistant", kind: "reply" });
  }
  for (const { messageId, replyId, parentId } of outbox) {
    if (!nodes.has(messageId))
      nodes.set(messageId, { id: messageId, parentId, role: "user", kind: "pending" });
    // Each is told of by an event of its own: what is written between the two belongs under the reply all the same.
    if (!nodes.has(replyId))
      nodes.set(replyId, { id: replyId, parentId: messageId, role: "assistant", kind: "expected" });
  }
  for (const id of takenBack) nodes.delete(id);
  return nodes;
}

/**
 * The path to show: at each fork the chosen version, else the newest. Where older messages are not loaded it
 * begins at the oldest one above the newest.
 *
 * @param outbox what is kept of this conversation; what the thread has of it is passed over
 * @param takenBack messages that were taken back before their turn came: not shown, and nothing follows them
 */
export function pathOf(
  thread: Thread,
  outbox: readonly OutboxEntry[],
  choices: Choices,
  takenBack: ReadonlySet<string> = new Set(),
): Path {
  const nodes = allNodes(thread, outbox, takenBack);
  const children = new Map<string, PlainNode[]>();
  let newest: PlainNode | undefined;
  for (const node of nodes.values()) {
    const among = children.get(keyOf(node.parentId));
    if (among) among.push(node);
    else children.set(keyOf(node.parentId), [node]);
    newest = node;
  }
  if (!newest) return { shown: [], waiting: [], ancestors: [] };
  const path: TreeNode[] = [];
  let key = keyOf(topOf(newest, nodes).parentId);
  for (let among = children.get(key); among; among = children.get(key)) {
    const chosen = among.find((node) => node.id === choices.get(key)) ?? among.at(-1);
    if (!chosen) break;
    path.push({ ...chosen, siblings: among.map((node) => node.id) });
    key = chosen.id;
  }
  const firstOpen = path.findIndex((node) => node.role === "assistant" && node.kind !== "message");
  const end = firstOpen === -1 ? path.length : firstOpen + 1;
  const ancestors = path.filter((node) => node.role === "assistant").map((node) => node.id);
  return { shown: path.slice(0, end), waiting: waitingIn(path.slice(end)), ancestors: ancestors.reverse() };
}

function waitingIn(rest: readonly TreeNode[]): WaitingNode[] {
  return rest.flatMap((node, at) =>
    node.role === "user" ? [{ ...node, replyId: rest[at + 1]?.id ?? null }] : [],
  );
}

function topOf(node: PlainNode, nodes: ReadonlyMap<string, PlainNode>): PlainNode {
  let top = node;
  for (;;) {
    const above = top.parentId === null ? undefined : nodes.get(top.parentId);
    if (!above) return top;
    top = above;
  }
}

/** The later nodes, with the earlier object for each that has not changed: what shows it need not look at it again. */
export function keepSame(before: readonly TreeNode[], after: readonly TreeNode[]): readonly TreeNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  return after.map((node) => {
    const old = known.get(node.id);
    const same =
      old?.kind === node.kind &&
      old.parentId === node.parentId &&
      old.siblings.length === node.siblings.length &&
      old.siblings.every((id, at) => id === node.siblings[at]);
    return same ? old : node;
  });
}
