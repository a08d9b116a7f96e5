import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { decodeServerFrame, type ServerFrame } from "./frames";
import { ReplyTimes } from "./reply-times.svelte";

const NOON = Date.parse("2026-11-20T12:00:00Z");

beforeEach(() => {
  vi.useFakeTimers({ now: NOON });
});

afterEach(() => {
  vi.useRealTimers();
});

function frame(members: object): ServerFrame {
  const read = decodeServerFrame(JSON.stringify(members));
  if (read === null) throw new Error(`unreadable: ${JSON.stringify(members)}`);
  return read;
}

const eventOf = (event: object): ServerFrame =>
  frame({ type: "event", conversationId: "c1", seq: 1, cursor: "1.a", at: "2026-11-20T12:00:00Z", event });
const started = eventOf({ type: "reply.started", replyId: "r1", attempt: 1, model: "m" });
const delta = eventOf({ type: "reply.delta", replyId: "r1", attempt: 1, offset: 0, text: "Hello" });

test("silence counts from the last sign of a reply, whoever else speaks", () => {
  const times = new ReplyTimes();
  times.take(started);
  vi.setSystemTime(NOON + 3_000);
  times.take(eventOf({ type: "reply.started", replyId: "r2", attempt: 1, model: "m" }));
  expect(times.silence("r1")).toBe(3_000);
  times.take(delta);
  vi.setSystemTime(NOON + 10_000);
  times.tick();
  expect(times.silence("r1")).toBe(7_000);
});

test("what was never heard of is not silent", () => {
  const times = new ReplyTimes();
  vi.setSystemTime(NOON + 60_000);
  times.tick();
  expect(times.silence("r1")).toBe(0);
});

test("a word does not make the time go on for all that show it", () => {
  const times = new ReplyTimes();
  times.take(started);
  vi.setSystemTime(NOON + 500);
  times.take(delta);
  expect(times.until("2026-11-20T12:00:05Z")).toBe(5_000);
});

test("the server's times are read by the server's clock", () => {
  const times = new ReplyTimes();
  times.take(
    frame({
      type: "welcome",
      protocol: "parley.v1",
      user: { id: "u1", name: "Guest", guest: true },
      limits: { messageChars: 1, frameBytes: 1, messagesPerMinute: 1 },
      assistant: { state: "up" },
      serverTime: "2026-11-20T13:00:00Z",
    }),
  );
  vi.setSystemTime(NOON + 1_000);
  times.tick();
  expect(times.until("2026-11-20T13:00:08Z")).toBe(7_000);
});
