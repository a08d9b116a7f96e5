/** In which state a reply or a message is for the person who waits for it. Pure. */
import type { Assistant, Message, OpenReply } from "../frames";
import type { OutboxEntry } from "../outbox";
import type { NodeKind } from "../tree";

export type ReplyLook =
  /** Its message has not been stored yet; that message says so itself. */
  | { kind: "expected" }
  | { kind: "queued"; why: "soon" | "busy" | "away" }
  | { kind: "starting" }
  | { kind: "writing" }
  | { kind: "stalled"; silence: number }
  | { kind: "retrying"; code: string; in: number }
  | { kind: "unreachable" }
  | { kind: "stopping" }
  | { kind: "complete" }
  | { kind: "failed"; code: string; message: string; partly: boolean }
  | { kind: "cancelled" };

export interface Surroundings {
  connected: boolean;
  assistant: Assistant | null;
  stopping: boolean;
  /** Milliseconds since the last sign of it. */
  silence: number;
  stalledAfter: number;
  /** Milliseconds until a time of the server. */
  until: (serverTime: string) => number;
}

export function lookOfReply(
  kind: NodeKind,
  reply: OpenReply | undefined,
  message: Message | undefined,
  around: Surroundings,
): ReplyLook {
  if (message) return lookOfEnded(message);
  if (kind === "expected" || !reply) return { kind: "expected" };
  if (around.stopping) return { kind: "stopping" };
  if (!around.connected) return { kind: "unreachable" };
  switch (reply.state) {
    case "queued":
      return { kind: "queued", why: whyQueued(around.assistant) };
    case "retrying":
      return {
        kind: "retrying",
        code: reply.code ?? "",
        in: reply.retryAt ? around.until(reply.retryAt) : 0,
      };
    case "streaming":
      if (around.silence >= around.stalledAfter) return { kind: "stalled", silence: around.silence };
      return { kind: reply.text === "" ? "starting" : "writing" };
  }
}

function whyQueued(assistant: Assistant | null): "soon" | "busy" | "away" {
  if (assistant?.state === "down" || assistant?.workers === 0) return "away";
  return assistant?.state === "degraded" || (assistant?.queued ?? 0) > 0 ? "busy" : "soon";
}

function lookOfEnded(message: Message): ReplyLook {
  switch (message.status) {
    case "complete":
      return { kind: "complete" };
    case "cancelled":
      return { kind: "cancelled" };
    case "failed":
      return {
        kind: "failed",
        code: message.error?.code ?? "",
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
