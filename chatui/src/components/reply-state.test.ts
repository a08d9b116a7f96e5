import { expect, test } from "vitest";
import type { Message, OpenReply } from "../frames";
import type { OutboxEntry } from "../outbox";
import { lookOfEnded, lookOfMessage, lookOfReply, type Surroundings } from "./reply-state";

const around: Surroundings = {
  connected: true,
  assistant: { state: "up", workers: 2, queued: 0 },
  stopping: false,
  place: null,
  silence: 0,
  stalledAfter: 10_000,
  until: () => 7_000,
};
const reply: OpenReply = { replyId: "r", parentId: "m", attempt: 1, state: "streaming", text: "Hello" };
const ended: Message = {
  id: "r",
  parentId: "m",
  role: "assistant",
  text: "Hi",
  status: "complete",
  createdAt: "",
};

test("a reply whose question is not stored yet is only expected", () => {
  expect(lookOfReply("expected", undefined, around).kind).toBe("expected");
});

test("a queued reply says why it waits", () => {
  const queued: OpenReply = { ...reply, state: "queued", text: "" };
  const why = (assistant: Surroundings["assistant"]) =>
    lookOfReply("reply", queued, { ...around, assistant });
  expect(why({ state: "up", workers: 2, queued: 0 })).toEqual({ kind: "queued", why: "soon", ahead: null });
  expect(why({ state: "up", workers: 2, queued: 3 })).toMatchObject({ kind: "queued", why: "busy" });
  expect(why({ state: "degraded", workers: 2, queued: 3 })).toMatchObject({
    kind: "queued",
    why: "provider",
  });
  expect(why({ state: "down" })).toMatchObject({ kind: "queued", why: "away" });
  expect(why({ state: "up", workers: 0 })).toMatchObject({ kind: "queued", why: "away" });
  expect(why(null)).toMatchObject({ kind: "queued", why: "soon" });
});

test("a queued reply says how many are before it, and no other one does", () => {
  const queued: OpenReply = { ...reply, state: "queued", text: "" };
  const at = (replyId: string, of = queued) =>
    lookOfReply("reply", of, { ...around, place: { replyId, ahead: 3 } });
  expect(at("r")).toMatchObject({ ahead: 3 });
  expect(at("another")).toMatchObject({ ahead: null });
  expect(at("r", { ...reply, text: "" })).toEqual({ kind: "starting" });
});

test("a reply that began is starting until its first word, then writing", () => {
  expect(lookOfReply("reply", { ...reply, text: "" }, around).kind).toBe("starting");
  expect(lookOfReply("reply", reply, around).kind).toBe("writing");
});

test("a reply that says nothing for long has stalled", () => {
  expect(lookOfReply("reply", reply, { ...around, silence: 9_999 }).kind).toBe("writing");
  expect(lookOfReply("reply", reply, { ...around, silence: 12_000 })).toEqual({
    kind: "stalled",
    silence: 12_000,
  });
});

test("a reply that waits for its next attempt says when", () => {
  const retrying: OpenReply = { ...reply, state: "retrying", code: "timeout", retryAt: "soon" };
  expect(lookOfReply("reply", retrying, around)).toEqual({
    kind: "retrying",
    codes: ["timeout"],
    in: 7_000,
  });
  expect(lookOfReply("reply", { ...retrying, cause: "hung" }, around)).toMatchObject({
    codes: ["hung", "timeout"],
  });
});

test("a reply whose next attempt is due says what it waits for, if nobody can take it", () => {
  const retrying: OpenReply = { ...reply, state: "retrying", code: "provider_unavailable", retryAt: "now" };
  const due = (assistant: Surroundings["assistant"]) =>
    lookOfReply("reply", retrying, { ...around, assistant, until: () => 0 });
  expect(due({ state: "degraded" })).toMatchObject({ kind: "queued", why: "provider" });
  expect(due({ state: "down" })).toMatchObject({ kind: "queued", why: "away" });
  expect(due({ state: "up", workers: 1, queued: 4 })).toMatchObject({ kind: "retrying", in: 0 });
  expect(lookOfReply("reply", retrying, { ...around, assistant: { state: "degraded" } })).toMatchObject({
    kind: "retrying",
    in: 7_000,
  });
});

test("without a connection a reply is out of reach, and not called stalled", () => {
  expect(lookOfReply("reply", reply, { ...around, connected: false, silence: 60_000 }).kind).toBe(
    "unreachable",
  );
});

test("a reply that is being stopped says so", () => {
  expect(lookOfReply("reply", reply, { ...around, stopping: true }).kind).toBe("stopping");
});

test("an ended reply is as its message says, whatever is around", () => {
  const look = lookOfEnded;
  expect(look(ended)).toEqual({ kind: "complete" });
  expect(look({ ...ended, status: "cancelled" })).toEqual({ kind: "cancelled" });
  const error = { code: "timeout", message: "Too late", retryable: true, cause: "hung" };
  expect(look({ ...ended, status: "failed", error })).toEqual({
    kind: "failed",
    codes: ["hung", "timeout"],
    message: "Too late",
    partly: true,
  });
  expect(look({ ...ended, status: "failed", text: "" })).toMatchObject({ partly: false, codes: [] });
});

test("a person's message is saved here, being sent, sent, refused or stored", () => {
  const entry = { seenAt: null, refusal: null } as OutboxEntry;
  expect(lookOfMessage(false, entry, false).kind).toBe("saved");
  expect(lookOfMessage(false, entry, true)).toEqual({ kind: "sending", held: null });
  expect(lookOfMessage(false, entry, true, "unavailable")).toEqual({ kind: "sending", held: "unavailable" });
  expect(lookOfMessage(false, { ...entry, seenAt: 1 }, true).kind).toBe("sent");
  const refusal = { code: "too_large", message: "" };
  expect(lookOfMessage(false, { ...entry, refusal }, true)).toEqual({ kind: "refused", ...refusal });
  expect(lookOfMessage(true, entry, false).kind).toBe("complete");
});
