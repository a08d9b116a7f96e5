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
  const known = new Map<string, Message>();
  for (const message of [...messages].reverse()) {
    // One that was written while the reply above it was still to come stands under nothing that is shown.
    const { parentId } = message;
    if (more || parentId === null || known.has(parentId)) known.set(message.id, message);
  }
  return pathOf({ ...emptyThread, messages: known }, [], choices).shown;
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
