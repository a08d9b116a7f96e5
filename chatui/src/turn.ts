/** One tab at a time has the turn: the only one that sends from the outbox. */
import { createStore, update } from "idb-keyval";
import { newId } from "./ids";
import { keep, recall } from "./settings.svelte";

/** Milliseconds. A hidden tab's timers may sleep for longer than a lease: then another tab takes over. */
export const LEASE = { length: 6_000, renew: 2_000 } as const;

export interface Turn {
  /** Gives the turn up, or stops waiting for it. */
  end(): void;
  /** The page goes away, maybe for good: there is no time for more than a word. */
  leave(): void;
}

/** Waits for the turn and calls `onTurn(true)` when it has come, `onTurn(false)` when it is lost. */
export function waitForTurn(onTurn: (held: boolean) => void): Turn {
  return navigator.locks
    ? lockTurn(navigator.locks, onTurn)
    : leaseTurn(indexedDbLease(), leaseChannel(), onTurn);
}

export function lockTurn(locks: LockManager, onTurn: (held: boolean) => void): Turn {
  const stopped = new AbortController();
  let release = () => {};
  locks
    .request("parley-outbox", { signal: stopped.signal }, () => {
      onTurn(true);
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    })
    .catch(() => {});
  return {
    end: () => {
      stopped.abort();
      release();
    },
    // The browser does it.
    leave: () => {},
  };
}

/** A lease that several tabs want; `take` is one transaction. */
export interface Lease {
  /** Takes or renews the lease for `holder`; false if another has it. */
  take(holder: string, now: number): Promise<boolean>;
  drop(holder: string): Promise<void>;
  /** Says at once that a holder is gone, which `drop` may not come to any more when a page goes away. */
  leave(holder: string): void;
}

const LEFT = "lease-left";

interface LeaseRecord {
  holder: string;
  until: number;
}

/** Plain http has no Web Locks: a record in IndexedDB does the same, a few seconds slower. */
export function indexedDbLease(): Lease {
  const store = createStore("parley-lease", "leases");
  return {
    take: async (holder, now) => {
      let mine = false;
      await update<LeaseRecord>(
        "outbox",
        (record) => {
          const left = record?.holder === recall(LEFT);
          mine = !record || left || record.holder === holder || record.until <= now;
          return mine || !record ? { holder, until: now + LEASE.length } : record;
        },
        store,
      );
      return mine;
    },
    leave: (holder) => keep(LEFT, holder),
    drop: (holder) =>
      update<LeaseRecord>(
        "outbox",
        (record) => (record && record.holder !== holder ? record : { holder: "", until: 0 }),
        store,
      ),
  };
}

export interface LeaseChannel {
  postMessage(message: unknown): void;
  onmessage: ((message: MessageEvent) => void) | null;
  close(): void;
}

function leaseChannel(): LeaseChannel | null {
  return typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("parley-lease");
}

export function leaseTurn(lease: Lease, channel: LeaseChannel | null, onTurn: (held: boolean) => void): Turn {
  let holder = newId();
  let held = false;
  let ended = false;
  const attempt = async () => {
    // A browser without IndexedDB has no shared outbox either: each tab sends its own.
    const mine = await lease.take(holder, Date.now()).catch(() => true);
    if (ended) {
      if (mine) await lease.drop(holder).catch(() => {});
      return;
    }
    if (mine !== held) {
      held = mine;
      onTurn(held);
    }
  };
  const timer = setInterval(() => void attempt(), LEASE.renew);
  if (channel) channel.onmessage = () => void attempt();
  void attempt();
  return {
    leave: () => {
      if (!held) return;
      lease.leave(holder);
      // Should the browser bring the page back, it waits like any other.
      holder = newId();
      held = false;
      onTurn(false);
    },
    end: () => {
      ended = true;
      clearInterval(timer);
      const last = held ? lease.drop(holder).catch(() => {}) : Promise.resolve();
      void last.then(() => {
        channel?.postMessage("dropped");
        channel?.close();
      });
    },
  };
}
