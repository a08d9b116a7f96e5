/**
 * The frames of `parley.v1` and the records inside them. Decoding copies the members that are known here and
 * drops the others; frame types that are not known here decode to null.
 */

export type Role = "user" | "assistant";
export type MessageStatus = "complete" | "failed" | "cancelled";
export type ReplyState = "queued" | "retrying" | "streaming";
export type AssistantHealth = "up" | "degraded" | "down";

export interface User {
  id: string;
  name: string;
  guest: boolean;
}

export interface Limits {
  messageChars: number;
  frameBytes: number;
  messagesPerMinute: number;
}

export interface Assistant {
  state: AssistantHealth;
  workers?: number;
  queued?: number;
  /** The built-in demo model answers, because no key is set. */
  demo?: boolean;
}

export interface Usage {
  promptTokens: number;
  completionTokens: number;
}

export interface Failure {
  code: string;
  message: string;
  retryable: boolean;
  cause?: string;
}

export interface Message {
  id: string;
  parentId: string | null;
  role: Role;
  text: string;
  status: MessageStatus;
  createdAt: string;
  replyId?: string;
  model?: string;
  usage?: Usage;
  error?: Failure;
}

export interface Conversation {
  id: string;
  title: string;
  createdAt: string;
  updatedAt: string;
  pinned: boolean;
  activeReplyId: string | null;
  model?: string;
  systemPrompt?: string;
}

/** A reply that has not ended. Its message will have the id `replyId`. */
export interface OpenReply {
  replyId: string;
  /** The user message that it answers. */
  parentId: string;
  attempt: number;
  state: ReplyState;
  /** What the current attempt has written so far. */
  text: string;
  model?: string;
  /** Why the last attempt failed, while `retrying`; `cause` is more exact. */
  code?: string;
  cause?: string;
  retryAt?: string;
}

export interface Snapshot {
  conversation: Conversation | null;
  seq: number;
  cursor: string;
  messages: Message[];
  replies: OpenReply[];
  /** Older messages exist that are not in here. */
  more: boolean;
}

export type LogEvent =
  | { type: "message.created"; message: Message }
  | { type: "reply.queued"; replyId: string; parentId: string }
  | { type: "reply.started"; replyId: string; attempt: number; model?: string }
  | {
      type: "reply.retrying";
      replyId: string;
      attempt: number;
      code: string;
      cause?: string;
      retryAt: string;
    }
  | { type: "reply.delta"; replyId: string; attempt: number; offset: number; text: string }
  | { type: "reply.completed"; replyId: string; message: Message }
  | { type: "reply.failed"; replyId: string; message: Message; code: string; retryable: boolean }
  | { type: "reply.cancelled"; replyId: string; message: Message }
  /** An event of a later version, or one that could not be read: it only moves the position on. */
  | { type: "unknown" };

export type ServerFrame =
  | {
      type: "welcome";
      protocol: string;
      user: User;
      limits: Limits;
      assistant: Assistant;
      serverTime: string;
    }
  | { type: "accepted"; re: string; conversationId: string; messageId: string; replyId: string; seq: number }
  | {
      type: "subscribed";
      re: string;
      conversationId: string;
      seq: number;
      cursor: string;
      recovered: boolean;
      snapshot?: Snapshot;
    }
  | {
      type: "event";
      conversationId: string;
      from: number;
      seq: number;
      cursor: string;
      at: string;
      event: LogEvent;
    }
  | { type: "conversation"; change: "updated" | "deleted"; conversation: Conversation }
  | { type: "status"; assistant: Assistant }
  | { type: "queue"; conversationId: string; replyId: string; ahead: number }
  | { type: "ok"; re: string }
  | { type: "pong"; re: string }
  | {
      type: "error";
      re?: string;
      code: string;
      message: string;
      retryable: boolean;
      retryAfterMs?: number;
      cause?: string;
    };

export type Answer = Extract<ServerFrame, { re?: string }>;

/** What the page sends; the socket adds the request's `id`. */
export type ClientFrame =
  | { type: "subscribe"; conversationId: string; after?: string; limit?: number }
  | { type: "unsubscribe"; conversationId: string }
  | {
      type: "send";
      conversationId: string;
      messageId: string;
      parentId: string | null;
      text: string;
      model?: string;
      replyId: string;
    }
  | { type: "regenerate"; conversationId: string; messageId: string; replyId: string }
  | { type: "cancel"; conversationId: string; replyId: string }
  | { type: "ping" };

