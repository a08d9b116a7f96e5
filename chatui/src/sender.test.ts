import { beforeEach, expect, test } from "vitest";
import { LogModel } from "../dev/log-model.mjs";
import type { Answer, ClientFrame } from "./frames";
import { memoryStore, Outbox, type OutboxEntry } from "./outbox";
import { Sender } from "./sender";
import { Disconnected, Refused } from "./socket";

type Send = Extract<ClientFrame, { type: "send" }>;

let outbox: Outbox;
let sender: Sender;
let sent: Send[];
let pauses: number[];
let user: string | null;
/** How the server answers a send; null is as the log says. */
let answer: (frame: Send) => Error | null;
let logs: Map<string, LogModel>;
let clock = 0;

function log(id = "c1"): LogModel {
  const known = logs.get(id) ?? new LogModel(id);
  logs.set(id, known);
  return known;
}

function refusal(code: string, retryable = false, retryAfterMs?: number, cause?: string): Refused {
  const more = { ...(retryAfterMs === undefined ? {} : { retryAfterMs }), ...(cause ? { cause } : {}) };
  return new Refused({ type: "error", re: "r", code, message: `It is ${code}`, retryable, ...more });
}

async function request(frame: ClientFrame): Promise<Answer> {
  if (frame.type !== "send") throw new Error(frame.type);
  sent.push(frame);
  const problem = answer(frame);
  if (problem) throw problem;
  const code = log(frame.conversationId).send(frame);
  if (code) throw refusal(code);
  const { conversationId, messageId, replyId } = frame;
  return { type: "accepted", re: "r", conversationId, messageId, replyId, seq: log(conversationId).seq };
}

function entry(messageId: string, parentId: string | null, more: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    messageId,
    replyId: `r-${messageId}`,
    parentId,
    conversationId: "c1",
    ancestors: parentId === null ? [] : [parentId],
    text: `Text of ${messageId}`,
    userId: null,
    createdAt: new Date(Date.UTC(2026, 10, 20) + clock++).toISOString(),
    seenAt: null,
    again: false,
    refusal: null,
    ...more,
  };
}

