/** The page without its looks: one socket, one state, one outbox. */
import * as api from "./api";
import type { ClientFrame, Conversation, ServerFrame } from "./frames";
import { newId } from "./ids";
import { indexedDbStore, isUnsent, memoryStore, Outbox, type OutboxEntry, withSpareRoom } from "./outbox";
import { Sender } from "./sender";
import { Disconnected, PROTOCOL, Refused, Socket } from "./socket";
import {
  type ChatState,
  emptyState,
  isBroken,
  positionOf,
  reduce,
  withConversations,
  withOlder,
  withoutConversation,
  withoutThread,
} from "./state";
import { type Turn, waitForTurn } from "./turn";

/** Threads that stay followed after the person went to another one, so that coming back is at once. */
const FOLLOWED = 4;
/** Milliseconds that what was pressed may still take until it is done; later nobody would expect it. */
const LONGEST_WAIT = 60_000;
/** Messages of a first snapshot; older ones are read when they are scrolled to. */
const NEWEST = 100;

export interface NewMessage {
  conversationId: string;
  parentId: string | null;
  ancestors: readonly string[];
  text: string;
  model?: string;
}

export class Client {
  /** Something of what can be seen has changed. */
  onChange: () => void = () => {};
  /** A version was added under a parent ("" for the top) by someone, here or elsewhere. */
  onVersion: (conversationId: string, parentKey: string) => void = () => {};
  /** The browser had no room for a message; it is kept as long as the page stays open. */
  onStorageFull: () => void = () => {};
  /** A frame was taken in. */
  onFrame: (frame: ServerFrame) => void = () => {};

  state: ChatState = emptyState;
  readonly socket: Socket;
  readonly outbox: Outbox;
  /** What holds up messages that could not be sent just now, by their ids. */
  troubles: ReadonlyMap<string, string> = new Map();
  offers: api.Offers = { signIn: false, share: false };
  /** Nobody is let in here without signing in. */
  signedOut = false;
  listNext: string | null = null;
  listLoaded = false;

