/** What the components see: the client's state, and what is only the page's own. */
import { untrack } from "svelte";
import * as api from "./api";
import { Client } from "./client";
import type { Conversation, OpenReply, ServerFrame } from "./frames";
import { newId } from "./ids";
import type { OutboxEntry } from "./outbox";
import { keep, recall, settings } from "./settings.svelte";
import type { ConnectionState } from "./socket";
import { type ChatState, emptyState, emptyThread, type Thread } from "./state";
import { type Choices, keepSame, pathOf, type TreeNode } from "./tree";

/** Milliseconds until a deletion can no longer be undone. */
export const UNDO_TIME = 8_000;
/** Milliseconds of a broken connection until the page says so, if something waits for it. */
const BANNER_AFTER = 5_000;
/** Milliseconds without a sign of a reply that is being written until the page says so. */
export const STALLED_AFTER = 10_000;

/** Milliseconds that the event of an accepted message may take. */
const EVENT_DELAY = 10_000;
/** Ids of messages that were taken back which are remembered. */
const MOST_TAKEN_BACK = 400;

export interface Notice {
  text: string;
  action?: { label: string; run: () => void };
}

type Dialog = "help" | "settings" | "instructions" | null;

interface Route {
  conversationId: string | null;
  /** A message of it that is looked for. */
  messageId: string | null;
}

function routeOf(hash: string): Route {
  const match = /^#\/c\/([A-Za-z0-9_-]{1,64})(?:\/([A-Za-z0-9_-]{1,64}))?$/.exec(hash);
  return { conversationId: match?.[1] ?? null, messageId: match?.[2] ?? null };
}

class App {
  readonly client = new Client();

  // What a word of a reply changes is only `thread`. All else keeps its identity, so that nothing that shows other
  // messages, or the list, is looked at again for each word.
  conversations = $state.raw<ChatState["conversations"]>(emptyState.conversations);
  assistant = $state.raw<ChatState["assistant"]>(null);
  limits = $state.raw<ChatState["limits"]>(null);
  /** The conversation in sight. */
  thread = $state.raw<Thread>(emptyThread);
  messages = $state.raw<Thread["messages"]>(emptyThread.messages);
  entries = $state.raw<readonly OutboxEntry[]>([]);
  connection = $state.raw<ConnectionState>({ kind: "connecting" });
  /** What holds up messages that could not be sent just now. */
  troubles = $state.raw<ReadonlyMap<string, string>>(new Map());
  listLoaded = $state(false);
  listNext = $state.raw<string | null>(null);
  models = $state.raw<api.Model[]>([]);
  /** The conversation in sight; null is a new one. */
  conversationId = $state.raw<string | null>(routeOf(location.hash).conversationId);
  /** A message that a search has found, until it is in sight. */
  soughtId = $state.raw<string | null>(null);
  /** Seconds go by in it only while something counts them. */
  now = $state(Date.now());
  connectionLong = $state(false);
  /** Conversations whose deletion can still be undone. */
  deleting = $state.raw<ReadonlySet<string>>(new Set());
  notice = $state.raw<Notice | null>(null);
  announcement = $state("");
  dialog = $state<Dialog>(null);
  sidebarOpen = $state(false);
  sidebarHidden = $state(recall("sidebar") === "hidden");
  /** The reply that a stop was asked for. */
  stopping = $state.raw<ReadonlySet<string>>(new Set());
  online = $state(navigator.onLine);
  /** The model for the next new conversation. */
  newModel = $state.raw<string | null>(recall("model"));
  /** Called when the person has sent something, so that the thread shows it. */
  onSent: () => void = () => {};
  /** The conversation that the last first message has begun. */
  begunId: string | null = null;
  /** Where the focus goes when what had it is gone: whoever uses no mouse must not begin at the top again. */
  focusComposer: () => void = () => {};

  #choices = $state.raw<ReadonlyMap<string, Choices>>(new Map());
  /** Messages that were taken back before their turn came, and the answers that they will not get. */
  #takenBack = $state.raw<ReadonlySet<string>>(new Set((recall("takenBack") ?? "").split(",")));
  /** What was shown last, so that what has not changed stays the same object. */
  #shown: readonly TreeNode[] = [];
  #heardAt = new Map<string, number>();
  /** Server time minus the clock of this machine, in milliseconds. */
  #skew = 0;
  #wishedModels = new Map<string, string>();
  #flushUnderWay = false;
  #banner: ReturnType<typeof setTimeout> | undefined;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  #deletions = new Map<string, ReturnType<typeof setTimeout>>();

