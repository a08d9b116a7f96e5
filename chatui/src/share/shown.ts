/** What a reader sees of the messages of a link. Pure. */
import type { Message } from "../frames";
import { emptyThread } from "../state";
import { type Choices, pathOf, type TreeNode } from "../tree";

/**
 * The path to show, from the top down.
 *
 * @param messages newest first
 * @param more there are older ones, so that what a message follows may only not be known yet
 */
export function shownOf(messages: readonly Message[], more: boolean, choices: Choices): readonly TreeNode[] {
  const given = new Map([...messages].reverse().map((message) => [message.id, message]));
  const hangs = hangingOn(given, more ? messages.at(-1) : undefined);
  const taken = takenBack(messages);
  const known = new Map([...given].filter(([id]) => hangs(id) && !taken.has(id)));
  return pathOf({ ...emptyThread, messages: known }, [], choices).shown;
}

/**
 * Whether a message is connected with a beginning. A question that was sent while the reply above it was still being written is
 * older than that; where the link does not show that reply, neither is what follows it.
 *
 * @param oldest the oldest message that is known, where there are older ones: what it follows may only not be known yet
 */
function hangingOn(
  given: ReadonlyMap<string, Message>,
  oldest: Message | undefined,
): (id: string) => boolean {
  const found = new Map<string, boolean>();
  const beginning = (message: Message) =>
    message.parentId === null || (oldest !== undefined && message.parentId === oldest.parentId);
  return (id) => {
    const above: string[] = [];
    let message = given.get(id);
    while (message && !found.has(message.id) && !beginning(message)) {
      above.push(message.id);
      message = message.parentId === null ? undefined : given.get(message.parentId);
    }
    const hangs = message !== undefined && (found.get(message.id) ?? true);
    for (const one of above) found.set(one, hangs);
    return hangs;
  };
}

/** What was stopped before a word of it was there, with its question, where nothing follows: its owner's page shows no such thing. */
function takenBack(messages: readonly Message[]): ReadonlySet<string> {
  const following = new Map<string, Message[]>();
  for (const message of messages) {
    const { parentId } = message;
    if (parentId !== null) following.set(parentId, [...(following.get(parentId) ?? []), message]);
  }
  const unsaid = (message: Message) =>
    message.role === "assistant" &&
    message.status === "cancelled" &&
    message.text === "" &&
    !following.has(message.id);
  return new Set(
    messages
      .filter(({ role, id }) => role === "user" && (following.get(id)?.every(unsaid) ?? false))
      .flatMap(({ id }) => [id, ...(following.get(id) ?? []).map((one) => one.id)]),
  );
}

/** Questions and their answers, some of them together: the browser passes over what is out of sight as one. */
export function groupsOf(nodes: readonly TreeNode[], turnsOfAGroup = 10): TreeNode[][][] {
  const turns: TreeNode[][] = [];
  for (const node of nodes) {
    const last = turns.at(-1);
    if (node.role === "user" || !last) turns.push([node]);
    else last.push(node);
  }
  const groups: TreeNode[][][] = [];
  // From the end, so that older ones that come later change no group but the first.
  for (let end = turns.length; end > 0; end -= turnsOfAGroup) {
    groups.unshift(turns.slice(Math.max(0, end - turnsOfAGroup), end));
  }
  return groups;
}
