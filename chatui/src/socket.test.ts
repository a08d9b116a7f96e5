import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ServerFrame } from "./frames";
import { Disconnected, Refused, Socket, type SocketWorld, TIMES } from "./socket";

/** The server's side of one connection. */
class FakeWebSocket {
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  sent: Record<string, unknown>[] = [];
  closed = false;

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.closed = true;
  }

  say(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  welcome(): void {
    this.say({
      type: "welcome",
      protocol: "parley.v1",
      user: { id: "u1", name: "Ada", guest: true },
      limits: { messageChars: 1_000, frameBytes: 65_536, messagesPerMinute: 60 },
      assistant: { state: "up" },
      serverTime: "2026-11-20T09:00:00Z",
    });
  }

  drop(code = 1006): void {
    this.onclose?.({ code });
  }

  asked(type: string): Record<string, unknown>[] {
    return this.sent.filter((frame) => frame.type === type);
  }
}

let sockets: FakeWebSocket[];
let sessions: number;
let sessionFails: boolean;
let random: number;
let socket: Socket;
let states: string[];
let frames: ServerFrame[];

function latest(): FakeWebSocket {
  const last = sockets.at(-1);
  if (!last) throw new Error("no connection was tried");
  return last;
}

const world: SocketWorld = {
  startSession: async () => {
    sessions++;
    if (sessionFails) throw new Error("unreachable");
  },
  openSocket: () => {
    const made = new FakeWebSocket();
    sockets.push(made);
    return made as unknown as WebSocket;
  },
  now: () => Date.now(),
  random: () => random,
};

const wait = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

async function opened(): Promise<FakeWebSocket> {
  socket.start();
  await wait(0);
  latest().welcome();
  return latest();
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  sockets = [];
  sessions = 0;
  sessionFails = false;
  random = 1;
  states = [];
  frames = [];
  socket = new Socket(world);
  socket.onState = (state) => states.push(state.kind);
  socket.onFrame = (frame) => frames.push(frame);
});

afterEach(() => {
  socket.stop();
  vi.useRealTimers();
});

test("a session is made sure of before every connection", async () => {
  await opened();
  expect(sessions).toBe(1);
  latest().drop();
  await wait(TIMES.firstBackoff);
  expect(sessions).toBe(2);
  expect(sockets).toHaveLength(2);
});

test("it is open with the welcome, not before", async () => {
  socket.start();
  await wait(0);
  expect(socket.state.kind).toBe("connecting");
  latest().welcome();
  expect(states).toEqual(["connecting", "open"]);
});

test("the pauses double from 0.25 s to 8 s", async () => {
  sessionFails = true;
  socket.start();
  const pauses: number[] = [];
  for (let tries = 0; tries < 8; tries++) {
    await wait(0);
    if (socket.state.kind !== "waiting") throw new Error(socket.state.kind);
    const pause = socket.state.until - Date.now();
    pauses.push(pause);
    await wait(pause);
  }
  expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
});

test("each pause is any part of its cap", async () => {
  random = 0.1;
  sessionFails = true;
  socket.start();
  await wait(0);
  expect(socket.state).toEqual({ kind: "waiting", until: Date.now() + 25 });
});

test("a connection that lived for a while begins again with the shortest pause", async () => {
  sessionFails = true;
  socket.start();
  await wait(4_000);
  sessionFails = false;
  await wait(8_000);
  latest().welcome();
  await wait(TIMES.settled);
  latest().drop();
  expect(socket.state).toEqual({ kind: "waiting", until: Date.now() + TIMES.firstBackoff });
});

test("a server that drops everyone at once is not asked faster and faster", async () => {
  await opened();
  latest().drop();
  await wait(250);
  latest().welcome();
  latest().drop();
  expect(socket.state).toEqual({ kind: "waiting", until: Date.now() + 500 });
});

