/**
 * One socket to the server: opened again when it breaks, with every subscription going on where it was.
 * It knows frames and times, and nothing of what they mean.
 */
import { type Answer, type ClientFrame, decodeServerFrame, type ServerFrame } from "./frames";

export const PROTOCOL = "parley.v1";

/** Milliseconds. */
export const TIMES = {
  firstBackoff: 250,
  longestBackoff: 8_000,
  /** A connection that lived shorter does not reset the backoff, or a server that drops everyone is flooded. */
  settled: 5_000,
  /** From the start of a connection to its `welcome`. */
  handshake: 10_000,
  pingAfter: 15_000,
  deadAfter: 30_000,
  /** How long a socket may stay silent after a doubt (page shown again, network back). */
  probe: 4_000,
  /** How long a request may stay without its answer. */
  answer: 20_000,
  tick: 1_000,
} as const;

/** Close codes after which the same again would end the same way. */
const FINAL_CLOSE_CODES = [1003, 1009];

export type ConnectionState =
  | { kind: "connecting" }
  | { kind: "open" }
  /** Broken; the next try is at `until` (milliseconds of `now`). */
  | { kind: "waiting"; until: number }
  /** The server refused what this page sent: trying again by itself would not help. */
  | { kind: "refused" };

/** The server's `error` in answer to a request. */
export class Refused extends Error {
  readonly code: string;
  /** What says most exactly why. */
  readonly reason: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(error: Extract<ServerFrame, { type: "error" }>) {
    super(error.message);
    this.code = error.code;
    this.reason = error.cause ?? error.code;
    this.retryable = error.retryable;
    this.retryAfterMs = error.retryAfterMs;
  }
}

/** The connection broke, or was not there: whether the request was carried out is not known. */
export class Disconnected extends Error {}

/** What the socket needs of the world around it; tests bring their own. */
export interface SocketWorld {
  /** Makes sure of a session; rejects if the server cannot be reached. */
  startSession(): Promise<void>;
  openSocket(): WebSocket;
  now(): number;
  random(): number;
}

interface Subscription {
  /** The cursor to go on after, or null for a new snapshot; asked at each (re)subscription. */
  after: () => string | null;
  limit: () => number;
  /** When it was last asked for, so that a log that keeps breaking is not asked for without pause. */
  askedAt: number;
  again: ReturnType<typeof setTimeout> | undefined;
}

interface PendingRequest {
  resolve: (answer: Answer) => void;
  reject: (reason: Error) => void;
  sentAt: number;
}

export class Socket {
  onFrame: (frame: ServerFrame) => void = () => {};
  onState: (state: ConnectionState) => void = () => {};

  state: ConnectionState = { kind: "connecting" };

  #world: SocketWorld;
  #socket: WebSocket | null = null;
  /** Counts connections, so that what an old one still says is not heard. */
  #generation = 0;
  #failures = 0;
  #openedAt = 0;
  #startedAt = 0;
  #heardAt = 0;
  #silentUntil: number | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #ticker: ReturnType<typeof setInterval> | undefined;
  #nextRequest = 1;
  #requests = new Map<string, PendingRequest>();
  #subscriptions = new Map<string, Subscription>();

  constructor(world: SocketWorld) {
    this.#world = world;
  }

  start(): void {
    this.#ticker ??= setInterval(() => this.#tick(), TIMES.tick);
    void this.#connect();
  }

