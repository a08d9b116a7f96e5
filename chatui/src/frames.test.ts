import { expect, test } from "vitest";
import { decodeConversation, decodeServerFrame, decodeSnapshot } from "./frames";

const decode = (frame: unknown) => decodeServerFrame(JSON.stringify(frame));
const message = {
  id: "m1",
  parentId: null,
  role: "user",
  text: "Hello",
  status: "complete",
  createdAt: "2026-11-20T09:00:00Z",
};

test("a welcome is read, and members that are not known are dropped", () => {
  const frame = decode({
    type: "welcome",
    protocol: "parley.v1",
    user: { id: "u1", name: "Ada", guest: true, mood: "good" },
    limits: { messageChars: 1, frameBytes: 2, messagesPerMinute: 3, more: 4 },
    assistant: { state: "up", workers: 2, queued: 0, demo: true, colour: "green" },
    serverTime: "2026-11-20T09:00:00Z",
    later: {},
  });
  expect(frame).toEqual({
    type: "welcome",
    protocol: "parley.v1",
    user: { id: "u1", name: "Ada", guest: true },
    limits: { messageChars: 1, frameBytes: 2, messagesPerMinute: 3 },
    assistant: { state: "up", workers: 2, queued: 0, demo: true },
    serverTime: "2026-11-20T09:00:00Z",
  });
});

test("a place in the queue is read", () => {
  const frame = { type: "queue", conversationId: "c1", replyId: "r1", ahead: 3 };
  expect(decode({ ...frame, later: 1 })).toEqual(frame);
  expect(decode({ ...frame, ahead: "many" })).toBeNull();
});

test("a welcome without the numbers of the assistant is read too", () => {
  const frame = decode({
    type: "welcome",
    protocol: "parley.v1",
    user: { id: "u1" },
    limits: { messageChars: 1, frameBytes: 2, messagesPerMinute: 3 },
    assistant: { state: "down" },
    serverTime: "",
  });
  expect(frame).toMatchObject({ assistant: { state: "down" }, user: { id: "u1", name: "", guest: false } });
});

test("frame types of a later version are ignored", () => {
  expect(decode({ type: "presence", who: "x" })).toBeNull();
});

test("what is no frame at all is ignored", () => {
  for (const text of ["", "nonsense", "[]", "null", "7", '{"type":7}', '{"type":"event"}', '{"type":"ok"}']) {
    expect(decodeServerFrame(text)).toBeNull();
  }
});

test("an event of a later version keeps its place in the log", () => {
  const event = { type: "reply.rated", stars: 5 };
  const frame = decode({ type: "event", conversationId: "c1", seq: 7, cursor: "7.x", at: "", event });
  expect(frame).toMatchObject({ seq: 7, from: 7, event: { type: "unknown" } });
});

test("an event that cannot be read keeps its place in the log", () => {
  const event = { type: "reply.delta", replyId: "r1", attempt: "one" };
  const frame = decode({ type: "event", conversationId: "c1", seq: 8, cursor: "8.x", at: "", event });
  expect(frame).toMatchObject({ seq: 8, event: { type: "unknown" } });
});

test("merged deltas say from where", () => {
  const event = { type: "reply.delta", replyId: "r1", attempt: 1, offset: 4, text: "more" };
  const whole = { type: "event", conversationId: "c1", from: 3, seq: 9, cursor: "9.x", at: "t", event };
  expect(decode(whole)).toEqual(whole);
});

test("every event of the protocol is read whole", () => {
  const ended = { ...message, id: "r1", parentId: "m1", role: "assistant" };
  const events = [
    { type: "message.created", message },
    { type: "reply.queued", replyId: "r1", parentId: "m1" },
    { type: "reply.started", replyId: "r1", attempt: 2, model: "m" },
    { type: "reply.retrying", replyId: "r1", attempt: 2, code: "timeout", retryAt: "t" },
    { type: "reply.retrying", replyId: "r1", attempt: 2, code: "timeout", cause: "hung", retryAt: "t" },
    { type: "reply.delta", replyId: "r1", attempt: 2, offset: 0, text: "x" },
    { type: "reply.completed", replyId: "r1", message: ended },
    { type: "reply.failed", replyId: "r1", message: ended, code: "timeout", retryable: true },
    { type: "reply.cancelled", replyId: "r1", message: ended },
  ];
  for (const event of events) {
    const frame = decode({ type: "event", conversationId: "c", seq: 1, cursor: "1.x", at: "t", event });
    expect(frame).toMatchObject({ event });
  }
});

test("an ended message keeps its usage and its error", () => {
  const full = {
    ...message,
    role: "assistant",
    status: "failed",
    model: "m",
    replyId: "r1",
    usage: { promptTokens: 3, completionTokens: 4 },
    error: { code: "timeout", message: "Too late", retryable: true },
  };
  const snapshot = decodeSnapshot({
    conversation: null,
    seq: 1,
    cursor: "1.x",
    messages: [full],
    replies: [],
  });
  expect(snapshot.messages).toEqual([full]);
});

test("an optional member of the wrong kind is left out, not fatal", () => {
  const odd = { ...message, usage: "a lot", model: 5 };
  const snapshot = decodeSnapshot({ seq: 1, cursor: "1.x", messages: [odd], replies: [] });
  expect(snapshot.messages).toEqual([message]);
});

test("the snapshot of a conversation that does not exist has none", () => {
  for (const conversation of [null, undefined, {}]) {
    const snapshot = decodeSnapshot({ conversation, seq: 0, cursor: "0.x", messages: [], replies: [] });
    expect(snapshot.conversation).toBeNull();
  }
});

test("a conversation needs its id only", () => {
  expect(decodeConversation({ id: "c1" })).toEqual({
    id: "c1",
    title: "",
    createdAt: "",
    updatedAt: "",
    pinned: false,
    activeReplyId: null,
  });
});