test("waking ends the pause at once", async () => {
  sessionFails = true;
  socket.start();
  await wait(10_000);
  sessionFails = false;
  const before = sockets.length;
  socket.wake();
  await wait(0);
  expect(sockets).toHaveLength(before + 1);
});

test("woken while open, a socket that lives stays", async () => {
  const server = await opened();
  socket.wake();
  const [ping] = server.asked("ping");
  server.say({ type: "pong", re: ping?.id });
  await wait(TIMES.probe + TIMES.tick);
  expect(sockets).toHaveLength(1);
});

test("woken while open, a socket that died unnoticed is replaced soon", async () => {
  await opened();
  socket.wake();
  await wait(TIMES.probe + TIMES.tick + TIMES.firstBackoff);
  expect(sockets).toHaveLength(2);
});

test("a ping goes out after 15 s without a frame", async () => {
  const server = await opened();
  await wait(TIMES.pingAfter - TIMES.tick);
  expect(server.asked("ping")).toHaveLength(0);
  await wait(TIMES.tick);
  expect(server.asked("ping")).toHaveLength(1);
});

test("a socket that is silent for 30 s is dead", async () => {
  const server = await opened();
  await wait(TIMES.deadAfter);
  expect(server.closed).toBe(true);
  expect(socket.state.kind).toBe("waiting");
});

test("any frame is a sign of life", async () => {
  const server = await opened();
  for (let at = 0; at < 6; at++) {
    await wait(10_000);
    server.say({ type: "presence" });
  }
  expect(server.closed).toBe(false);
  expect(server.asked("ping")).toHaveLength(0);
});

test("a connection without its welcome is given up after 10 s", async () => {
  socket.start();
  await wait(0);
  const silent = latest();
  await wait(TIMES.handshake);
  expect(silent.closed).toBe(true);
});

test("after 1009 and 1003 it does not come back by itself", async () => {
  for (const code of [1009, 1003]) {
    const server = await opened();
    const before = sockets.length;
    server.drop(code);
    expect(socket.state.kind).toBe("refused");
    await wait(60_000);
    expect(sockets).toHaveLength(before);
    socket.stop();
    socket = new Socket(world);
  }
});

test("after every other code it comes back", async () => {
  const server = await opened();
  server.drop();
  for (const code of [1001, 1012, 1013, 4401, 1006, 1000]) {
    await wait(10_000);
    latest().welcome();
    await wait(TIMES.settled);
    latest().drop(code);
    expect(socket.state.kind).toBe("waiting");
  }
});

test("after a refusal the person may connect again", async () => {
  const server = await opened();
  server.drop(1009);
  socket.reconnect();
  await wait(0);
  expect(sockets).toHaveLength(2);
});

test("a request gets the answer with its id", async () => {
  const server = await opened();
  const first = socket.request({ type: "ping" });
  const second = socket.request({ type: "cancel", conversationId: "c", replyId: "r" });
  const [ping, cancel] = server.sent;
  server.say({ type: "ok", re: cancel?.id });
  server.say({ type: "pong", re: ping?.id });
  expect(await first).toEqual({ type: "pong", re: ping?.id });
  expect(await second).toEqual({ type: "ok", re: cancel?.id });
});

test("a frame is taken in before its request is answered", async () => {
  const server = await opened();
  const seen: string[] = [];
  socket.onFrame = (frame) => seen.push(frame.type);
  const asked = socket
    .request({ type: "cancel", conversationId: "c", replyId: "r" })
    .then(() => seen.push("answer"));
  server.say({ type: "ok", re: server.sent[0]?.id });
  await asked;
  expect(seen).toEqual(["ok", "answer"]);
});

test("an error is a refusal with its code", async () => {
  const server = await opened();
  const asked = socket.request({ type: "ping" });
  const re = server.sent[0]?.id;
  server.say({
    type: "error",
    re,
    code: "rate_limited",
    message: "Slow down",
    retryable: true,
    retryAfterMs: 700,
  });
  const problem = await asked.catch((reason: unknown) => reason);
  expect(problem).toBeInstanceOf(Refused);
  expect(problem).toMatchObject({ code: "rate_limited", retryable: true, retryAfterMs: 700 });
});

