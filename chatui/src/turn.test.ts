import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { indexedDbLease, LEASE, type Lease, type LeaseChannel, leaseTurn, lockTurn, type Turn } from "./turn";

let turns: Turn[];
let lease: Lease;

/** As the one in IndexedDB, without its waiting. */
function memoryLease(): Lease {
  let record = { holder: "", until: 0 };
  let left = "nobody";
  return {
    leave: (holder) => {
      left = holder;
    },
    take: async (holder, now) => {
      if (record.holder !== holder && record.holder !== left && record.until > now) return false;
      record = { holder, until: now + LEASE.length };
      return true;
    },
    drop: async (holder) => {
      if (record.holder === holder) record = { holder: "", until: 0 };
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  turns = [];
  lease = memoryLease();
});

afterEach(() => {
  for (const turn of turns) turn.end();
  vi.useRealTimers();
});

const settled = () => vi.advanceTimersByTimeAsync(0);
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

/** Channels of one browser: what one tab posts the others hear. */
function browser(): () => LeaseChannel {
  const channels = new Set<LeaseChannel>();
  return () => {
    const channel: LeaseChannel = {
      onmessage: null,
      postMessage: () => {
        for (const other of channels) if (other !== channel) other.onmessage?.(new MessageEvent("message"));
      },
      close: () => channels.delete(channel),
    };
    channels.add(channel);
    return channel;
  };
}

function tab(lease: Lease, channel: LeaseChannel | null = null): { held: boolean; turn: Turn } {
  const state = { held: false, turn: { end: () => {}, leave: () => {} } };
  state.turn = leaseTurn(lease, channel, (held) => {
    state.held = held;
  });
  turns.push(state.turn);
  return state;
}

test("of two tabs one has the turn, and keeps it", async () => {
  const first = tab(lease);
  await settled();
  const second = tab(lease);
  await settled();
  expect([first.held, second.held]).toEqual([true, false]);
  for (let at = 0; at < 5; at++) await pass(LEASE.renew);
  expect([first.held, second.held]).toEqual([true, false]);
});

test("a tab that ends its turn leaves it to the other at once", async () => {
  const channel = browser();
  const first = tab(lease, channel());
  await settled();
  const second = tab(lease, channel());
  await settled();
  first.turn.end();
  await settled();
  expect(second.held).toBe(true);
});

test("a page that goes away leaves the turn to the one that comes next, which need not wait", async () => {
  const page = tab(lease);
  await settled();
  page.turn.leave();
  expect(page.held).toBe(false);
  const reloaded = tab(lease);
  await settled();
  expect(reloaded.held).toBe(true);
  // Brought back by the browser it does not take it away again.
  await pass(LEASE.renew);
  expect([page.held, reloaded.held]).toEqual([false, true]);
});

test("a tab that goes away without the turn takes it from nobody", async () => {
  const first = tab(lease);
  await settled();
  const second = tab(lease);
  await settled();
  second.turn.leave();
  const third = tab(lease);
  await settled();
  expect([first.held, third.held]).toEqual([true, false]);
});

test("a tab that fell asleep loses its turn when its lease is over, and notices", async () => {
  let asleep = false;
  const sleepy: Lease = {
    take: (holder, now) => (asleep ? new Promise(() => {}) : lease.take(holder, now)),
    drop: (holder) => lease.drop(holder),
    leave: (holder) => lease.leave(holder),
  };
  const first = tab(sleepy);
  await settled();
  const second = tab(lease);
  asleep = true;
  await pass(LEASE.length + LEASE.renew);
  expect(second.held).toBe(true);
  asleep = false;
  await pass(LEASE.renew);
  expect(first.held).toBe(false);
});

test("ending while the other has it takes nothing away", async () => {
  const first = tab(lease);
  await settled();
  const second = tab(lease);
  await settled();
  second.turn.end();
  await settled();
  const third = tab(lease);
  await settled();
  expect([first.held, third.held]).toEqual([true, false]);
});

test("without IndexedDB each tab sends its own", async () => {
  const nothing: Lease = {
    take: () => Promise.reject(new Error("denied")),
    drop: () => Promise.reject(new Error("denied")),
    leave: () => {},
  };
  const alone = tab(nothing);
  await settled();
  expect(alone.held).toBe(true);
});

test("the lease in IndexedDB is one holder's until it is over or dropped", async () => {
  vi.useRealTimers();
  vi.stubGlobal("indexedDB", new IDBFactory());
  const kept = indexedDbLease();
  expect(await kept.take("a", 0)).toBe(true);
  expect(await kept.take("b", 1)).toBe(false);
  expect(await kept.take("a", 2)).toBe(true);
  expect(await kept.take("b", 1 + LEASE.length)).toBe(false);
  expect(await kept.take("b", 2 + LEASE.length)).toBe(true);
  await kept.drop("a");
  expect(await kept.take("a", 3 + LEASE.length)).toBe(false);
  await kept.drop("b");
  expect(await kept.take("reloaded", 4 + LEASE.length)).toBe(true);
  kept.leave("reloaded");
  expect(await kept.take("a", 5 + LEASE.length)).toBe(true);
  expect(await kept.take("reloaded", 6 + LEASE.length)).toBe(false);
});

test("of two tabs that ask at once, one gets the lease in IndexedDB", async () => {
  vi.useRealTimers();
  vi.stubGlobal("indexedDB", new IDBFactory());
  const answers = await Promise.all(["a", "b", "c"].map((holder) => indexedDbLease().take(holder, 0)));
  expect(answers.filter(Boolean)).toHaveLength(1);
});

test("with Web Locks the turn lasts until it is ended", async () => {
  let running: Promise<unknown> | undefined;
  const locks = {
    request: (_name: string, _options: LockOptions, callback: () => Promise<void>) => {
      running = callback();
      return running;
    },
  } as unknown as LockManager;
  const told: boolean[] = [];
  const turn = lockTurn(locks, (held) => told.push(held));
  expect(told).toEqual([true]);
  turn.end();
  await expect(running).resolves.toBeUndefined();
});

test("a turn that is ended before it came never comes", async () => {
  const locks = {
    request: (_name: string, { signal }: LockOptions) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  } as unknown as LockManager;
  const told: boolean[] = [];
  lockTurn(locks, (held) => told.push(held)).end();
  await settled();
  expect(told).toEqual([]);
});
