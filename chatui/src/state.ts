/**
 * What the page knows of the server, as a pure function of the frames that came. No socket, clock or DOM.
 *
 * The law that the tests hold it to: a snapshot and the events after it give the same thread as a later snapshot.
 */
import type {
  Assistant,
  Conversation,
  Limits,
  LogEvent,
  Message,
  OpenReply,
  ServerFrame,
  User,
} from "./frames";

/**
 * `waiting`: no snapshot yet. `live`: the events go on from `seq`. `gap`: an event is missing, what is here is
 * right up to `cursor`. `mismatch`: what is here is wrong, only a new snapshot helps.
 */
export type Following = "waiting" | "live" | "gap" | "mismatch";

/** How many replies start before one that waits, as far as the server knows. */
export interface Place {
  readonly replyId: string;
  readonly ahead: number;
}

export interface Thread {
  readonly conversation: Conversation | null;
  readonly seq: number;
  readonly cursor: string | null;
  readonly messages: ReadonlyMap<string, Message>;
  /** In the order in which they will be written. */
  readonly replies: readonly OpenReply[];
  /** The last that was told of it; its reply may be unknown yet, or may have started since. */
  readonly place: Place | null;
  /** Older messages exist that are not in here. */
  readonly more: boolean;
  readonly following: Following;
}

export interface ChatState {
  readonly user: User | null;
  readonly limits: Limits | null;
  readonly assistant: Assistant | null;
  readonly conversations: ReadonlyMap<string, Conversation>;
  readonly threads: ReadonlyMap<string, Thread>;
}

export const emptyState: ChatState = {
  user: null,
  limits: null,
  assistant: null,
  conversations: new Map(),
  threads: new Map(),
};

export const emptyThread: Thread = {
  conversation: null,
  seq: 0,
  cursor: null,
  messages: new Map(),
  replies: [],
  place: null,
  more: false,
  following: "waiting",
};

/** Where a new subscription should go on: after a cursor, or with a new snapshot (null). */
export function positionOf(thread: Thread | undefined): string | null {
  if (!thread || thread.following === "waiting" || thread.following === "mismatch") return null;
  return thread.cursor;
}

/** Whether the thread has broken and waits for a new subscription. */
export function isBroken(thread: Thread | undefined): boolean {
  return thread?.following === "gap" || thread?.following === "mismatch";
}

export function reduce(state: ChatState, frame: ServerFrame): ChatState {
  switch (frame.type) {
    case "welcome": {
      // Another person's session: nothing of the last one's may stay in sight.
      const base = state.user && state.user.id !== frame.user.id ? emptyState : state;
      return { ...base, user: frame.user, limits: frame.limits, assistant: frame.assistant };
    }
    case "status":
      // `demo` may be left out where nothing changed about it.
      return { ...state, assistant: { ...demoOf(state.assistant), ...frame.assistant } };
    case "subscribed":
      return withThread(
        state,
        frame.conversationId,
        subscribed(threadOf(state, frame.conversationId), frame),
      );
    case "queue": {
      const { replyId, ahead } = frame;
      const thread = state.threads.get(frame.conversationId);
      // What is no longer followed must not come back as an empty thread.
      return thread
        ? withThread(state, frame.conversationId, { ...thread, place: { replyId, ahead } })
        : state;
    }
    case "event": {
      const before = threadOf(state, frame.conversationId);
      const after = applyEvent(before, frame);
      return after === before ? state : withThread(state, frame.conversationId, after);
    }
    case "conversation":
      return frame.change === "deleted"
        ? withoutConversation(state, frame.conversation.id)
        : withConversation(state, frame.conversation);
    case "accepted":
    case "ok":
    case "pong":
    case "error":
      return state;
  }
}

function demoOf(assistant: Assistant | null): { demo?: boolean } {
  return assistant?.demo === undefined ? {} : { demo: assistant.demo };
}

function threadOf(state: ChatState, id: string): Thread {
  return state.threads.get(id) ?? emptyThread;
}

function withThread(state: ChatState, id: string, thread: Thread): ChatState {
  return { ...state, threads: new Map(state.threads).set(id, thread) };
}

function withConversation(state: ChatState, conversation: Conversation): ChatState {
  const conversations = new Map(state.conversations).set(conversation.id, conversation);
  const thread = state.threads.get(conversation.id);
  const threads = thread
    ? new Map(state.threads).set(conversation.id, { ...thread, conversation })
    : state.threads;
  return { ...state, conversations, threads };
}

/** Takes a conversation and all that is known of it out of sight. */
export function withoutConversation(state: ChatState, id: string): ChatState {
  const conversations = new Map(state.conversations);
  const threads = new Map(state.threads);
  conversations.delete(id);
  threads.delete(id);
  return { ...state, conversations, threads };
}