class MalformedFrame extends Error {}

type Members = Record<string, unknown>;

function members(value: unknown): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new MalformedFrame("not an object");
  return value as Members;
}

function text(from: Members, name: string): string {
  const value = from[name];
  if (typeof value !== "string") throw new MalformedFrame(`${name} is not a text`);
  return value;
}

function number(from: Members, name: string): number {
  const value = from[name];
  if (typeof value !== "number" || !Number.isFinite(value))
    throw new MalformedFrame(`${name} is not a number`);
  return value;
}

function oneOf<T extends string>(from: Members, name: string, allowed: readonly T[]): T {
  const value = text(from, name) as T;
  if (!allowed.includes(value)) throw new MalformedFrame(`${name} is ${value}`);
  return value;
}

/** Copies `name` if it is there and of the right kind; what is optional never makes a frame unreadable. */
function optional<K extends string, T>(
  name: K,
  from: Members,
  read: (from: Members, name: K) => T,
): { [P in K]?: T } {
  if (from[name] === undefined || from[name] === null) return {};
  try {
    return { [name]: read(from, name) } as { [P in K]?: T };
  } catch (problem) {
    if (problem instanceof MalformedFrame) return {};
    throw problem;
  }
}

const flag = (from: Members, name: string): boolean => from[name] === true;
const textOrNull = (from: Members, name: string): string | null =>
  typeof from[name] === "string" ? (from[name] as string) : null;

function list<T>(value: unknown, decode: (value: unknown) => T): T[] {
  if (!Array.isArray(value)) throw new MalformedFrame("not a list");
  return value.map(decode);
}

export function decodeMessage(value: unknown): Message {
  const from = members(value);
  return {
    id: text(from, "id"),
    parentId: textOrNull(from, "parentId"),
    role: oneOf(from, "role", ["user", "assistant"]),
    text: text(from, "text"),
    status: oneOf(from, "status", ["complete", "failed", "cancelled"]),
    createdAt: text(from, "createdAt"),
    ...optional("replyId", from, text),
    ...optional("model", from, text),
    ...optional("usage", from, (of, name) => {
      const usage = members(of[name]);
      return {
        promptTokens: number(usage, "promptTokens"),
        completionTokens: number(usage, "completionTokens"),
      };
    }),
    ...optional("error", from, (of, name) => {
      const error = members(of[name]);
      return {
        code: text(error, "code"),
        message: text(error, "message"),
        retryable: flag(error, "retryable"),
        ...optional("cause", error, text),
      };
    }),
  };
}

export function decodeConversation(value: unknown): Conversation {
  const from = members(value);
  const createdAt = textOrNull(from, "createdAt") ?? "";
  return {
    id: text(from, "id"),
    title: textOrNull(from, "title") ?? "",
    createdAt,
    updatedAt: textOrNull(from, "updatedAt") ?? createdAt,
    pinned: flag(from, "pinned"),
    activeReplyId: textOrNull(from, "activeReplyId"),
    ...optional("model", from, text),
    ...optional("systemPrompt", from, text),
  };
}

function decodeReply(value: unknown): OpenReply {
  const from = members(value);
  return {
    replyId: text(from, "replyId"),
    parentId: text(from, "parentId"),
    attempt: typeof from.attempt === "number" ? from.attempt : 0,
    state: oneOf(from, "state", ["queued", "retrying", "streaming"]),
    text: textOrNull(from, "text") ?? "",
    ...optional("model", from, text),
    ...optional("code", from, text),
    ...optional("cause", from, text),
    ...optional("retryAt", from, text),
  };
}

export function decodeSnapshot(value: unknown): Snapshot {
  const from = members(value);
  return {
    conversation:
      typeof from.conversation === "object" && from.conversation !== null && "id" in from.conversation
        ? decodeConversation(from.conversation)
        : null,
    seq: number(from, "seq"),
    cursor: text(from, "cursor"),
    messages: list(from.messages ?? [], decodeMessage),
    replies: list(from.replies ?? [], decodeReply),
    more: flag(from, "more"),
  };
}