/** Returns when nothing more is being sent. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 200; turns++) await Promise.resolve();
}

beforeEach(async () => {
  sent = [];
  pauses = [];
  user = "u1";
  logs = new Map();
  answer = () => null;
  outbox = new Outbox(memoryStore(), null, () => 1);
  await outbox.load();
  sender = new Sender(outbox, {
    request,
    existing: async (id) =>
      new Set([
        ...log(id).messages.keys(),
        ...log(id).replies.map(({ replyId }: { replyId: string }) => replyId),
      ]),
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
    },
    now: () => 1,
    userId: () => user,
    frameBytes: () => 2_000,
  });
  outbox.onChange = () => sender.drain();
});

const names = (): string[] => sent.map(({ messageId }) => messageId);

test("nothing is sent before it is this tab's turn", async () => {
  await outbox.add(entry("m1", null));
  await settled();
  expect(sent).toEqual([]);
  sender.start();
  await settled();
  expect(names()).toEqual(["m1"]);
});

test("a chain that was written offline goes out in order, each under the reply to come", async () => {
  await outbox.add(entry("m1", null));
  await outbox.add(entry("m2", "r-m1"));
  await outbox.add(entry("m3", "r-m2"));
  sender.start();
  await settled();
  expect(sent.map(({ messageId, parentId }) => [messageId, parentId])).toEqual([
    ["m1", null],
    ["m2", "r-m1"],
    ["m3", "r-m2"],
  ]);
  expect(outbox.entries.every(({ seenAt }) => seenAt !== null)).toBe(true);
});

test("a send names its reply and its model", async () => {
  await outbox.add(entry("m1", null, { model: "big" }));
  sender.start();
  await settled();
  expect(sent[0]).toMatchObject({ replyId: "r-m1", model: "big" });
});

test("what was accepted is not sent again", async () => {
  await outbox.add(entry("m1", null));
  sender.start();
  await settled();
  sender.drain();
  sender.start();
  await settled();
  expect(sent).toHaveLength(1);
});

test("a refusal that passes is waited for as long as the server says", async () => {
  let refusals = 2;
  answer = () => (refusals-- > 0 ? refusal("rate_limited", true, 700) : null);
  await outbox.add(entry("m1", null));
  sender.start();
  await settled();
  expect(names()).toEqual(["m1", "m1", "m1"]);
  expect(pauses).toEqual([700, 700]);
  expect(outbox.entries[0]?.seenAt).toBe(1);
});

test("a refusal until tomorrow is asked about again before, and told with its exact reason", async () => {
  const told: (string | null)[] = [];
  sender.onTrouble = (_, reason) => told.push(reason);
  answer = () => (told.length === 0 ? refusal("rate_limited", true, 80_000_000, "daily_tokens") : null);
  await outbox.add(entry("m1", null));
  sender.start();
  await settled();
  expect(pauses).toEqual([60_000]);
  expect(told).toEqual(["daily_tokens", null]);
});

test("what holds a message up is told, and that it is over", async () => {
  const told: [string, string | null][] = [];
  sender.onTrouble = (messageId, code) => told.push([messageId, code]);
  answer = () => (told.length === 0 ? refusal("unavailable", true) : null);
  await outbox.add(entry("m1", null));
  sender.start();
  await settled();
  expect(told).toEqual([
    ["m1", "unavailable"],
    ["m1", null],
  ]);
});

test("a refusal that stays is kept with its reason, and holds back what follows it", async () => {
  answer = ({ messageId }) => (messageId === "m1" ? refusal("too_large") : null);
  await outbox.add(entry("m1", null));
  await outbox.add(entry("m2", "r-m1"));
  await outbox.add(entry("other", null, { conversationId: "c2" }));
  sender.start();
  await settled();
  expect(names().sort()).toEqual(["m1", "other"]);
  expect(outbox.entries[0]?.refusal).toEqual({ code: "too_large", message: "It is too_large" });
});

test("what followed a refused message goes under its ancestor once that one is discarded", async () => {
  log().send({ messageId: "q", parentId: null, text: "q", replyId: "a" });
  answer = ({ messageId }) => (messageId === "m1" ? refusal("bad_request") : null);
  await outbox.add(entry("m1", "a"));
  await outbox.add(entry("m2", "r-m1", { ancestors: ["r-m1", "a"] }));
  sender.start();
  await settled();
  await outbox.remove(["m1"]);
  await settled();
  expect(log().messages.get("m2")).toMatchObject({ parentId: "a" });
});

test("a frame over the limit is refused here: the server would close the socket", async () => {
  await outbox.add(entry("m1", null, { text: "ä".repeat(1_000) }));
  sender.start();
  await settled();
  expect(sent).toEqual([]);
  expect(outbox.entries[0]?.refusal?.code).toBe("too_large");
});

test("a connection that breaks leaves the message to the next one", async () => {
  answer = () => {
    sender.stop();
    return new Disconnected("gone");
  };
  await outbox.add(entry("m1", null));
  sender.start();
  await settled();
  expect(outbox.entries[0]).toMatchObject({ seenAt: null, refusal: null });
  answer = () => null;
  sender.start();
  await settled();
  expect(names()).toEqual(["m1", "m1"]);
  expect(log().messages.size).toBe(1);
});

test("after a store came back older, lost messages go out again under their nearest ancestor", async () => {
  // The log had q → a → q2 → a2; m1 and m2 came after that, and all but the first pair is lost.
  log().send({ messageId: "q", parentId: null, text: "q", replyId: "a" });
  await outbox.add(entry("m1", "a2", { ancestors: ["a2", "a"], again: true }));
  await outbox.add(entry("m2", "r-m1", { ancestors: ["r-m1", "a2", "a"], again: true }));
  sender.start();
  await settled();
  expect(log().messages.get("m1")).toMatchObject({ parentId: "a" });
  expect(log().messages.get("m2")).toMatchObject({ parentId: "r-m1" });
});

test("without any ancestor left it becomes the beginning", async () => {
  await outbox.add(entry("m1", "a2", { ancestors: ["a2", "a"], again: true }));
  sender.start();
  await settled();
  expect(log().messages.get("m1")).toMatchObject({ parentId: null });
});

test("a message that is there under another parent counts as sent", async () => {
  log().send({ messageId: "q", parentId: null, text: "q", replyId: "a" });
  log().send({ messageId: "m1", parentId: "a", text: "Text of m1", replyId: "r-m1" });
  await outbox.add(entry("m1", null));
  sender.start();
  await settled();
  expect(outbox.entries[0]?.seenAt).toBe(1);
});

test("a conflict under a parent that exists is told to the person", async () => {
  log().send({ messageId: "q", parentId: null, text: "q", replyId: "a" });
  answer = () => refusal("conflict");
  await outbox.add(entry("m1", "a"));
  sender.start();
  await settled();
  expect(outbox.entries[0]?.refusal?.code).toBe("conflict");
});

test("a new message to a deleted conversation is kept, to be offered as a new one", async () => {
  answer = () => refusal("not_found");
  await outbox.add(entry("m1", null));
  sender.start();
  await settled();
  expect(outbox.entries[0]?.refusal?.code).toBe("not_found");
});

test("a message that was delivered before its conversation was deleted is not brought back", async () => {
  answer = () => refusal("not_found");
  await outbox.add(entry("m1", null, { again: true }));
  sender.start();
  await settled();
  expect(outbox.entries).toEqual([]);
});

test("what another person wrote in this browser is not sent", async () => {
  await outbox.add(entry("m1", null, { userId: "u2" }));
  await outbox.add(entry("m2", null, { userId: "u1", conversationId: "c2" }));
  sender.start();
  await settled();
  expect(names()).toEqual(["m2"]);
});

test("one conversation that has to wait does not hold up another", async () => {
  answer = ({ conversationId }) => {
    if (conversationId !== "c1") return null;
    return pauses.length < 50 ? refusal("unavailable", true) : null;
  };
  await outbox.add(entry("m1", null));
  await outbox.add(entry("m2", null, { conversationId: "c2" }));
  sender.start();
  await settled();
  expect(log("c2").messages.has("m2")).toBe(true);
});
