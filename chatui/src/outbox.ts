/**
 * What a person wrote, kept in the browser from before it is sent until a day after it was seen in the log.
 * So it survives a reload, a lost network, and a server that comes back with an older store.
 */
import { createStore, del, promisifyRequest, entries as readAll, set } from "idb-keyval";
import type { Snapshot } from "./frames";

/** Milliseconds that a message stays here after it was seen in the log. */
export const KEPT_AFTER_SEEN = 24 * 60 * 60 * 1000;

export interface Refusal {
  code: string;
  message: string;
}

export interface OutboxEntry {
  readonly messageId: string;
  readonly replyId: string;
  readonly conversationId: string;
  readonly parentId: string | null;
  /** The assistant messages above it, nearest first: where it goes if its parent is lost. */
  readonly ancestors: readonly string[];
  readonly text: string;
  readonly model?: string;
  /** Whose it is; null if it was written before the page knew. */
  readonly userId: string | null;
  readonly createdAt: string;
  /** When it was seen in the log; null while it is only here. */
  readonly seenAt: number | null;
  /** It was in the log once, and the log lost it. */
  readonly again: boolean;
  /** Why it will not be sent as it is. */
  readonly refusal: Refusal | null;
}

/** Where entries are kept. Each call is one transaction, also among tabs. */
export interface OutboxStore {
  all(): Promise<OutboxEntry[]>;
  put(entry: OutboxEntry): Promise<void>;
  change(messageId: string, change: (entry: OutboxEntry) => OutboxEntry): Promise<void>;
  remove(messageId: string): Promise<void>;
}

export function indexedDbStore(): OutboxStore {
  const store = createStore("parley-outbox", "entries");
  return {
    all: async () => (await readAll<string, OutboxEntry>(store)).map(([, entry]) => entry),
    put: (entry) => set(entry.messageId, entry, store),
    // Not `update`: it writes an empty record for an entry that another tab removed in between.
    change: (messageId, change) =>
      store("readwrite", async (entries) => {
        const entry = await promisifyRequest<OutboxEntry | undefined>(entries.get(messageId));
        if (entry) entries.put(change(entry), messageId);
        return promisifyRequest(entries.transaction);
      }),
    remove: (messageId) => del(messageId, store),
  };
}

/** For a browser that keeps nothing: the outbox then lives as long as the page. */
export function memoryStore(): OutboxStore {
  const kept = new Map<string, OutboxEntry>();
  return {
    all: async () => [...kept.values()],
    put: async (entry) => void kept.set(entry.messageId, entry),
    change: async (messageId, change) => {
      const entry = kept.get(messageId);
      if (entry) kept.set(messageId, change(entry));
    },
    remove: async (messageId) => void kept.delete(messageId),
  };
}

/**
 * Keeps in the page's memory what the browser has no room for, so that it is sent all the same.
 *
 * @param full called for each new entry that the browser did not take
 */
export function withSpareRoom(store: OutboxStore, full: () => void): OutboxStore {
  const spare = memoryStore();
  const find = async (from: OutboxStore, messageId: string) =>
    (await from.all()).find((entry) => entry.messageId === messageId);
  return {
    async all() {
      const spared = await spare.all();
      const ids = new Set(spared.map((entry) => entry.messageId));
      return [...(await store.all()).filter((entry) => !ids.has(entry.messageId)), ...spared];
    },
    async put(entry) {
      try {
        await store.put(entry);
      } catch {
        await spare.put(entry);
        full();
      }
    },
    async change(messageId, change) {
      if (await find(spare, messageId)) return spare.change(messageId, change);
      try {
        await store.change(messageId, change);
      } catch {
        const entry = await find(store, messageId);
        if (entry) await spare.put(change(entry));
      }
    },
    async remove(messageId) {
      await spare.remove(messageId);
      await store.remove(messageId);
    },
  };
}

/** Tells the other tabs that the store has changed. */
export interface OutboxChannel {
  postMessage(message: unknown): void;
  onmessage: ((message: MessageEvent) => void) | null;
}

export class Outbox {
  onChange: (entries: readonly OutboxEntry[]) => void = () => {};

  /** Oldest first. */
  entries: readonly OutboxEntry[] = [];

  #store: OutboxStore;
  #channel: OutboxChannel | null;
  #now: () => number;

  constructor(store: OutboxStore, channel: OutboxChannel | null, now: () => number) {
    this.#store = store;
    this.#channel = channel;
    this.#now = now;
    if (channel) channel.onmessage = () => void this.#read();
  }

  /** Reads what is kept, and lets go of what was seen more than a day ago. */
  async load(): Promise<void> {
    try {
      await this.#read();
    } catch {
      // No IndexedDB (some private windows): better a page without a memory than no page.
      this.#store = memoryStore();
    }
    const old = this.entries.filter(
      (entry) => entry.seenAt !== null && this.#now() - entry.seenAt > KEPT_AFTER_SEEN,
    );
    await this.remove(old.map((entry) => entry.messageId));
  }

  /** Returns once the entry is safe. */
  async add(entry: OutboxEntry): Promise<void> {
    await this.#store.put(entry);
    await this.#changed();
  }

  async change(messageId: string, change: (entry: OutboxEntry) => OutboxEntry): Promise<void> {
    await this.#store.change(messageId, change);
    await this.#changed();
  }

  async remove(messageIds: readonly string[]): Promise<void> {
    if (messageIds.length === 0) return;
    for (const messageId of messageIds) await this.#store.remove(messageId);
    await this.#changed();
  }

  /** Marks the entries among these messages as seen in the log. */
  async seen(messageIds: Iterable<string>): Promise<void> {
    const ids = new Set(messageIds);
    const found = this.entries.filter((entry) => entry.seenAt === null && ids.has(entry.messageId));
    if (found.length === 0) return;
    for (const { messageId } of found)
      await this.#store.change(messageId, (entry) => markSeen(entry, this.#now()));
    await this.#changed();
  }

  /**
   * Compares with a snapshot that replaced what the page knew: what is in it was seen, and what was seen but is
   * not in it has to be sent again. (A shortened snapshot may lack what the log has; sending that again is
   * answered as the first time.)
   */
  async reconcile(conversationId: string, snapshot: Snapshot): Promise<void> {
    const ids = new Set(snapshot.messages.map((message) => message.id));
    const lost = this.entries.filter(
      (entry) =>
        entry.conversationId === conversationId && entry.seenAt !== null && !ids.has(entry.messageId),
    );
    for (const { messageId } of lost) {
      await this.#store.change(messageId, (entry) => ({ ...entry, seenAt: null, again: true }));
    }
    if (lost.length > 0) await this.#changed();
    await this.seen(ids);
  }

  async #changed(): Promise<void> {
    this.#channel?.postMessage("changed");
    await this.#read();
  }

  async #read(): Promise<void> {
    const all = await this.#store.all();
    this.entries = all.sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
    this.onChange(this.entries);
  }
}

export function markSeen(entry: OutboxEntry, now: number): OutboxEntry {
  return { ...entry, seenAt: now, refusal: null };
}

/** Whether an entry waits to be sent to the server. */
export function isUnsent(entry: OutboxEntry): boolean {
  return entry.seenAt === null && entry.refusal === null;
}
