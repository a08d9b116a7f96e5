/** The conversation in sight: what of it is known here, and which path through it is shown. */
import { untrack } from "svelte";
import type { OpenReply } from "./frames";
import type { OutboxEntry } from "./outbox";
import { keep, recall } from "./settings.svelte";
import { emptyThread, type Thread } from "./state";
import { type Choices, keepSame, pathOf, type TreeNode } from "./tree";

/** Milliseconds that the event of an accepted message may take. */
const EVENT_DELAY = 10_000;
/** Ids of messages that were taken back which are remembered. */
const MOST_TAKEN_BACK = 400;

export class CurrentConversation {
  /** null is a new one. */
  id = $state.raw<string | null>(null);
  /** A message that a search has found, until it is in sight. */
  soughtId = $state.raw<string | null>(null);
  // What a word of a reply changes is only `thread`. All else keeps its identity, so that nothing that shows other
  // messages is looked at again for each word.
  thread = $state.raw<Thread>(emptyThread);
  messages = $state.raw<Thread["messages"]>(emptyThread.messages);

  readonly #outbox: () => readonly OutboxEntry[];
  /** Of all conversations, so that one looks as before when the person comes back to it. */
  #choices = $state.raw<ReadonlyMap<string, Choices>>(new Map());
  /** Messages that were taken back before their turn came, and the answers that they will not get. */
  #takenBack = $state.raw<ReadonlySet<string>>(new Set((recall("takenBack") ?? "").split(",")));
  /** What was shown last, so that what has not changed stays the same object. */
  #shown: readonly TreeNode[] = [];

  /** What is not in the log, as far as this page can know: unsent, or sent so lately that its event is on its way. */
  #entries = $derived.by(() => {
    const lately = Date.now() - EVENT_DELAY;
    return this.#outbox().filter(
      (entry) => entry.conversationId === this.id && (entry.seenAt === null || entry.seenAt > lately),
    );
  });
  /** Changes only when replies come and go, not with every delta. */
  #replyKey = $derived(this.thread.replies.map((reply) => reply.replyId).join());
  path = $derived.by(() => {
    void this.#replyKey;
    const messages = this.messages;
    const replies = untrack(() => this.thread.replies);
    const choices = this.#choices.get(this.id ?? "") ?? new Map();
    const path = pathOf({ ...emptyThread, messages, replies }, this.#entries, choices, this.#takenBack);
    this.#shown = keepSame(this.#shown, path.shown);
    return { ...path, shown: this.#shown };
  });
  /** The reply at the end of what is shown, if it has not ended. */
  openReplyId = $derived.by(() => {
    const last = this.path.shown.at(-1);
    return last && last.role === "assistant" && last.kind !== "message" ? last.id : null;
  });

  /** @param outbox gives what the person wrote, in all conversations; asked again when that changes */
  constructor(id: string | null, outbox: () => readonly OutboxEntry[]) {
    this.id = id;
    this.#outbox = outbox;
  }

  /** Takes what is known of it. */
  look(threads: ReadonlyMap<string, Thread>): void {
    this.thread = (this.id === null ? undefined : threads.get(this.id)) ?? emptyThread;
    this.messages = this.thread.messages;
  }

  /** The open reply with this id, also if it is not in the thread any more by the next frame. */
  reply(replyId: string): OpenReply | undefined {
    return this.thread.replies.find((reply) => reply.replyId === replyId);
  }

  entry(messageId: string): OutboxEntry | undefined {
    return this.#entries.find((entry) => entry.messageId === messageId);
  }

  /**
   * Chooses the versions on the way to the message that is looked for.
   *
   * @returns whether it is here; older messages may have to be read first
   */
  seek(): boolean {
    let message = this.soughtId === null ? undefined : this.messages.get(this.soughtId);
    if (!message || this.id === null) return false;
    const choices = new Map(this.#choices.get(this.id));
    for (; message; message = message.parentId === null ? undefined : this.messages.get(message.parentId)) {
      choices.set(message.parentId ?? "", message.id);
    }
    this.#choices = new Map(this.#choices).set(this.id, choices);
    return true;
  }

  choose(parentId: string | null, id: string): void {
    if (this.id === null) return;
    const choices = new Map(this.#choices.get(this.id)).set(parentId ?? "", id);
    this.#choices = new Map(this.#choices).set(this.id, choices);
  }

  /** Shows the newest version again under a parent ("" for the top) of any conversation. */
  forgetChoice(conversationId: string, parentKey: string): void {
    const choices = this.#choices.get(conversationId);
    if (!choices?.has(parentKey)) return;
    const fewer = new Map(choices);
    fewer.delete(parentKey);
    this.#choices = new Map(this.#choices).set(conversationId, fewer);
  }

  /** Shows neither a message whose turn has not come nor the answer that it will not get, also after a reload. */
  takeBack(messageId: string, replyId: string): void {
    this.#takenBack = new Set([...[...this.#takenBack].slice(-MOST_TAKEN_BACK), messageId, replyId]);
    keep("takenBack", [...this.#takenBack].join());
  }
}
