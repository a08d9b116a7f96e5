/** What the components see: the client's state, and what is only the page's own. */
import * as api from "./api";
import { Client } from "./client";
import { Connection } from "./connection.svelte";
import { CurrentConversation } from "./current-conversation.svelte";
import { Deletions, UNDO_TIME } from "./deletions.svelte";
import type { Conversation, ServerFrame } from "./frames";
import { newId } from "./ids";
import { Models } from "./models.svelte";
import type { OutboxEntry } from "./outbox";
import { takePlace } from "./place";
import { ReplyTimes } from "./reply-times.svelte";
import { keep, recall, settings } from "./settings.svelte";
import { Refused } from "./socket";
import { type ChatState, emptyState } from "./state";

export interface Notice {
  text: string;
  action?: { label: string; run: () => void };
}

type Dialog =
  | "help"
  | "settings"
  | "instructions"
  | { readonly share: Conversation }
  | { readonly usage: Conversation }
  | null;

interface Route {
  conversationId: string | null;
  /** A message of it that is looked for. */
  messageId: string | null;
}

/** Where the server sends a person whom the provider did not sign in. */
const SIGN_IN_FAILED = "#/sign-in-failed";

function routeOf(hash: string): Route {
  const match = /^#\/c\/([A-Za-z0-9_-]{1,64})(?:\/([A-Za-z0-9_-]{1,64}))?$/.exec(hash);
  return { conversationId: match?.[1] ?? null, messageId: match?.[2] ?? null };
}

class App {
  readonly client = new Client();
  readonly connection = new Connection();
  readonly current = new CurrentConversation(routeOf(location.hash).conversationId, () => this.entries);
  readonly deletions = new Deletions((id) => this.client.delete(id), api.deleteOnLeaving);
  readonly models = new Models();
  readonly times = new ReplyTimes();

  // Raw, and the same object as long as nothing in it changes: the list is not looked at again for each word of a reply.
  conversations = $state.raw<ChatState["conversations"]>(emptyState.conversations);
  assistant = $state.raw<ChatState["assistant"]>(null);
  limits = $state.raw<ChatState["limits"]>(null);
  user = $state.raw<ChatState["user"]>(null);
  offers = $state.raw<api.Offers>({ signIn: false, share: false });
  signedOut = $state(false);
  entries = $state.raw<readonly OutboxEntry[]>([]);
  /** What holds up messages that could not be sent just now. */
  troubles = $state.raw<ReadonlyMap<string, string>>(new Map());
  listLoaded = $state(false);
  listNext = $state.raw<string | null>(null);
  notice = $state.raw<Notice | null>(null);
  announcement = $state("");
  dialog = $state<Dialog>(null);
  /** A part could not be fetched from a server that is there: it has another build, and the old files are nowhere. */
  partMissing = $state(false);
  sidebarOpen = $state(false);
  sidebarHidden = $state(recall("sidebar") === "hidden");
  /** The replies that a stop was asked for. */
  stopping = $state.raw<ReadonlySet<string>>(new Set());
  /** Called when the person has sent something, so that the thread shows it. */
  onSent: () => void = () => {};
  /** The conversation that the last first message has begun. */
  begunId: string | null = null;
  /** Where this tab was before it was loaded anew, until that is in sight again. */
  place = takePlace();
  /** Where the focus goes when what had it is gone: whoever uses no mouse must not begin at the top again. */
  focusComposer: () => void = () => {};

  #flushUnderWay = false;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;

  conversation = $derived<Conversation | null>(
    this.current.id === null
      ? null
      : (this.conversations.get(this.current.id) ?? this.current.thread.conversation),
  );
  /** A reply is being written, or about to be: what is only kept here, or was refused, can not be stopped. */
  writing = $derived.by(() => {
    const [question, last] = this.current.path.shown.slice(-2);
    if (question?.kind === "pending" && this.current.entry(question.id)?.refusal) return false;
    return this.current.openReplyId !== null && (last?.kind === "reply" || this.connection.open);
  });
  /** The model that was chosen for this conversation, if it can still be had; null is the standard one. */
  chosenModel = $derived(
    this.models.ifOffered(this.current.id === null ? this.models.forNew : this.conversation?.model),
  );
  demo = $derived(this.assistant?.demo === true);

