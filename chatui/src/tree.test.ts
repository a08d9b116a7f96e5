import { expect, test } from "vitest";
import type { Message, OpenReply } from "./frames";
import type { OutboxEntry } from "./outbox";
import { emptyThread, type Thread } from "./state";
import { keepSame, pathOf } from "./tree";

let clock = 0;
function message(id: string, parentId: string | null, role: "user" | "assistant"): Message {
  const createdAt = new Date(Date.UTC(2026, 10, 20) + clock++).toISOString();
  return { id, parentId, role, text: id, status: "complete", createdAt };
}

function threadOf(messages: Message[], replies: OpenReply[] = []): Thread {
  return { ...emptyThread, messages: new Map(messages.map((one) => [one.id, one])), replies };
}

function open(replyId: string, parentId: string): OpenReply {
  return { replyId, parentId, attempt: 1, state: "streaming", text: "" };
}

function entry(messageId: string, parentId: string | null, replyId: string): OutboxEntry {
  return {
    messageId,
    replyId,
    parentId,
    conversationId: "c1",
    ancestors: [],
    text: messageId,
    userId: null,
    createdAt: "2026-11-21T00:00:00Z",
    seenAt: null,
    again: false,
    refusal: null,
  };
}

const ids = (path: readonly { id: string }[]): string[] => path.map(({ id }) => id);
const talk = [
  message("q1", null, "user"),
  message("a1", "q1", "assistant"),
  message("q2", "a1", "user"),
  message("a2", "q2", "assistant"),
];

test("without forks everything is on the path", () => {
  const path = pathOf(threadOf(talk), [], new Map());
  expect(ids(path.shown)).toEqual(["q1", "a1", "q2", "a2"]);
  expect(path.ancestors).toEqual(["a2", "a1"]);
});

test("at a fork the newest version is shown, and the chosen one if there is one", () => {
  const thread = threadOf([...talk, message("a1b", "q1", "assistant")]);
  expect(ids(pathOf(thread, [], new Map()).shown)).toEqual(["q1", "a1b"]);
  const chosen = pathOf(thread, [], new Map([["q1", "a1"]]));
  expect(ids(chosen.shown)).toEqual(["q1", "a1", "q2", "a2"]);
  expect(chosen.shown[1]?.siblings).toEqual(["a1", "a1b"]);
});

test("versions of one second are in the order in which they were made", () => {
  // The server leaves out a fraction of zero: as text, a point comes before the Z.
  const at = (id: string, createdAt: string) => ({ ...message(id, "q1", "assistant"), createdAt });
  const thread = threadOf([
    message("q1", null, "user"),
    at("later", "2026-11-21T00:00:07.500Z"),
    at("first", "2026-11-21T00:00:07Z"),
  ]);
  expect(pathOf(thread, [], new Map()).shown[1]?.siblings).toEqual(["first", "later"]);
  expect(ids(pathOf(thread, [], new Map()).shown)).toEqual(["q1", "later"]);
});

test("an edited first question is a version of the first", () => {
  const thread = threadOf([...talk, message("q1b", null, "user"), message("a1b", "q1b", "assistant")]);
  const path = pathOf(thread, [], new Map([["", "q1"]]));
  expect(path.shown[0]).toMatchObject({ id: "q1", siblings: ["q1", "q1b"] });
});

test("a reply that is being written is the newest version", () => {
  const path = pathOf(threadOf(talk, [open("a2b", "q2")]), [], new Map());
  expect(path.shown.at(-1)).toMatchObject({ id: "a2b", kind: "reply", siblings: ["a2", "a2b"] });
});

test("what was sent during a reply waits, and what is sent next follows it", () => {
  const messages = [...talk.slice(0, 1), message("q2", "a1", "user")];
  const path = pathOf(threadOf(messages, [open("a1", "q1"), open("a2", "q2")]), [], new Map());
  expect(ids(path.shown)).toEqual(["q1", "a1"]);
  expect(path.waiting).toMatchObject([{ id: "q2", replyId: "a2" }]);
  expect(path.ancestors).toEqual(["a2", "a1"]);
});

test("messages that are only in the outbox make a chain of their own", () => {
  const path = pathOf(threadOf(talk), [entry("q3", "a2", "a3"), entry("q4", "a3", "a4")], new Map());
  expect(ids(path.shown)).toEqual(["q1", "a1", "q2", "a2", "q3", "a3"]);
  expect(path.shown.at(-1)?.kind).toBe("expected");
  expect(path.waiting).toMatchObject([{ id: "q4", kind: "pending", replyId: "a4" }]);
  expect(path.ancestors[0]).toBe("a4");
});

test("an entry that the log has is not shown twice", () => {
  const path = pathOf(threadOf(talk), [entry("q2", "a1", "a2")], new Map());
  expect(ids(path.shown)).toEqual(["q1", "a1", "q2", "a2"]);
});

test("what is sent between the event of a message and that of its reply follows that reply", () => {
  const messages = [...talk.slice(0, 1), message("q2", "a1", "user")];
  const path = pathOf(threadOf(messages, [open("a1", "q1")]), [entry("q2", "a1", "a2")], new Map());
  expect(path.waiting).toMatchObject([{ id: "q2", kind: "message", replyId: "a2" }]);
  expect(path.ancestors).toEqual(["a2", "a1"]);
});

test("what was taken back is not shown, and nothing follows it", () => {
  const thread = threadOf([...talk, message("q3", "a2", "user"), message("a3", "q3", "assistant")]);
  const path = pathOf(thread, [], new Map(), new Set(["q3", "a3"]));
  expect(ids(path.shown)).toEqual(["q1", "a1", "q2", "a2"]);
  expect(path.ancestors[0]).toBe("a2");
});

test("where older messages are not loaded the path begins at the oldest one above the newest", () => {
  const path = pathOf(threadOf(talk.slice(2)), [], new Map());
  expect(ids(path.shown)).toEqual(["q2", "a2"]);
});

test("an empty conversation has an empty path", () => {
  expect(pathOf(emptyThread, [], new Map())).toEqual({ shown: [], waiting: [], ancestors: [] });
});

test("what has not changed on the path stays the same object", () => {
  const node = (id: string, siblings = [id]) =>
    ({ id, parentId: null, role: "user", kind: "message", siblings }) as const;
  const before = [node("a"), node("b"), node("c")];
  const after = keepSame(before, [
    node("a"),
    node("b", ["b", "x"]),
    { ...node("c"), kind: "reply" },
    node("d"),
  ]);
  expect(after[0]).toBe(before[0]);
  expect(after.map(({ id, kind, siblings }) => [id, kind, siblings.length])).toEqual([
    ["a", "message", 1],
    ["b", "message", 2],
    ["c", "reply", 1],
    ["d", "message", 1],
  ]);
});