  conversation = $derived<Conversation | null>(
    this.conversationId === null
      ? null
      : (this.conversations.get(this.conversationId) ?? this.thread.conversation),
  );
  /** Changes only when replies come and go, not with every delta. */
  #replyKey = $derived(this.thread.replies.map((reply) => reply.replyId).join());
  #ownEntries = $derived(this.#entriesOf(this.conversationId));
  path = $derived.by(() => {
    void this.#replyKey;
    const messages = this.messages;
    const replies = untrack(() => this.thread.replies);
    const choices = this.#choices.get(this.conversationId ?? "") ?? new Map();
    const path = pathOf({ ...emptyThread, messages, replies }, this.#ownEntries, choices, this.#takenBack);
    this.#shown = keepSame(this.#shown, path.shown);
    return { ...path, shown: this.#shown };
  });
  /** The reply at the end of what is shown, if it has not ended. */
  openReplyId = $derived.by(() => {
    const last = this.path.shown.at(-1);
    return last && last.role === "assistant" && last.kind !== "message" ? last.id : null;
  });
  /** A reply is being written, or about to be: what is only kept here, or was refused, can not be stopped. */
  writing = $derived.by(() => {
    const [question, last] = this.path.shown.slice(-2);
    if (question?.kind === "pending" && this.entry(question.id)?.refusal) return false;
    return this.openReplyId !== null && (last?.kind === "reply" || this.connection.kind === "open");
  });
  /** The model that was chosen for this conversation, if it can still be had; null is the standard one. */
  chosenModel = $derived.by(() => {
    const wanted = this.conversation?.model || (this.conversationId === null ? this.newModel : null);
    return this.models.some(({ id }) => id === wanted) ? (wanted ?? null) : null;
  });
  demo = $derived(this.assistant?.demo === true);

  async start(): Promise<void> {
    this.client.onChange = () => this.#flushSoon();
    this.client.onVersion = (conversationId, parentKey) => this.#forgetChoice(conversationId, parentKey);
    this.client.onFrame = (frame) => this.#observe(frame);
    this.client.onStorageFull = () => this.say(settings.texts.storageFull);
    addEventListener("hashchange", () => this.#routed());
    addEventListener("online", () => this.#networkChanged());
    addEventListener("offline", () => this.#networkChanged());
    addEventListener("pageshow", () => this.client.socket.wake());
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.client.socket.wake();
    });
    setInterval(() => this.#tick(), 1_000);
    await this.client.start();
    this.#resumeDeletions();
    this.#routed();
  }

  /** The open reply with this id, also if it is not in the thread any more by the next frame. */
  reply(replyId: string): OpenReply | undefined {
    return this.thread.replies.find((reply) => reply.replyId === replyId);
  }

  entry(messageId: string): OutboxEntry | undefined {
    return this.#ownEntries.find((entry) => entry.messageId === messageId);
  }

  /** Milliseconds since the last sign of a reply. */
  silence(replyId: string): number {
    return this.now - (this.#heardAt.get(replyId) ?? this.now);
  }

  /** Milliseconds until a time that the server named. */
  until(serverTime: string): number {
    return Date.parse(serverTime) - this.#skew - this.now;
  }

  go(conversationId: string | null): void {
    location.hash = conversationId === null ? "#/" : `#/c/${conversationId}`;
    this.sidebarOpen = false;
  }

  /** Sends a message at the end of the path that is shown. Returns once it is safe. */
  async send(text: string): Promise<void> {
    const fresh = this.conversationId === null;
    const conversationId = this.conversationId ?? newId();
    const { ancestors } = this.path;
    const model = this.chosenModel;
    // A message's model is for its own reply; the choice is for the conversation.
    if (fresh && model) this.#wishedModels.set(conversationId, model);
    await this.client.write({
      conversationId,
      parentId: ancestors[0] ?? null,
      ancestors,
      text,
      ...(model ? { model } : {}),
    });
    // Not with the next frame of the screen: a message that is sent before it belongs under this one.
    this.#flush();
    if (fresh) {
      this.begunId = conversationId;
      this.go(conversationId);
      // At once, or a second message sent before the browser tells of the new address would begin another one.
      this.#routed();
    }
    this.onSent();
  }

  /** Sends another version of a message, beside it. */
  async sendBeside(messageId: string, text: string): Promise<void> {
    const conversationId = this.conversationId;
    if (conversationId === null) return;
    const entry = this.entry(messageId);
    const message = this.messages.get(messageId);
    const parentId = message ? message.parentId : (entry?.parentId ?? null);
    const { ancestors } = this.path;
    const above = parentId === null ? [] : ancestors.slice(Math.max(0, ancestors.indexOf(parentId)));
    const model = this.chosenModel;
    await this.client.write({
      conversationId,
      parentId,
      ancestors: above,
      text,
      ...(model ? { model } : {}),
    });
    this.onSent();
    this.focusComposer();
  }

  /**
   * Chooses the versions on the way to the message that is looked for.
   *
   * @returns whether it is here; older messages may have to be read first
   */
  seek(): boolean {
    const { messages } = this;
    let message = this.soughtId === null ? undefined : messages.get(this.soughtId);
    if (!message || this.conversationId === null) return false;
    const choices = new Map(this.#choices.get(this.conversationId));
    for (; message; message = message.parentId === null ? undefined : messages.get(message.parentId)) {
      choices.set(message.parentId ?? "", message.id);
    }
    this.#choices = new Map(this.#choices).set(this.conversationId, choices);
    return true;
  }

  choose(parentId: string | null, id: string): void {
    if (this.conversationId === null) return;
    const choices = new Map(this.#choices.get(this.conversationId)).set(parentId ?? "", id);
    this.#choices = new Map(this.#choices).set(this.conversationId, choices);
  }

  /** Stops the reply in sight. A message that has not been stored yet is taken back: its text is given back. */
  stop(): string | null {
    const replyId = this.openReplyId;
    if (replyId === null) return null;
    const question = this.path.shown.at(-2);
    const entry = question?.kind === "pending" ? this.entry(question.id) : undefined;
    if (question && entry?.seenAt === null) {
      this.takeBack(question.id, replyId);
      return entry.text;
    }
    this.cancel(replyId);
    return null;
  }

  /** Takes a message back whose turn has not come. */
  takeBack(messageId: string, replyId: string): void {
    this.#takenBack = new Set([...[...this.#takenBack].slice(-MOST_TAKEN_BACK), messageId, replyId]);
    keep("takenBack", [...this.#takenBack].join());
    this.cancel(replyId);
  }

  cancel(replyId: string): void {
    if (this.conversationId === null) return;
    this.stopping = new Set(this.stopping).add(replyId);
    const done = () => {
      const stopping = new Set(this.stopping);
      stopping.delete(replyId);
      this.stopping = stopping;
    };
    this.client.cancel(this.conversationId, replyId).then(done, done);
  }

  regenerate(messageId: string): void {
    if (this.conversationId === null) return;
    this.client.regenerate(this.conversationId, messageId).catch(() => this.say(settings.texts.couldNot));
    this.onSent();
    this.focusComposer();
  }

  /** Shows a notice for some seconds. */
  say(text: string, action?: { label: string; run: () => void }): void {
    clearTimeout(this.#noticeTimer);
    this.notice = action ? { text, action } : { text };
    this.#noticeTimer = setTimeout(() => this.closeNotice(), UNDO_TIME);
  }

  closeNotice(): void {
    clearTimeout(this.#noticeTimer);
    this.notice = null;
  }

  /** Takes a conversation out of sight now, and deletes it when that can no longer be undone. */
  delete(id: string, title: string): void {
    this.deleting = new Set(this.deleting).add(id);
    this.#keepDeletions();
    if (this.conversationId === id) this.go(null);
    this.#deletions.set(
      id,
      setTimeout(() => void this.#deleteNow(id), UNDO_TIME),
    );
    this.say(settings.texts.deleted(title), {
      label: settings.texts.undo,
      run: () => {
        clearTimeout(this.#deletions.get(id));
        this.#deletions.delete(id);
        this.#notDeleting(id);
        this.closeNotice();
      },
    });
  }

  async deleteAll(): Promise<void> {
    while (this.client.listNext !== null) await this.client.readMoreOfList();
    const ids = [...this.client.state.conversations.keys()];
    this.go(null);
    for (const id of ids) await this.client.delete(id);
    this.say(settings.texts.deleteAllDone);
  }

  toggleSidebar(): void {
    if (matchMedia("(max-width: 50rem)").matches) this.sidebarOpen = !this.sidebarOpen;
    else {
      this.sidebarHidden = !this.sidebarHidden;
      keep("sidebar", this.sidebarHidden ? "hidden" : null);
    }
  }

  /** What is not in the log, as far as this page can know: unsent, or sent so lately that its event is on its way. */
  #entriesOf(conversationId: string | null): readonly OutboxEntry[] {
    const lately = Date.now() - EVENT_DELAY;
    return this.entries.filter(
      (entry) => entry.conversationId === conversationId && (entry.seenAt === null || entry.seenAt > lately),
    );
  }

  async #deleteNow(id: string): Promise<void> {
    this.#deletions.delete(id);
    await this.client.delete(id);
    this.#notDeleting(id);
  }

  #notDeleting(id: string): void {
    const deleting = new Set(this.deleting);
    deleting.delete(id);
    this.deleting = deleting;
    this.#keepDeletions();
  }

  #keepDeletions(): void {
    keep("deleting", this.deleting.size === 0 ? null : [...this.deleting].join());
  }

  /** Deletions that the page could not carry out before it was closed. */
  #resumeDeletions(): void {
    const ids = (recall("deleting") ?? "").split(",").filter((id) => id !== "");
    this.deleting = new Set(ids);
    for (const id of ids) void this.#deleteNow(id);
  }

  #leave(): void {
    for (const [id, timer] of this.#deletions) {
      clearTimeout(timer);
      api.deleteOnLeaving(id);
    }
  }

  #routed(): void {
    const { conversationId, messageId } = routeOf(location.hash);
    this.conversationId = conversationId;
    this.soughtId = messageId;
    if (this.conversationId !== null) this.client.follow(this.conversationId);
    this.#look();
    this.#flushSoon();
  }

  #networkChanged(): void {
    this.online = navigator.onLine;
    this.client.socket.wake();
  }

  #forgetChoice(conversationId: string, parentKey: string): void {
    const choices = this.#choices.get(conversationId);
    if (!choices?.has(parentKey)) return;
    const fewer = new Map(choices);
    fewer.delete(parentKey);
    this.#choices = new Map(this.#choices).set(conversationId, fewer);
  }

  #observe(frame: ServerFrame): void {
    const now = Date.now();
    if (frame.type === "welcome") {
      this.#skew = Date.parse(frame.serverTime) - now || 0;
      api.listModels().then(
        (models) => {
          this.models = models;
        },
        () => {},
      );
    } else if (frame.type === "conversation") {
      this.#conversationChanged(frame.change, frame.conversation.id);
    } else if (frame.type === "subscribed") {
      for (const reply of frame.snapshot?.replies ?? []) this.#heardAt.set(reply.replyId, now);
    } else if (frame.type === "event" && "replyId" in frame.event) {
      const { replyId, type } = frame.event;
      this.#heardAt.set(replyId, now);
      if (type !== "reply.delta") this.now = now;
      if (frame.conversationId === this.conversationId) this.#announce(type);
    }
  }

  #conversationChanged(change: "updated" | "deleted", id: string): void {
    const model = this.#wishedModels.get(id);
    if (change === "updated" && model) {
      this.#wishedModels.delete(id);
      this.client.change(id, { model }).catch(() => {});
    }
    const unsent = this.client.entries.some((entry) => entry.conversationId === id && entry.seenAt === null);
    if (change === "deleted" && id === this.conversationId && !unsent) {
      this.go(null);
      this.say(settings.texts.deletedElsewhere);
    }
  }

  #announce(type: string): void {
    const t = settings.texts;
    if (type === "reply.started") this.announcement = t.announceWriting;
    else if (type === "reply.completed") this.announcement = t.announceComplete;
    else if (type === "reply.cancelled") this.announcement = t.announceStopped;
    else if (type === "reply.failed") this.announcement = t.announceFailed;
  }