  async start(): Promise<void> {
    this.client.onChange = () => this.#flushSoon();
    this.client.onVersion = (conversationId, parentKey) =>
      this.current.forgetChoice(conversationId, parentKey);
    this.client.onFrame = (frame) => this.#observe(frame);
    this.client.onStorageFull = () => this.say(settings.texts.storageFull);
    addEventListener("hashchange", () => this.#routed());
    addEventListener("vite:preloadError", () => {
      this.partMissing ||= this.connection.open;
    });
    addEventListener("online", () => this.#networkChanged());
    addEventListener("offline", () => this.#networkChanged());
    addEventListener("pageshow", () => this.client.socket.wake());
    addEventListener("pagehide", () => {
      this.deletions.leave();
      this.client.leave();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") this.client.socket.wake();
    });
    setInterval(() => this.#tick(), 1_000);
    await this.client.start();
    this.deletions.resume();
    this.#routed();
    if (this.place?.conversationId === this.current.id) this.current.soughtId ??= this.place.messageId;
  }

  go(conversationId: string | null): void {
    location.hash = conversationId === null ? "#/" : `#/c/${conversationId}`;
    this.sidebarOpen = false;
  }

  /** Sends a message at the end of the path that is shown. Returns once it is safe. */
  async send(text: string): Promise<void> {
    const fresh = this.current.id === null;
    const conversationId = this.current.id ?? newId();
    const { ancestors } = this.current.path;
    const model = this.chosenModel;
    // A message's model is for its own reply; the choice is for the conversation.
    if (fresh && model) this.models.wish(conversationId, model);
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
    const conversationId = this.current.id;
    if (conversationId === null) return;
    const entry = this.current.entry(messageId);
    const message = this.current.messages.get(messageId);
    const parentId = message ? message.parentId : (entry?.parentId ?? null);
    const { ancestors } = this.current.path;
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

  /** Stops the reply in sight. A message that has not been stored yet is taken back: its text is given back. */
  stop(): string | null {
    const replyId = this.current.openReplyId;
    if (replyId === null) return null;
    const question = this.current.path.shown.at(-2);
    const entry = question?.kind === "pending" ? this.current.entry(question.id) : undefined;
    if (question && entry?.seenAt === null) {
      this.takeBack(question.id, replyId);
      return entry.text;
    }
    this.cancel(replyId);
    return null;
  }

  /** Takes a message back whose turn has not come. */
  takeBack(messageId: string, replyId: string): void {
    this.current.takeBack(messageId, replyId);
    this.cancel(replyId);
  }

  cancel(replyId: string): void {
    if (this.current.id === null) return;
    this.stopping = new Set(this.stopping).add(replyId);
    const done = () => {
      const stopping = new Set(this.stopping);
      stopping.delete(replyId);
      this.stopping = stopping;
    };
    this.client.cancel(this.current.id, replyId).then(done, done);
  }

  regenerate(messageId: string): void {
    if (this.current.id === null) return;
    this.client.regenerate(this.current.id, messageId).catch((problem) => {
      const t = settings.texts;
      this.say((problem instanceof Refused && t.reasons[problem.reason]) || t.couldNot);
    });
    this.onSent();
    this.focusComposer();
  }

  /** Shows a notice for some seconds. */
  say(text: string, action?: { label: string; run: () => void }): void {
    clearTimeout(this.#noticeTimer);
    this.notice = action ? { text, action } : { text };
    this.#noticeTimer = setTimeout(() => this.closeNotice(), UNDO_TIME);
  }

  /** A part of the page could not be fetched: the network is away, or the server has another build. */
  sayPartMissing(): void {
    const t = settings.texts;
    this.say(t.partMissing, { label: t.reload, run: () => location.reload() });
  }

  closeNotice(): void {
    clearTimeout(this.#noticeTimer);
    this.notice = null;
  }

  /** Takes a conversation out of sight now, and deletes it when that can no longer be undone. */
  delete(id: string, title: string): void {
    this.deletions.begin(id);
    if (this.current.id === id) this.go(null);
    this.say(settings.texts.deleted(title), {
      label: settings.texts.undo,
      run: () => {
        this.deletions.undo(id);
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

  /** Leaves the page for that of the provider; what is written here is kept until the person is back. */
  async signIn(): Promise<void> {
    try {
      location.assign(await api.beginSignIn(location.hash || "#/"));
    } catch {
      this.say(settings.texts.couldNot);
    }
  }

  async signOut(everywhere: boolean): Promise<void> {
    try {
      await api.endSession(everywhere);
    } catch (problem) {
      // No session any more is what was wanted.
      if (!(problem instanceof api.CallFailed && problem.status === 401)) {
        this.say(settings.texts.couldNot);
        return;
      }
    }
    // Nothing of this person stays in the page's memory.
    location.hash = "#/";
    location.reload();
  }

  toggleSidebar(): void {
    if (matchMedia("(max-width: 50rem)").matches) this.sidebarOpen = !this.sidebarOpen;
    else {
      this.sidebarHidden = !this.sidebarHidden;
      keep("sidebar", this.sidebarHidden ? "hidden" : null);
    }
  }

  #routed(): void {
    if (location.hash === SIGN_IN_FAILED) {
      history.replaceState(null, "", "#/");
      this.say(settings.texts.signInFailed);
    }
    const { conversationId, messageId } = routeOf(location.hash);
    this.current.id = conversationId;
    this.current.soughtId = messageId;
    if (this.current.id !== null) this.client.follow(this.current.id);
    this.current.look(this.client.state.threads);
    this.#flushSoon();
  }

  #networkChanged(): void {
    this.connection.online = navigator.onLine;
    this.client.socket.wake();
  }

  #observe(frame: ServerFrame): void {
    this.times.take(frame);
    if (frame.type === "welcome") {
      // Someone else has signed in, in another tab: the conversation in sight is not theirs.
      if (this.user && this.user.id !== frame.user.id) this.go(null);
      api.listModels().then(
        (models) => {
          this.models.all = models;
        },
        () => {},
      );
    } else if (frame.type === "conversation") {
      this.#conversationChanged(frame.change, frame.conversation.id);
    } else if (frame.type === "event" && frame.conversationId === this.current.id) {
      this.#announce(frame.event.type);
    }
  }

  #conversationChanged(change: "updated" | "deleted", id: string): void {
    const model = change === "updated" && this.models.takeWish(id);
    if (model) this.client.change(id, { model }).catch(() => {});
    const unsent = this.client.entries.some((entry) => entry.conversationId === id && entry.seenAt === null);
    if (change === "deleted" && id === this.current.id && !unsent) {
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
    if (this.current.thread.replies.length > 0) this.times.tick();
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
    const { conversations, assistant, limits, user } = this.client.state;
    this.conversations = conversations;
    this.assistant = assistant;
    this.limits = limits;
    this.user = user;
    this.offers = this.client.offers;
    this.signedOut = this.client.signedOut;
    this.current.look(this.client.state.threads);
    this.entries = this.client.entries;
    this.troubles = this.client.troubles;
    this.listLoaded = this.client.listLoaded;
    this.listNext = this.client.listNext;
    this.connection.update(this.client.socket.state);
  }
}

export const app = new App();
