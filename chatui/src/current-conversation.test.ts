import { beforeEach, expect, test } from "vitest";
import { CurrentConversation } from "./current-conversation.svelte";
import type { Message, OpenReply } from "./frames";
import type { OutboxEntry } from "./outbox";
import { emptyThread, type Thread } from "./state";

beforeEach(() => localStorage.clear());

let clock = 0;
function message(id: string, parentId: string | null): Message {
  const role = id.startsWith("q") ? "user" : "assistant";
  const createdAt = new Date(Date.UTC(2026, 10, 20) + clock++).toISOString();
  return { id, parentId, role, text: id, status: "complete", createdAt };
}

function reply(replyId: string, parentId: string, text = ""): OpenReply {
  return { replyId, parentId, attempt: 1, state: "streaming", text };
}

function entry(messageId: string, more: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    messageId,
    replyId: `a-${messageId}`,
    parentId: null,
    conversationId: "c1",
    ancestors: [],
    text: messageId,
    userId: null,
    createdAt: "2026-11-21T00:00:00Z",
    seenAt: null,
    again: false,
    refusal: null,
    ...more,
  };
}

const threadOf = (messages: Message[], replies: OpenReply[] = []): Thread => ({
  ...emptyThread,
  messages: new Map(messages.map((one) => [one.id, one])),
  replies,
});

/** A question with two answers, the newer one with a question after it. */
const TALK = [message("q1", null), message("a1", "q1"), message("a2", "q1"), message("q2", "a2")];

function lookedAt(thread: Thread, outbox: readonly OutboxEntry[] = []): CurrentConversation {
  const current = new CurrentConversation("c1", () => outbox);
  current.look(new Map([["c1", thread]]));
  return current;
}

const shown = (current: CurrentConversation): string[] => current.path.shown.map(({ id }) => id);

test("a word of a reply changes nothing but the thread", () => {
  const thread = threadOf([message("q1", null)], [reply("a1", "q1", "Hel")]);
  const current = lookedAt(thread);
  const { path, messages } = current;
  current.look(new Map([["c1", { ...thread, replies: [reply("a1", "q1", "Hello")] }]]));
  expect(current.reply("a1")?.text).toBe("Hello");
  expect(current.path).toBe(path);
  expect(current.messages).toBe(messages);
});

test("what has not changed on the path stays the same object", () => {
  const messages = [message("q1", null), message("a1", "q1")];
  const current = lookedAt(threadOf(messages));
  const [question] = current.path.shown;
  current.look(new Map([["c1", threadOf([...messages, message("q2", "a1")])]]));
  expect(shown(current)).toEqual(["q1", "a1", "q2"]);
  expect(current.path.shown[0]).toBe(question);
});

test("a chosen version is shown until there is a newer one", () => {
  const current = lookedAt(threadOf(TALK));
  expect(shown(current)).toEqual(["q1", "a2", "q2"]);
  current.choose("q1", "a1");
  expect(shown(current)).toEqual(["q1", "a1"]);
  current.forgetChoice("c2", "q1");
  current.forgetChoice("c1", "a2");
  expect(shown(current)).toEqual(["q1", "a1"]);
  current.forgetChoice("c1", "q1");
  expect(shown(current)).toEqual(["q1", "a2", "q2"]);
});

test("a choice is still there when the person comes back", () => {
  const current = lookedAt(threadOf(TALK));
  current.choose("q1", "a1");
  current.id = "c2";
  current.look(new Map([["c1", threadOf(TALK)]]));
  expect(shown(current)).toEqual([]);
  current.id = "c1";
  current.look(new Map([["c1", threadOf(TALK)]]));
  expect(shown(current)).toEqual(["q1", "a1"]);
});

test("what a search has found is shown with the versions that lead to it", () => {
  const current = lookedAt(threadOf([...TALK, message("q1b", null)]));
  expect(shown(current)).toEqual(["q1b"]);
  current.soughtId = "a1";
  expect(current.seek()).toBe(true);
  expect(shown(current)).toEqual(["q1", "a1"]);
  current.soughtId = "older";
  expect(current.seek()).toBe(false);
  current.soughtId = null;
  expect(current.seek()).toBe(false);
});

test("of the outbox only what is its own counts, unsent or sent so lately that its event is on its way", () => {
  const entries = [
    entry("q1", { seenAt: Date.now() - 60_000 }),
    entry("q2", { seenAt: Date.now() }),
    entry("q3"),
    entry("q4", { conversationId: "c2" }),
  ];
  const current = lookedAt(emptyThread, entries);
  expect(["q1", "q2", "q3", "q4"].filter((id) => current.entry(id))).toEqual(["q2", "q3"]);
});

test("the reply at the end of the path is open until it has ended, also if its question is not stored yet", () => {
  const question = message("q1", null);
  const current = lookedAt(threadOf([question], [reply("a1", "q1")]));
  expect(current.openReplyId).toBe("a1");
  current.look(new Map([["c1", threadOf([question, message("a1", "q1")])]]));
  expect(current.openReplyId).toBeNull();
  expect(lookedAt(emptyThread, [entry("q1")]).openReplyId).toBe("a-q1");
});

test("what was taken back is not shown, also after a reload", () => {
  const thread = threadOf(
    [message("q1", null), message("q2", "a1")],
    [reply("a1", "q1"), { ...reply("a2", "q2"), state: "queued" }],
  );
  const current = lookedAt(thread);
  expect(current.path.waiting.map(({ id }) => id)).toEqual(["q2"]);
  current.takeBack("q2", "a2");
  expect(current.path.waiting).toEqual([]);
  expect(lookedAt(thread).path.waiting).toEqual([]);
});
