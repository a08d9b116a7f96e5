/** Sends what waits in the outbox: each conversation in order, one message after the other. */
import type { Answer, ClientFrame } from "./frames";
import { isUnsent, markSeen, type Outbox, type OutboxEntry } from "./outbox";
import { Refused } from "./socket";

/** Milliseconds to wait after a refusal that may pass, if the server does not say how long. */
const PAUSE = 2_000;
/** The longest to wait, whatever the server says: it may have been set to allow more meanwhile. */
const LONGEST_PAUSE = 60_000;

export interface SenderWorld {
  request(frame: ClientFrame): Promise<Answer>;
  /** The ids of all messages and open replies of a conversation as the server has them now. */
  existing(conversationId: string): Promise<ReadonlySet<string>>;
  pause(milliseconds: number): Promise<void>;
  now(): number;
  /** Whose outbox it is; null before the first welcome. */
  userId(): string | null;
  /** The longest frame that the server takes, in bytes. */
  frameBytes(): number;
}

export class Sender {
  /** A message could not be sent just now, with the code of the reason; null once it could. */
  onTrouble: (messageId: string, code: string | null) => void = () => {};

  #outbox: Outbox;
  #world: SenderWorld;
  /** The conversations that are being sent now. */
  #busy = new Set<string>();
  /** Counts starts; what an earlier one still waits for is not heard any more. Zero while stopped. */
  #run = 0;
  #runs = 0;

  constructor(outbox: Outbox, world: SenderWorld) {
    this.#outbox = outbox;
    this.#world = world;
  }

  /** Sends from now on: there is a connection, and it is this tab's turn. */
  start(): void {
    this.#run = ++this.#runs;
    this.#busy = new Set();
    this.drain();
  }

  stop(): void {
    this.#run = 0;
  }

  /** Sends what waits; to be called whenever the outbox has changed. */
  drain(): void {
    if (this.#run === 0) return;
    const waiting = new Set(this.#outbox.entries.filter(isUnsent).map((entry) => entry.conversationId));
    for (const conversationId of waiting) {
      if (this.#busy.has(conversationId)) continue;
      void this.#drain(conversationId, this.#run, this.#busy);
    }
  }

  async #drain(conversationId: string, run: number, busy: Set<string>): Promise<void> {
    busy.add(conversationId);
    try {
      for (let entry = this.#next(conversationId); entry; entry = this.#next(conversationId)) {
        await this.#send(entry);
        if (run !== this.#run) return;
      }
    } finally {
      busy.delete(conversationId);
    }
  }

  #next(conversationId: string): OutboxEntry | undefined {
    const entries = this.#outbox.entries.filter((entry) => entry.conversationId === conversationId);
    // What was written in answer to a refused message waits until the person has decided about that one.
    const refused = new Set(entries.filter((entry) => entry.refusal !== null).map((entry) => entry.replyId));
    return entries.find(
      (entry) =>
        isUnsent(entry) &&
        (entry.userId === null || entry.userId === this.#world.userId()) &&
        !(entry.parentId !== null && refused.has(entry.parentId)),
    );
  }

  /** Sends one entry, and writes down how that ended. */
  async #send(entry: OutboxEntry): Promise<void> {
    const { conversationId, messageId, parentId, replyId, text, model } = entry;
    const frame: ClientFrame = {
      type: "send",
      conversationId,
      messageId,
      parentId,
      text,
      replyId,
      ...(model === undefined ? {} : { model }),
    };
    try {
      // Over the limit the server would close the socket, and everything else with it.
      const length = new TextEncoder().encode(JSON.stringify(frame)).length;
      if (length > this.#world.frameBytes() - 64) {
        await this.#refuse(entry, "too_large", "");
        return;
      }
      await this.#world.request(frame);
      this.onTrouble(messageId, null);
      const userId = this.#world.userId();
      await this.#outbox.change(messageId, (kept) => ({ ...markSeen(kept, this.#world.now()), userId }));
    } catch (problem) {
      if (problem instanceof Refused) await this.#refused(entry, problem);
      // Not answered. A broken connection ends this run; a living one is asked again.
      else await this.#world.pause(PAUSE);
    }
  }

  async #refused(entry: OutboxEntry, problem: Refused): Promise<void> {
    this.onTrouble(entry.messageId, problem.retryable ? problem.reason : null);
    if (problem.code === "conflict") await this.#underNearestAncestor(entry, problem);
    else if (problem.code === "not_found" && entry.again) {
      // It was there, and its conversation was deleted since: that was the person's will.
      await this.#outbox.remove([entry.messageId]);
    } else if (problem.retryable)
      await this.#world.pause(Math.min(problem.retryAfterMs ?? PAUSE, LONGEST_PAUSE));
    else await this.#refuse(entry, problem.reason, problem.message);
  }

  /** The parent is not there (the store came back older): goes under the nearest ancestor that is. */
  async #underNearestAncestor(entry: OutboxEntry, problem: Refused): Promise<void> {
    let existing: ReadonlySet<string>;
    try {
      existing = await this.#world.existing(entry.conversationId);
    } catch {
      await this.#world.pause(PAUSE);
      return;
    }
    const parentId = entry.ancestors.find((id) => existing.has(id)) ?? null;
    if (existing.has(entry.messageId)) {
      await this.#outbox.change(entry.messageId, (kept) => markSeen(kept, this.#world.now()));
    } else if (parentId === entry.parentId) await this.#refuse(entry, problem.code, problem.message);
    else await this.#outbox.change(entry.messageId, (kept) => ({ ...kept, parentId }));
  }

  #refuse(entry: OutboxEntry, code: string, message: string): Promise<void> {
    return this.#outbox.change(entry.messageId, (kept) => ({ ...kept, refusal: { code, message } }));
  }
}
