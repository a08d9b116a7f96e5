/** In which state a reply or a message is for the person who waits for it. Pure. */
import type { Assistant, Message, OpenReply } from "../frames";
import type { OutboxEntry } from "../outbox";
import type { Place } from "../state";
import type { NodeKind } from "../tree";

export type ReplyLook =
  /** Its message has not been stored yet; that message says so itself. */
  | { kind: "expected" }
  /** `ahead`: how many are before it, null if that is not known. */
  | { kind: "queued"; why: Why; ahead: number | null }
  | { kind: "starting" }
  | { kind: "writing" }
  | { kind: "stalled"; silence: number }
  | { kind: "retrying"; codes: string[]; in: number }
  | { kind: "unreachable" }
  | { kind: "stopping" }
  | { kind: "complete" }
  | { kind: "failed"; codes: string[]; message: string; partly: boolean }
  | { kind: "cancelled" };

/** What a reply waits for: its turn, other people's, the model's provider, a worker. */
export type Why = "soon" | "busy" | "provider" | "away";

export interface Surroundings {
  connected: boolean;
  assistant: Assistant | null;
  stopping: boolean;
  place: Place | null;
  /** Milliseconds since the last sign of it. */
  silence: number;
  stalledAfter: number;
  /** Milliseconds until a time of the server. */
  until: (serverTime: string) => number;
}

/** How a reply looks that has not ended. */
export function lookOfReply(kind: NodeKind, reply: OpenReply | undefined, around: Surroundings): ReplyLook {
  if (kind === "expected" || !reply) return { kind: "expected" };
  if (around.stopping) return { kind: "stopping" };
  if (!around.connected) return { kind: "unreachable" };
  switch (reply.state) {
    case "queued":
      return { kind: "queued", why: whyQueued(around.assistant), ahead: aheadOf(reply, around.place) };
    case "retrying": {
      const wait = reply.retryAt ? around.until(reply.retryAt) : 0;
      const why = whyQueued(around.assistant);
      // Its time has come, but nobody can take it.
      if (wait <= 0 && (why === "provider" || why === "away")) return { kind: "queued", why, ahead: null };
      return { kind: "retrying", codes: codesOf(reply), in: wait };
    }
    case "streaming":
      if (around.silence >= around.stalledAfter) return { kind: "stalled", silence: around.silence };
      return { kind: reply.text === "" ? "starting" : "writing" };
  }
}

function aheadOf(reply: OpenReply, place: Place | null): number | null {
  return place?.replyId === reply.replyId ? place.ahead : null;
}

function whyQueued(assistant: Assistant | null): Why {
  if (assistant?.state === "down" || assistant?.workers === 0) return "away";
  if (assistant?.state === "degraded") return "provider";
  return (assistant?.queued ?? 0) > 0 ? "busy" : "soon";
}

/** The words for what went wrong, the most exact first. */
function codesOf(failure: { code?: string; cause?: string } | undefined): string[] {
  return [failure?.cause, failure?.code].filter((code) => code !== undefined);
}

/** How a reply looks that has ended, whatever is around. */
export function lookOfEnded(message: Message): ReplyLook {
  switch (message.status) {
    case "complete":
      return { kind: "complete" };
    case "cancelled":
      return { kind: "cancelled" };
    case "failed":
      return {
        kind: "failed",
        codes: codesOf(message.error),
        message: message.error?.message ?? "",
        partly: message.text !== "",
      };
  }
}

export type MessageLook =
  | { kind: "complete" | "saved" | "sent" }
  /** `held` is the code of what holds it up, null if nothing does. */
  | { kind: "sending"; held: string | null }
  | { kind: "refused"; code: string; message: string };

/** In which state a person's own message is. */
export function lookOfMessage(
  stored: boolean,
  entry: OutboxEntry | undefined,
  connected: boolean,
  held: string | null = null,
): MessageLook {
  if (stored || !entry) return { kind: "complete" };
  if (entry.refusal) return { kind: "refused", ...entry.refusal };
  if (entry.seenAt !== null) return { kind: "sent" };
  return connected ? { kind: "sending", held } : { kind: "saved" };
}