  #tick(): void {
    if (this.thread.replies.length > 0) this.now = Date.now();
  }

  /** Takes what is known of the conversation in sight. */
  #look(): void {
    const { threads } = this.client.state;
    this.thread =
      (this.conversationId === null ? undefined : threads.get(this.conversationId)) ?? emptyThread;
    this.messages = this.thread.messages;
  }

  /** At most one change of what is shown per frame of the screen. */
  #flushSoon(): void {
    if (this.#flushUnderWay) return;
    this.#flushUnderWay = true;
    const flush = () => {
      this.#flushUnderWay = false;
      this.#flush();
    };
    if (document.visibilityState === "visible") requestAnimationFrame(flush);
    else setTimeout(flush, 100);
  }

  #flush(): void {
    const { conversations, assistant, limits } = this.client.state;
    this.conversations = conversations;
    this.assistant = assistant;
    this.limits = limits;
    this.#look();
    this.entries = this.client.entries;
    this.troubles = this.client.troubles;
    this.listLoaded = this.client.listLoaded;
    this.listNext = this.client.listNext;
    this.connection = this.client.socket.state;
    if (this.connection.kind === "open") {
      clearTimeout(this.#banner);
      this.#banner = undefined;
      this.connectionLong = false;
    } else {
      this.#banner ??= setTimeout(() => {
        this.connectionLong = true;
      }, BANNER_AFTER);
    }
  }
}

export const app = new App();
