import { expect, test } from "vitest";
import { LogModel } from "../dev/log-model.mjs";
import { decodeServerFrame, type ServerFrame } from "./frames";
import {
  type ChatState,
  emptyState,
  isBroken,
  positionOf,
  reduce,
  type Thread,
  withConversations,
  withOlder,
} from "./state";

/** A repeatable source of numbers from 0 to 1. */
function randomOf(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function decoded(frame: unknown): ServerFrame {
  const read = decodeServerFrame(JSON.stringify(frame));
  if (read === null) throw new Error(`unreadable: ${JSON.stringify(frame)}`);
  return read;
}

/** One random step of a conversation that keeps the protocol. */
function step(log: LogModel, random: () => number, name: () => string): void {
  const messages = [...log.messages.values()] as { id: string; role: string }[];
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const writing = log.replies[0] as { replyId: string; state: string } | undefined;
  const dice = random();
  if (!writing || dice < 0.12) {
    const parents = [null, ...messages.filter(({ role }) => role === "assistant").map(({ id }) => id)];
    if (writing) parents.push(writing.replyId);
    log.send({
      messageId: name(),
      parentId: pick(parents) ?? null,
      text: `Question ${name()}?`,
      replyId: name(),
    });
  } else if (dice < 0.2) {
    const question = pick(messages.filter(({ role }) => role === "user"));
    if (question) log.regenerate(question.id, name());
  } else if (dice < 0.26) {
    log.end((pick(log.replies as { replyId: string }[]) ?? writing).replyId, "cancelled");
  } else if (writing.state !== "streaming" || dice < 0.3) log.start(writing.replyId);
  else if (dice < 0.34) log.retry(writing.replyId, "timeout");
  else if (dice < 0.4) log.end(writing.replyId, "completed");
  else if (dice < 0.43) {
    log.end(writing.replyId, "failed", { code: "timeout", message: "Too late", retryable: true });
  } else log.delta(writing.replyId, pick(["Hello ", "wörld ", "👋🏽", "\n\n", "```js\n", "。"]) ?? "");
}

/** The same for the same seed: with more steps it only goes on. */
function history(seed: number, steps: number): LogModel {
  const random = randomOf(seed);
  const log = new LogModel("c1");
  let names = 0;
  for (let at = 0; at < steps; at++) step(log, random, () => `n${seed}-${names++}`);
  return log;
}

function stateAt(seed: number, steps: number): ChatState {
  const log = history(seed, steps);
  return reduce(emptyState, subscribed(log.snapshot(), log));
}

function subscribed(snapshot: unknown, log: LogModel): ServerFrame {
  return decoded({
    type: "subscribed",
    re: "r1",
    conversationId: "c1",
    seq: log.seq,
    cursor: log.cursorAt(log.seq),
    recovered: false,
    snapshot,
  });
}

const recovered = (seq: number, cursor: string): ServerFrame => ({
  type: "subscribed",
  re: "r2",
  conversationId: "c1",
  seq,
  cursor,
  recovered: true,
});

function threadIn(state: ChatState): Thread {
  const thread = state.threads.get("c1");
  if (!thread) throw new Error("no thread");
  return thread;
}

/** What two threads must share to be the same for a person. `conversation` comes by frames of its own. */
function essence({ seq, cursor, more, following, replies, messages }: Thread) {
  const sorted = [...messages.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return { seq, cursor, more, following, messages: sorted, replies };
}

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

test.each(SEEDS)("a snapshot and the events after it give the later snapshot (history %i)", (seed) => {
  const random = randomOf(seed + 1_000);
  const early = Math.floor(random() * 60);
  const later = history(seed, 160);
  let state = stateAt(seed, early);
  for (const frame of later.framesAfter(threadIn(state).seq, () => random() < 0.5)) {
    state = reduce(state, decoded(frame));
  }
  expect(essence(threadIn(state))).toEqual(essence(threadIn(stateAt(seed, 160))));
});

test.each(SEEDS)("a resumed subscription may say again what was seen (history %i)", (seed) => {
  const random = randomOf(seed + 2_000);
  const log = history(seed, 160);
  let state = stateAt(seed, 0);
  for (const frame of log.framesAfter(0)) {
    state = reduce(state, decoded(frame));
    if (random() >= 0.1) continue;
    // The page resumes from some position before the newest that it has; deltas are merged differently now.
    const position = Math.floor(random() * threadIn(state).seq);
    state = reduce(state, recovered(position, log.cursorAt(position)));
    for (const again of log.framesAfter(position, () => random() < 0.7))
      state = reduce(state, decoded(again));
  }
  expect(essence(threadIn(state))).toEqual(essence(threadIn(stateAt(seed, 160))));
});

test("a missing event is noticed, and what is here stays good up to its cursor", () => {
  const log = history(3, 80);
  let state = stateAt(3, 40);
  const cursor = threadIn(state).cursor;
  const [, ...rest] = log.framesAfter(threadIn(state).seq);
  for (const frame of rest) state = reduce(state, decoded(frame));
  expect(threadIn(state)).toMatchObject({ following: "gap", cursor });
  expect(isBroken(threadIn(state))).toBe(true);
  expect(positionOf(threadIn(state))).toBe(cursor);
});

test("after a gap the missed events are taken in where the thread stopped", () => {
  const log = history(3, 80);
  let state = stateAt(3, 40);
  const before = threadIn(state);
  const [, second] = log.framesAfter(before.seq);
  state = reduce(state, decoded(second));
  state = reduce(state, recovered(before.seq, before.cursor ?? ""));
  for (const frame of log.framesAfter(before.seq)) state = reduce(state, decoded(frame));
  expect(essence(threadIn(state))).toEqual(essence(threadIn(stateAt(3, 80))));
});

function streaming(): ChatState {
  const log = new LogModel("c1");
  log.send({ messageId: "m1", parentId: null, text: "Hi", replyId: "r1" });
  log.start("r1");
  log.delta("r1", "Hello");
  return reduce(emptyState, subscribed(log.snapshot(), log));
}

function event(state: ChatState, event: unknown): ChatState {
  const seq = threadIn(state).seq + 1;
  return reduce(
    state,
    decoded({ type: "event", conversationId: "c1", seq, cursor: `${seq}.a`, at: "", event }),
  );
}

test("a delta that does not join the text asks for a new snapshot", () => {
  const state = event(streaming(), { type: "reply.delta", replyId: "r1", attempt: 1, offset: 9, text: "!" });
  expect(threadIn(state).following).toBe("mismatch");
  expect(positionOf(threadIn(state))).toBeNull();
});

test("a delta of another attempt asks for a new snapshot", () => {
  const state = event(streaming(), { type: "reply.delta", replyId: "r1", attempt: 2, offset: 5, text: "!" });
  expect(threadIn(state).following).toBe("mismatch");
});

test("an event of a reply that is not here asks for a new snapshot", () => {
  const state = event(streaming(), { type: "reply.started", replyId: "r9", attempt: 1 });
  expect(threadIn(state).following).toBe("mismatch");
});

test("a broken thread takes nothing in until it is subscribed again", () => {
  const broken = event(streaming(), { type: "reply.delta", replyId: "r1", attempt: 1, offset: 9, text: "!" });
  const after = event(broken, { type: "reply.delta", replyId: "r1", attempt: 1, offset: 5, text: "!" });
  expect(after).toBe(broken);
});

test("the offset counts UTF-16 units", () => {
  let state = event(streaming(), { type: "reply.delta", replyId: "r1", attempt: 1, offset: 5, text: "👋🏽" });
  state = event(state, { type: "reply.delta", replyId: "r1", attempt: 1, offset: 9, text: "!" });
  expect(threadIn(state).replies[0]?.text).toBe("Hello👋🏽!");
});

test("a higher attempt starts again from empty", () => {
  const state = event(streaming(), { type: "reply.started", replyId: "r1", attempt: 3, model: "other" });
  expect(threadIn(state).replies[0]).toMatchObject({
    attempt: 3,
    text: "",
    state: "streaming",
    model: "other",
  });
});

test("the text stays while a reply waits for its next attempt", () => {
  const retryAt = "2026-11-20T09:00:07Z";
  const state = event(streaming(), {
    type: "reply.retrying",
    replyId: "r1",
    attempt: 1,
    code: "timeout",
    cause: "hung",
    retryAt,
  });
  expect(threadIn(state).replies[0]).toMatchObject({
    state: "retrying",
    text: "Hello",
    code: "timeout",
    cause: "hung",
    retryAt,
  });
});

test("an unknown event only moves the position on", () => {
  const before = threadIn(streaming());
  const after = threadIn(event(streaming(), { type: "reply.rated" }));
  expect(after).toEqual({ ...before, seq: before.seq + 1, cursor: `${before.seq + 1}.a` });
});

test("events of a conversation that is not followed change nothing", () => {
  const queued = { type: "reply.queued", replyId: "r", parentId: "m" };
  const frame = decoded({
    type: "event",
    conversationId: "other",
    seq: 1,
    cursor: "1.a",
    at: "",
    event: queued,
  });
  expect(reduce(emptyState, frame)).toBe(emptyState);
});

test("a store that came back older replaces what the page knew", () => {
  const older = history(5, 30);
  const state = reduce(stateAt(5, 90), subscribed(older.snapshot(), older));
  expect(essence(threadIn(state))).toEqual(essence(threadIn(stateAt(5, 30))));
});

test("a recovery at a position that was never reached is not believed", () => {
  const state = streaming();
  expect(threadIn(reduce(state, recovered(threadIn(state).seq + 5, "x"))).following).toBe("mismatch");
});

test("another person's session leaves nothing of the last one's in sight", () => {
  const welcome = (id: string) =>
    decoded({
      type: "welcome",
      protocol: "parley.v1",
      user: { id, name: "x", guest: true },
      limits: { messageChars: 1, frameBytes: 1, messagesPerMinute: 1 },
      assistant: { state: "up" },
      serverTime: "",
    });
  const mine = reduce(streaming(), welcome("u1"));
  expect(mine.threads.size).toBe(1);
  expect(reduce(mine, welcome("u1")).threads.size).toBe(1);
  expect(reduce(mine, welcome("u2"))).toMatchObject({ threads: new Map(), conversations: new Map() });
});

const conversation = {
  id: "c1",
  title: "One",
  createdAt: "",
  updatedAt: "",
  pinned: false,
  activeReplyId: null,
};

test("a conversation that changed is changed in the list and in its thread", () => {
  const state = reduce(streaming(), { type: "conversation", change: "updated", conversation });
  expect(state.conversations.get("c1")).toEqual(conversation);
  expect(threadIn(state).conversation).toEqual(conversation);
});

test("a conversation that was deleted is gone from both", () => {
  const there = reduce(streaming(), { type: "conversation", change: "updated", conversation });
  const state = reduce(there, { type: "conversation", change: "deleted", conversation });
  expect(state.conversations.has("c1")).toBe(false);
  expect(state.threads.has("c1")).toBe(false);
});

test("the first page of the list drops what was deleted while the page was away", () => {
  const state = withConversations(emptyState, [conversation], true);
  const other = { ...conversation, id: "c2" };
  expect([...withConversations(state, [other], true).conversations.keys()]).toEqual(["c2"]);
  expect([...withConversations(state, [other], false).conversations.keys()]).toEqual(["c1", "c2"]);
});

test("the place in the queue is kept by its reply, also before that is known, until the next snapshot", () => {
  const place = { replyId: "r9", ahead: 3 };
  const log = history(7, 40);
  const told = reduce(reduce(emptyState, subscribed(log.snapshot(), log)), {
    type: "queue",
    conversationId: "c1",
    ...place,
  });
  expect(threadIn(told).place).toEqual(place);
  const fewer = reduce(told, { type: "queue", conversationId: "c1", ...place, ahead: 1 });
  expect(threadIn(fewer).place).toEqual({ ...place, ahead: 1 });
  expect(threadIn(reduce(fewer, subscribed(log.snapshot(), log))).place).toBeNull();
});

test("the place in the queue of a conversation that is not followed is no news", () => {
  const state = reduce(emptyState, { type: "queue", conversationId: "c2", replyId: "r1", ahead: 3 });
  expect(state).toBe(emptyState);
});

test("the demo mark stays when a status leaves it out", () => {
  const demo = reduce(emptyState, { type: "status", assistant: { state: "up", demo: true } });
  const down = reduce(demo, { type: "status", assistant: { state: "down" } });
  expect(down.assistant).toEqual({ state: "down", demo: true });
  expect(reduce(demo, { type: "status", assistant: { state: "up", demo: false } }).assistant?.demo).toBe(
    false,
  );
});

test("older messages come before those that are here", () => {
  const log = history(7, 120);
  const all = [...threadIn(reduce(emptyState, subscribed(log.snapshot(), log))).messages.values()];
  const short = reduce(emptyState, subscribed(log.snapshot(4), log));
  expect(threadIn(short).more).toBe(true);
  const older = all.slice(0, all.length - 4).reverse();
  const full = withOlder(short, "c1", older, false);
  expect([...threadIn(full).messages.keys()]).toEqual(all.map(({ id }) => id));
  expect(threadIn(full).more).toBe(false);
});
