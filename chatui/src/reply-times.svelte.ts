/** How long replies have been silent, and how long it is until a time that the server named. */
import type { ServerFrame } from "./frames";

/** Milliseconds without a sign of a reply that is being written until the page says so. */
export const STALLED_AFTER = 10_000;

export class ReplyTimes {
  /** This machine's time as it was last looked at. */
  #now = $state(Date.now());
  readonly #heardAt = new Map<string, number>();
  /** Server time minus the clock of this machine, in milliseconds. */
  #skew = 0;

  /** Milliseconds since the last sign of a reply. */
  silence(replyId: string): number {
    return this.#now - (this.#heardAt.get(replyId) ?? this.#now);
  }

  /** Milliseconds until a time that the server named. */
  until(serverTime: string): number {
    return Date.parse(serverTime) - this.#skew - this.#now;
  }

  /** Looks at the clock: each second, but only while something counts them. */
  tick(): void {
    this.#now = Date.now();
  }

  take(frame: ServerFrame): void {
    const now = Date.now();
    if (frame.type === "welcome") this.#skew = Date.parse(frame.serverTime) - now || 0;
    else if (frame.type === "subscribed") {
      for (const reply of frame.snapshot?.replies ?? []) this.#heardAt.set(reply.replyId, now);
    } else if (frame.type === "event" && "replyId" in frame.event) {
      this.#heardAt.set(frame.event.replyId, now);
      // Not for each word: whoever shows the time would be looked at again.
      if (frame.event.type !== "reply.delta") this.#now = now;
    }
  }
}