test("what waits when the connection breaks ends as disconnected", async () => {
  const server = await opened();
  const asked = socket.request({ type: "ping" });
  server.drop();
  await expect(asked).rejects.toBeInstanceOf(Disconnected);
  await expect(socket.request({ type: "ping" })).rejects.toBeInstanceOf(Disconnected);
});

test("a request without an answer ends after a while", async () => {
  const server = await opened();
  const asked = socket.request({ type: "cancel", conversationId: "c", replyId: "r" });
  const ended = asked.catch((reason: unknown) => reason);
  for (let at = 0; at < 4; at++) {
    await wait(TIMES.answer / 4);
    server.say({ type: "presence" });
  }
  await wait(TIMES.tick);
  expect(await ended).toBeInstanceOf(Disconnected);
});

test("every subscription goes on after its cursor on the next connection", async () => {
  let cursor: string | null = null;
  const server = await opened();
  socket.subscribe(
    "c1",
    () => cursor,
    () => 100,
  );
  expect(server.asked("subscribe")).toMatchObject([{ conversationId: "c1", limit: 100 }]);
  expect(server.asked("subscribe")[0]).not.toHaveProperty("after");
  cursor = "7.abc";
  server.drop();
  await wait(250);
  latest().welcome();
  expect(latest().asked("subscribe")).toMatchObject([{ conversationId: "c1", after: "7.abc" }]);
});

const fresh = () => null;
const hundred = () => 100;

test("what is subscribed before there is a connection is asked for with the welcome", async () => {
  socket.subscribe("c1", fresh, hundred);
  const server = await opened();
  expect(server.asked("subscribe")).toHaveLength(1);
});

test("what was unsubscribed is not asked for again", async () => {
  const server = await opened();
  socket.subscribe("c1", fresh, hundred);
  socket.unsubscribe("c1");
  expect(server.asked("unsubscribe")).toMatchObject([{ conversationId: "c1" }]);
  server.drop();
  await wait(250);
  latest().welcome();
  expect(latest().asked("subscribe")).toHaveLength(0);
});

test("a subscription that is refused for now is asked for again", async () => {
  const server = await opened();
  socket.subscribe("c1", fresh, hundred);
  const re = server.asked("subscribe")[0]?.id;
  server.say({ type: "error", re, code: "unavailable", message: "", retryable: true, retryAfterMs: 300 });
  await wait(300);
  expect(server.asked("subscribe")).toHaveLength(2);
});

test("a subscription that is never answered is asked for again", async () => {
  const server = await opened();
  socket.subscribe("c1", fresh, hundred);
  for (let at = 0; at < 5; at++) {
    await wait(5_000);
    server.say({ type: "presence" });
  }
  expect(server.asked("subscribe").length).toBeGreaterThan(1);
});

test("a log that keeps breaking is asked for once a second at most", async () => {
  const server = await opened();
  socket.subscribe("c1", fresh, hundred);
  for (let at = 0; at < 50; at++) socket.resubscribe("c1");
  await wait(TIMES.tick);
  expect(server.asked("subscribe")).toHaveLength(2);
});

test("an old connection is not heard any more", async () => {
  const old = await opened();
  old.drop();
  await wait(250);
  latest().welcome();
  const before = frames.length;
  old.say({ type: "status", assistant: { state: "down" } });
  expect(frames).toHaveLength(before);
});

test("a timer that slept with the machine does not hold the next try up", async () => {
  sessionFails = true;
  socket.start();
  await wait(4_000);
  sessionFails = false;
  const before = sessions;
  vi.setSystemTime(Date.now() + 3_600_000);
  await wait(TIMES.tick);
  expect(sessions).toBeGreaterThan(before);
});