/** Takes in a page of the list; the first one (`replace`) drops what was deleted while the page was away. */
export function withConversations(
  state: ChatState,
  items: readonly Conversation[],
  replace: boolean,
): ChatState {
  const conversations = new Map(replace ? [] : state.conversations);
  for (const item of items) conversations.set(item.id, item);
  return { ...state, conversations };
}

/** Takes in older messages, which were read over HTTP. */
export function withOlder(state: ChatState, id: string, older: readonly Message[], more: boolean): ChatState {
  const thread = state.threads.get(id);
  if (!thread) return state;
  const messages = new Map<string, Message>();
  // Newest first, as they come; the map is kept oldest first.
  for (const message of older.toReversed()) messages.set(message.id, message);
  for (const message of thread.messages.values()) messages.set(message.id, message);
  return withThread(state, id, { ...thread, messages, more });
}

/** Forgets a thread that is no longer followed. */
export function withoutThread(state: ChatState, id: string): ChatState {
  const threads = new Map(state.threads);
  threads.delete(id);
  return { ...state, threads };
}

function subscribed(thread: Thread, frame: Extract<ServerFrame, { type: "subscribed" }>): Thread {
  const { snapshot } = frame;
  if (snapshot) {
    return {
      conversation: snapshot.conversation,
      seq: snapshot.seq,
      cursor: snapshot.cursor,
      messages: new Map(snapshot.messages.map((message) => [message.id, message])),
      replies: snapshot.replies,
      place: null,
      more: snapshot.more,
      following: "live",
    };
  }
  // Events of the subscription before may have brought the thread further than the position that was asked for:
  // they come once more and are ignored. Anything else is not the log that this thread was made from.
  if (thread.following === "mismatch" || thread.following === "waiting" || frame.seq > thread.seq) {
    return { ...thread, following: "mismatch" };
  }
  return { ...thread, following: "live" };
}

function applyEvent(thread: Thread, frame: Extract<ServerFrame, { type: "event" }>): Thread {
  if (thread.following !== "live" || frame.seq <= thread.seq) return thread;
  if (frame.from > thread.seq + 1) return { ...thread, following: "gap" };
  const next = apply(thread, frame.event);
  if (next === null) return { ...thread, following: "mismatch" };
  return { ...next, seq: frame.seq, cursor: frame.cursor };
}

/** The thread after an event, or null if the event does not fit. */
function apply(thread: Thread, event: LogEvent): Thread | null {
  switch (event.type) {
    case "message.created":
      return withMessage(thread, event.message);
    case "reply.queued": {
      if (thread.replies.some((reply) => reply.replyId === event.replyId)) return thread;
      const { replyId, parentId } = event;
      return {
        ...thread,
        replies: [...thread.replies, { replyId, parentId, attempt: 0, state: "queued", text: "" }],
      };
    }
    case "reply.started":
      return withReply(thread, event.replyId, (reply) => ({
        replyId: reply.replyId,
        parentId: reply.parentId,
        attempt: event.attempt,
        state: "streaming",
        text: reply.state === "streaming" && reply.attempt === event.attempt ? reply.text : "",
        ...(event.model === undefined ? {} : { model: event.model }),
      }));
    case "reply.retrying":
      return withReply(thread, event.replyId, ({ cause: _, ...reply }) => ({
        ...reply,
        attempt: event.attempt,
        state: "retrying",
        code: event.code,
        ...(event.cause === undefined ? {} : { cause: event.cause }),
        retryAt: event.retryAt,
      }));
    case "reply.delta":
      return withReply(thread, event.replyId, (reply) => {
        // A merged delta may begin before what is here already.
        const known = reply.text.length - event.offset;
        if (reply.attempt !== event.attempt || known < 0) return null;
        return { ...reply, text: reply.text + event.text.slice(known) };
      });
    case "reply.completed":
    case "reply.failed":
    case "reply.cancelled": {
      const replies = thread.replies.filter((reply) => reply.replyId !== event.replyId);
      return withMessage({ ...thread, replies }, event.message);
    }
    case "unknown":
      return thread;
  }
}

function withMessage(thread: Thread, message: Message): Thread {
  return { ...thread, messages: new Map(thread.messages).set(message.id, message) };
}

function withReply(
  thread: Thread,
  replyId: string,
  change: (reply: OpenReply) => OpenReply | null,
): Thread | null {
  const index = thread.replies.findIndex((reply) => reply.replyId === replyId);
  const reply = thread.replies[index];
  if (!reply) return null;
  const changed = change(reply);
  return changed && { ...thread, replies: thread.replies.with(index, changed) };
}