  /** Closes for good. */
  stop(): void {
    clearInterval(this.#ticker);
    clearTimeout(this.#retry);
    this.#ticker = undefined;
    this.#abandon();
  }

  /**
   * Something happened that may mean that the network is back, or that the socket died unnoticed: the page was
   * shown again, the browser is online. Waiting ends now; an open socket has to prove that it lives.
   */
  wake(): void {
    if (this.state.kind === "waiting") void this.#connect();
    else if (this.state.kind === "open") this.#probe();
  }

  /** Tries again after `refused`, because the person asked for it. */
  reconnect(): void {
    if (this.state.kind === "refused" || this.state.kind === "waiting") void this.#connect();
  }

  /**
   * Sends a request and gives its answer.
   *
   * @throws Refused if the server answers with an error
   * @throws Disconnected if there is no connection, or it breaks before the answer
   */
  request(frame: ClientFrame): Promise<Answer> {
    if (this.state.kind !== "open") return Promise.reject(new Disconnected("not connected"));
    return this.#ask(frame);
  }

  /** Follows a conversation over all connections to come, until `unsubscribe`. */
  subscribe(conversationId: string, after: () => string | null, limit: () => number): void {
    if (this.#subscriptions.has(conversationId)) return;
    const subscription: Subscription = { after, limit, askedAt: Number.NEGATIVE_INFINITY, again: undefined };
    this.#subscriptions.set(conversationId, subscription);
    this.#follow(conversationId, subscription);
  }

  /** Asks again where the thread now is, because it has noticed that something is missing. */
  resubscribe(conversationId: string): void {
    const subscription = this.#subscriptions.get(conversationId);
    if (!subscription) return;
    const pause = subscription.askedAt + TIMES.tick - this.#world.now();
    this.#followAfter(conversationId, subscription, Math.max(0, pause));
  }

  unsubscribe(conversationId: string): void {
    const subscription = this.#subscriptions.get(conversationId);
    if (!subscription) return;
    clearTimeout(subscription.again);
    this.#subscriptions.delete(conversationId);
    // If it is not answered the connection is gone, and the subscription with it.
    this.request({ type: "unsubscribe", conversationId }).catch(() => {});
  }

  async #connect(): Promise<void> {
    clearTimeout(this.#retry);
    this.#abandon();
    const generation = ++this.#generation;
    this.#startedAt = this.#world.now();
    this.#become({ kind: "connecting" });
    try {
      // First, because a browser cannot see why a handshake failed: without a session it would fail for ever.
      await this.#world.startSession();
    } catch {
      if (generation === this.#generation) this.#broken();
      return;
    }
    if (generation !== this.#generation) return;
    const socket = this.#world.openSocket();
    this.#socket = socket;
    socket.onmessage = (message) => {
      if (generation === this.#generation) this.#hear(message.data);
    };
    socket.onclose = (close) => {
      if (generation === this.#generation) this.#closed(close.code);
    };
  }

  #hear(data: unknown): void {
    this.#heardAt = this.#world.now();
    this.#silentUntil = null;
    const frame = typeof data === "string" ? decodeServerFrame(data) : null;
    if (frame === null) return;
    if (frame.type === "welcome") this.#welcomed(frame);
    else this.onFrame(frame);
    if ("re" in frame && frame.re !== undefined) this.#answer(frame.re, frame);
  }

  #welcomed(frame: ServerFrame): void {
    this.#openedAt = this.#world.now();
    this.onFrame(frame);
    this.#become({ kind: "open" });
    for (const [conversationId, subscription] of this.#subscriptions)
      this.#follow(conversationId, subscription);
  }

  #answer(re: string, frame: Answer): void {
    const request = this.#requests.get(re);
    if (!request) return;
    this.#requests.delete(re);
    if (frame.type === "error") request.reject(new Refused(frame));
    else request.resolve(frame);
  }

  #ask(frame: ClientFrame): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const id = `r${this.#nextRequest++}`;
      this.#requests.set(id, { resolve, reject, sentAt: this.#world.now() });
      this.#socket?.send(JSON.stringify({ ...frame, id }));
    });
  }

  #follow(conversationId: string, subscription: Subscription): void {
    if (this.state.kind !== "open") return;
    clearTimeout(subscription.again);
    subscription.askedAt = this.#world.now();
    const after = subscription.after();
    const limit = subscription.limit();
    this.#ask({ type: "subscribe", conversationId, limit, ...(after === null ? {} : { after }) }).catch(
      (reason: unknown) => {
        if (this.#subscriptions.get(conversationId) !== subscription) return;
        if (!(reason instanceof Refused)) this.#followAfter(conversationId, subscription, TIMES.tick);
        else if (reason.retryable)
          this.#followAfter(conversationId, subscription, reason.retryAfterMs ?? TIMES.tick);
      },
    );
  }

  #followAfter(conversationId: string, subscription: Subscription, pause: number): void {
    clearTimeout(subscription.again);
    subscription.again = setTimeout(() => this.#follow(conversationId, subscription), pause);
  }

  #closed(code: number): void {
    this.#abandon();
    if (FINAL_CLOSE_CODES.includes(code)) this.#become({ kind: "refused" });
    else this.#broken();
  }

  /** Schedules the next try: full jitter under a doubling cap. */
  #broken(): void {
    this.#abandon();
    const now = this.#world.now();
    if (this.#openedAt > 0 && now - this.#openedAt >= TIMES.settled) this.#failures = 0;
    this.#openedAt = 0;
    const cap = Math.min(TIMES.longestBackoff, TIMES.firstBackoff * 2 ** this.#failures);
    this.#failures = Math.min(this.#failures + 1, 30);
    const pause = this.#world.random() * cap;
    this.#become({ kind: "waiting", until: now + pause });
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#connect(), pause);
  }

  /** Lets go of the current connection; every request that waits ends as disconnected. */
  #abandon(): void {
    this.#generation++;
    const socket = this.#socket;
    this.#socket = null;
    this.#silentUntil = null;
    if (socket) {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    }
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    for (const request of requests) request.reject(new Disconnected("connection lost"));
  }

  #become(state: ConnectionState): void {
    this.state = state;
    this.onState(state);
  }

  #probe(): void {
    this.#silentUntil ??= this.#world.now() + TIMES.probe;
    this.#ping();
  }

  #ping(): void {
    this.#ask({ type: "ping" }).catch(() => {});
  }

  #tick(): void {
    const now = this.#world.now();
    if (this.state.kind === "connecting") {
      if (now - this.#startedAt >= TIMES.handshake) this.#broken();
      return;
    }
    if (this.state.kind === "waiting") {
      // Timers sleep with the machine; the clock does not.
      if (now >= this.state.until + TIMES.tick) void this.#connect();
      return;
    }
    if (this.state.kind !== "open") return;
    const silence = now - this.#heardAt;
    if (silence >= TIMES.deadAfter || (this.#silentUntil !== null && now >= this.#silentUntil))
      this.#broken();
    else if (silence >= TIMES.pingAfter && !this.#asked(now - TIMES.pingAfter)) this.#ping();
    this.#expire(now);
  }

  /** Whether a request younger than `since` is under way: its answer will tell as much as a pong. */
  #asked(since: number): boolean {
    return [...this.#requests.values()].some((request) => request.sentAt > since);
  }

  #expire(now: number): void {
    for (const [id, request] of this.#requests) {
      if (now - request.sentAt < TIMES.answer) continue;
      this.#requests.delete(id);
      request.reject(new Disconnected("no answer"));
    }
  }
}
