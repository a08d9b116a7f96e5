/** What was written and not sent, per conversation, kept over reloads. */
import { keep, recall } from "./settings.svelte";

const nameOf = (conversationId: string | null): string => `draft.${conversationId ?? "new"}`;

export function readDraft(conversationId: string | null): string {
  return recall(nameOf(conversationId)) ?? "";
}

export function keepDraft(conversationId: string | null, text: string): void {
  keep(nameOf(conversationId), text === "" ? null : text);
}