function decodeKnownEvent(from: Members): LogEvent {
  switch (from.type) {
    case "message.created":
      return { type: from.type, message: decodeMessage(from.message) };
    case "reply.queued":
      return { type: from.type, replyId: text(from, "replyId"), parentId: text(from, "parentId") };
    case "reply.started":
      return {
        type: from.type,
        replyId: text(from, "replyId"),
        attempt: number(from, "attempt"),
        ...optional("model", from, text),
      };
    case "reply.retrying":
      return {
        type: from.type,
        replyId: text(from, "replyId"),
        attempt: number(from, "attempt"),
        code: text(from, "code"),
        ...optional("cause", from, text),
        retryAt: text(from, "retryAt"),
      };
    case "reply.delta":
      return {
        type: from.type,
        replyId: text(from, "replyId"),
        attempt: number(from, "attempt"),
        offset: number(from, "offset"),
        text: text(from, "text"),
      };
    case "reply.completed":
    case "reply.cancelled":
      return { type: from.type, replyId: text(from, "replyId"), message: decodeMessage(from.message) };
    case "reply.failed":
      return {
        type: from.type,
        replyId: text(from, "replyId"),
        message: decodeMessage(from.message),
        code: text(from, "code"),
        retryable: flag(from, "retryable"),
      };
    default:
      return { type: "unknown" };
  }
}

function decodeEvent(value: unknown): LogEvent {
  try {
    return decodeKnownEvent(members(value));
  } catch (problem) {
    // It must not stop the log: the position moves on, and a missing delta is noticed by its offset.
    if (problem instanceof MalformedFrame) return { type: "unknown" };
    throw problem;
  }
}

function decodeAssistant(value: unknown): Assistant {
  const from = members(value);
  return {
    state: oneOf(from, "state", ["up", "degraded", "down"]),
    ...optional("workers", from, number),
    ...optional("queued", from, number),
    ...(typeof from.demo === "boolean" ? { demo: from.demo } : {}),
  };
}

function decodeFrame(from: Members): ServerFrame | null {
  switch (from.type) {
    case "welcome": {
      const user = members(from.user);
      const limits = members(from.limits);
      return {
        type: "welcome",
        protocol: text(from, "protocol"),
        user: { id: text(user, "id"), name: textOrNull(user, "name") ?? "", guest: flag(user, "guest") },
        limits: {
          messageChars: number(limits, "messageChars"),
          frameBytes: number(limits, "frameBytes"),
          messagesPerMinute: number(limits, "messagesPerMinute"),
        },
        assistant: decodeAssistant(from.assistant),
        serverTime: text(from, "serverTime"),
      };
    }
    case "accepted":
      return {
        type: "accepted",
        re: text(from, "re"),
        conversationId: text(from, "conversationId"),
        messageId: text(from, "messageId"),
        replyId: text(from, "replyId"),
        seq: number(from, "seq"),
      };
    case "subscribed":
      return {
        type: "subscribed",
        re: text(from, "re"),
        conversationId: text(from, "conversationId"),
        seq: number(from, "seq"),
        cursor: text(from, "cursor"),
        recovered: flag(from, "recovered"),
        ...(from.snapshot ? { snapshot: decodeSnapshot(from.snapshot) } : {}),
      };
    case "event": {
      const seq = number(from, "seq");
      return {
        type: "event",
        conversationId: text(from, "conversationId"),
        from: typeof from.from === "number" ? from.from : seq,
        seq,
        cursor: text(from, "cursor"),
        at: textOrNull(from, "at") ?? "",
        event: decodeEvent(from.event),
      };
    }
    case "conversation":
      return {
        type: "conversation",
        change: oneOf(from, "change", ["updated", "deleted"]),
        conversation: decodeConversation(from.conversation),
      };
    case "status":
      return { type: "status", assistant: decodeAssistant(from.assistant) };
    case "queue":
      return {
        type: "queue",
        conversationId: text(from, "conversationId"),
        replyId: text(from, "replyId"),
        ahead: number(from, "ahead"),
      };
    case "ok":
    case "pong":
      return { type: from.type, re: text(from, "re") };
    case "error":
      return {
        type: "error",
        ...optional("re", from, text),
        code: text(from, "code"),
        message: textOrNull(from, "message") ?? "",
        retryable: flag(from, "retryable"),
        ...optional("retryAfterMs", from, number),
        ...optional("cause", from, text),
      };
    default:
      return null;
  }
}

/** The frame in a text from the socket, or null for one that this page does not know or cannot read. */
export function decodeServerFrame(json: string): ServerFrame | null {
  try {
    return decodeFrame(members(JSON.parse(json)));
  } catch (problem) {
    if (problem instanceof MalformedFrame || problem instanceof SyntaxError) return null;
    throw problem;
  }
}
