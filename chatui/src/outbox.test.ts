import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Snapshot } from "./frames";
import {
  indexedDbStore,
  isUnsent,
  KEPT_AFTER_SEEN,
  memoryStore,
  Outbox,
  type OutboxChannel,
  type OutboxEntry,
  type OutboxStore,
  withSpareRoom,
} from "./outbox";

let clock = 0;
function entry(messageId: string, more: Partial<OutboxEntry> = {}): OutboxEntry {
  return {
    messageId,
    replyId: `r-${messageId}`,
    parentId: null,
    conversationId: "c1",
    ancestors: [],
    text: `Text of ${messageId}`,
    userId: null,
    createdAt: new Date(Date.UTC(2026, 10, 20) + clock++).toISOString(),
    seenAt: null,
    again: false,
    refusal: null,
    ...more,
  };
}

function snapshot(...ids: string[]): Snapshot {
  const messages = ids.map((id) => ({
    id,
    parentId: null,
    role: "user" as const,
    text: "",
    status: "complete" as const,
    createdAt: "",
  }));
  return { conversation: null, seq: 1, cursor: "1.a", messages, replies: [], more: false };
}

/** Channels of one browser: what one tab posts the others hear. */
function browser(): () => OutboxChannel {
  const channels: OutboxChannel[] = [];
  return () => {
    const channel: OutboxChannel = {
      onmessage: null,
      postMessage: () => {
        for (const other of channels) if (other !== channel) other.onmessage?.(new MessageEvent("message"));
      },
    };
    channels.push(channel);
    return channel;
  };
}

/** A store that holds what it was given before, and takes nothing new. */
function fullStore(...kept: OutboxEntry[]): OutboxStore {
  const full = async () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  return { all: async () => kept, put: full, change: full, remove: async () => {} };
}

test("a browser without room says so, and what it kept before is marked all the same", async () => {
  const full = vi.fn();
  const outbox = new Outbox(withSpareRoom(fullStore(entry("before")), full), null, () => 5);
  await outbox.load();
  await outbox.add(entry("new"));
  expect(full).toHaveBeenCalledOnce();
  expect(ids(outbox)).toEqual(["before", "new"]);
  await outbox.seen(["before", "new"]);
  expect(outbox.entries.map(({ seenAt }) => seenAt)).toEqual([5, 5]);
});

const ids = (outbox: Outbox): string[] => outbox.entries.map(({ messageId }) => messageId);

describe.each<[string, () => OutboxStore]>([
  ["IndexedDB", indexedDbStore],
  ["memory", memoryStore],
  ["memory, since the browser has no room", () => withSpareRoom(fullStore(), () => {})],
])("the outbox in %s", (_, makeStore) => {
  let now: number;
  let store: OutboxStore;
  let outbox: Outbox;

  beforeEach(async () => {
    vi.stubGlobal("indexedDB", new IDBFactory());
    now = Date.UTC(2026, 10, 20);
    store = makeStore();
    outbox = new Outbox(store, null, () => now);
    await outbox.load();
  });

  test("what was added is there when the page is opened again", async () => {
    await outbox.add(entry("m1"));
    const reopened = new Outbox(store, null, () => now);
    await reopened.load();
    expect(ids(reopened)).toEqual(["m1"]);
  });

  test("entries stay in the order in which they were written", async () => {
    const [first, second, third] = [entry("z"), entry("a"), entry("k")];
    for (const one of [third, first, second]) await outbox.add(one);
    expect(ids(outbox)).toEqual(["z", "a", "k"]);
  });

  test("what was seen in the log is marked and stays", async () => {
    await outbox.add(entry("m1"));
    await outbox.seen(["m1", "m2"]);
    expect(outbox.entries[0]?.seenAt).toBe(now);
    expect(outbox.entries.filter(isUnsent)).toEqual([]);
  });

  test("it leaves a day after it was seen, and not before", async () => {
    await outbox.add(entry("m1"));
    await outbox.add(entry("m2"));
    await outbox.seen(["m1"]);
    now += KEPT_AFTER_SEEN;
    await outbox.load();
    expect(ids(outbox)).toEqual(["m1", "m2"]);
    now += 1;
    await outbox.load();
    expect(ids(outbox)).toEqual(["m2"]);
  });

  test("what a new snapshot lacks has to be sent again", async () => {
    await outbox.add(entry("m1"));
    await outbox.add(entry("m2"));
    await outbox.seen(["m1", "m2"]);
    await outbox.reconcile("c1", snapshot("m1"));
    expect(outbox.entries).toMatchObject([
      { messageId: "m1", again: false },
      { messageId: "m2", seenAt: null, again: true },
    ]);
  });

  test("a snapshot of another conversation says nothing about it", async () => {
    await outbox.add(entry("m1"));
    await outbox.seen(["m1"]);
    await outbox.reconcile("c2", snapshot());
    expect(outbox.entries[0]?.seenAt).toBe(now);
  });

  test("what was not sent yet and is in the snapshot was seen", async () => {
    await outbox.add(entry("m1", { refusal: { code: "conflict", message: "" } }));
    await outbox.reconcile("c1", snapshot("m1"));
    expect(outbox.entries[0]).toMatchObject({ seenAt: now, refusal: null });
  });

  test("a change to an entry that is gone brings nothing back", async () => {
    await outbox.add(entry("m1"));
    await outbox.remove(["m1"]);
    await outbox.change("m1", (kept) => ({ ...kept, seenAt: 1 }));
    expect(outbox.entries).toEqual([]);
  });
});

test("what another tab removed is not there again, not even for a moment, when it is changed here", async () => {
  const store = indexedDbStore();
  const changing = store.change("gone", (one) => ({ ...one, again: true }));
  const meanwhile = store.all();
  await changing;
  expect(await meanwhile).toEqual([]);
  expect(await store.all()).toEqual([]);
});

test("another tab sees what was written here", async () => {
  vi.stubGlobal("indexedDB", new IDBFactory());
  const channel = browser();
  const here = new Outbox(indexedDbStore(), channel(), () => 0);
  const there = new Outbox(indexedDbStore(), channel(), () => 0);
  await here.load();
  await there.load();
  const seen = new Promise<void>((resolve) => {
    there.onChange = () => resolve();
  });
  await here.add(entry("m1"));
  await seen;
  expect(ids(there)).toEqual(["m1"]);
});

test("a browser that keeps nothing still has an outbox for as long as the page lives", async () => {
  const broken: OutboxStore = {
    all: () => Promise.reject(new Error("denied")),
    put: () => Promise.reject(new Error("denied")),
    change: () => Promise.reject(new Error("denied")),
    remove: () => Promise.reject(new Error("denied")),
  };
  const outbox = new Outbox(broken, null, () => 0);
  await outbox.load();
  await outbox.add(entry("m1"));
  expect(ids(outbox)).toEqual(["m1"]);
});