  #sender: Sender;
  #turn: Turn | null = null;
  #hasTurn = false;
  /** The followed threads, the last visited first. */
  #followed: string[] = [];
  #opened: (() => void)[] = [];
  #lastCreatedAt = 0;
  #olderUnderWay = new Set<string>();
  /** The entries of a person, and what they were taken from. */
  #own: { of: readonly OutboxEntry[]; userId: string | undefined; entries: readonly OutboxEntry[] } = {
    of: [],
    userId: undefined,
    entries: [],
  };

  constructor() {
    this.socket = new Socket({
      startSession: () => this.#startSession(),
      openSocket: () => new WebSocket(api.socketAddress(), PROTOCOL),
      now: () => Date.now(),
      random: () => Math.random(),
    });
    const store =
      typeof indexedDB === "undefined"
        ? memoryStore()
        : withSpareRoom(indexedDbStore(), () => this.onStorageFull());
    const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("parley-outbox");
    this.outbox = new Outbox(store, channel, () => Date.now());
    this.#sender = new Sender(this.outbox, {
      request: (frame) => this.socket.request(frame),
      existing: async (id) => {
        const snapshot = await api.readSnapshot(id);
        return new Set([
          ...snapshot.messages.map(({ id }) => id),
          ...snapshot.replies.map(({ replyId }) => replyId),
        ]);
      },
      pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      now: () => Date.now(),
      userId: () => this.state.user?.id ?? null,
      frameBytes: () => this.state.limits?.frameBytes ?? 65_536,
    });
    this.#sender.onTrouble = (messageId, code) => {
      if (code === null && !this.troubles.has(messageId)) return;
      const troubles = new Map(this.troubles);
      if (code === null) troubles.delete(messageId);
      else troubles.set(messageId, code);
      this.troubles = troubles;
      this.onChange();
    };
    this.socket.onFrame = (frame) => this.#take(frame);
    this.socket.onState = () => this.#connectionChanged();
    this.outbox.onChange = () => {
      this.#sender.drain();
      this.onChange();
    };
  }

  async start(): Promise<void> {
    await this.outbox.load();
    this.socket.start();
  }

  /** What of the outbox belongs to the person in front of the page; the same array until that changes. */
  get entries(): readonly OutboxEntry[] {
    const userId = this.state.user?.id;
    const of = this.outbox.entries;
    if (of !== this.#own.of || userId !== this.#own.userId) {
      const entries = of.filter(
        (entry) => userId === undefined || entry.userId === null || entry.userId === userId,
      );
      this.#own = { of, userId, entries };
    }
    return this.#own.entries;
  }

  /** Follows a conversation, and no longer the one that was visited longest ago. */
  follow(conversationId: string): void {
    this.#followed = [conversationId, ...this.#followed.filter((id) => id !== conversationId)];
    for (const id of this.#followed.splice(FOLLOWED)) this.#unfollow(id);
    this.socket.subscribe(
      conversationId,
      () => positionOf(this.state.threads.get(conversationId)),
      () => Math.max(NEWEST, this.state.threads.get(conversationId)?.messages.size ?? 0),
    );
  }

  /** Returns once the message is safe in the outbox. */
  async write(message: NewMessage): Promise<OutboxEntry> {
    // Strictly later than the one before, because the outbox is sent in this order.
    this.#lastCreatedAt = Math.max(Date.now(), this.#lastCreatedAt + 1);
    const entry: OutboxEntry = {
      ...message,
      messageId: newId(),
      replyId: newId(),
      userId: this.state.user?.id ?? null,
      createdAt: new Date(this.#lastCreatedAt).toISOString(),
      seenAt: null,
      again: false,
      refusal: null,
    };
    await this.outbox.add(entry);
    this.onVersion(message.conversationId, message.parentId ?? "");
    return entry;
  }

  /** Sends a refused message, and what follows it, as the beginning of a new conversation; gives its id. */
  async writeAnew(entry: OutboxEntry): Promise<string> {
    const conversationId = newId();
    const chain = this.outbox.entries.filter(
      (other) => other.conversationId === entry.conversationId && other.seenAt === null,
    );
    let ancestors: string[] = [];
    for (const { text, model } of chain) {
      const parentId = ancestors[0] ?? null;
      const next = await this.write({
        conversationId,
        parentId,
        ancestors,
        text,
        ...(model ? { model } : {}),
      });
      ancestors = [next.replyId, ...ancestors];
    }
    await this.outbox.remove(chain.map(({ messageId }) => messageId));
    return conversationId;
  }

  regenerate(conversationId: string, messageId: string): Promise<void> {
    return this.#insist({ type: "regenerate", conversationId, messageId, replyId: newId() });
  }

  /** Stops a reply, or takes a message back that has not been sent yet. */
  async cancel(conversationId: string, replyId: string): Promise<void> {
    const entry = this.outbox.entries.find((other) => other.replyId === replyId);
    if (entry && entry.seenAt === null) await this.outbox.remove([entry.messageId]);
    if (!entry || entry.seenAt !== null || this.socket.state.kind === "open") {
      await this.#insist({ type: "cancel", conversationId, replyId });
    }
  }

  async readList(): Promise<void> {
    const wanted = this.state.conversations.size;
    let first = true;
    do {
      const page = await api.listConversations(first ? null : this.listNext);
      this.listNext = page.next;
      this.state = withConversations(this.state, page.items, first);
      first = false;
    } while (this.listNext !== null && this.state.conversations.size < wanted);
    this.listLoaded = true;
    this.onChange();
  }

  async readMoreOfList(): Promise<void> {
    if (this.listNext === null) return;
    const page = await api.listConversations(this.listNext);
    this.listNext = page.next;
    this.state = withConversations(this.state, page.items, false);
    this.onChange();
  }

  async readOlder(conversationId: string): Promise<void> {
    const thread = this.state.threads.get(conversationId);
    const oldest = thread?.messages.values().next().value;
    if (!thread?.more || !oldest || this.#olderUnderWay.has(conversationId)) return;
    this.#olderUnderWay.add(conversationId);
    try {
      const page = await api.readOlder(conversationId, oldest.id);
      this.state = withOlder(this.state, conversationId, page.items, page.more);
      this.onChange();
    } finally {
      this.#olderUnderWay.delete(conversationId);
    }
  }

  async change(id: string, change: Parameters<typeof api.changeConversation>[1]): Promise<Conversation> {
    const conversation = await api.changeConversation(id, change);
    this.#take({ type: "conversation", change: "updated", conversation });
    return conversation;
  }

  /** Deletes a conversation, as soon as the server can be reached. */
  async delete(id: string): Promise<void> {
    await this.outbox.remove(
      this.outbox.entries.filter((entry) => entry.conversationId === id).map(({ messageId }) => messageId),
    );
    this.#unfollow(id);
    this.#followed = this.#followed.filter((other) => other !== id);
    for (;;) {
      try {
        await api.deleteConversation(id);
        break;
      } catch (problem) {
        const final = problem instanceof api.CallFailed && problem.status < 500 && problem.status !== 429;
        if (final) break;
        if (this.socket.state.kind === "open") await new Promise((resolve) => setTimeout(resolve, 2_000));
        else await this.#whenOpen();
      }
    }
    this.state = withoutConversation(this.state, id);
    this.onChange();
  }

  /** The page goes away: whichever comes next need not wait until this one's turn is over. */
  leave(): void {
    this.#turn?.leave();
  }

  async #startSession(): Promise<void> {
    try {
      this.offers = await api.startSession();
      this.signedOut = false;
    } catch (problem) {
      if (problem instanceof api.CallFailed && problem.status === 401) this.signedOut = true;
      throw problem;
    }
  }

  #unfollow(id: string): void {
    this.socket.unsubscribe(id);
    this.state = withoutThread(this.state, id);
  }

  /** Sends a request until it is answered, over as many connections as that takes. */
  async #insist(frame: ClientFrame): Promise<void> {
    for (;;) {
      try {
        await this.socket.request(frame);
        return;
      } catch (problem) {
        if (problem instanceof Refused) {
          const wait = problem.retryAfterMs ?? 2_000;
          if (!problem.retryable || wait > LONGEST_WAIT) throw problem;
          await new Promise((resolve) => setTimeout(resolve, wait));
        } else if (problem instanceof Disconnected) await this.#whenOpen();
        else throw problem;
      }
    }
  }

  #whenOpen(): Promise<void> {
    if (this.socket.state.kind === "open") return Promise.resolve();
    return new Promise((resolve) => this.#opened.push(resolve));
  }

  #take(frame: ServerFrame): void {
    const before = this.state;
    this.state = reduce(before, frame);
    if (frame.type === "subscribed" && frame.snapshot) {
      void this.outbox.reconcile(frame.conversationId, frame.snapshot);
    }
    if (frame.type === "event") {
      const { conversationId, event } = frame;
      if (event.type === "message.created") {
        void this.outbox.seen([event.message.id]);
        this.onVersion(conversationId, event.message.parentId ?? "");
      } else if (event.type === "reply.queued") this.onVersion(conversationId, event.parentId);
    }
    if (frame.type === "subscribed" || frame.type === "event") {
      if (isBroken(this.state.threads.get(frame.conversationId)))
        this.socket.resubscribe(frame.conversationId);
    }
    this.onFrame(frame);
    if (this.state !== before) this.onChange();
  }

  #connectionChanged(): void {
    if (this.socket.state.kind === "open") {
      // `conversation` frames are not repeated: what was missed is in the list.
      this.readList().catch(() => {});
      this.#turn ??= waitForTurn((held) => {
        this.#hasTurn = held;
        this.#sendOrNot();
      });
      for (const resolve of this.#opened.splice(0)) resolve();
    } else {
      // Another tab may have a connection.
      this.#turn?.end();
      this.#turn = null;
      this.#hasTurn = false;
    }
    this.#sendOrNot();
    this.onChange();
  }

  #sendOrNot(): void {
    if (this.#hasTurn && this.socket.state.kind === "open") this.#sender.start();
    else this.#sender.stop();
  }

  /** Whether anything here has not reached the server. */
  get hasUnsent(): boolean {
    return this.entries.some(isUnsent);
  }
}
