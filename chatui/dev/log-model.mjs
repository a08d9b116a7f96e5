/**
 * One conversation as the protocol describes it, in memory: an append-only log, and the state after it. The page's
 * tests make random histories with it, and the fake server answers with it.
 */

export class LogModel {
  /** @param {string} id @param {string} epoch names this log in cursors */
  constructor(id, epoch = "a") {
    this.id = id;
    this.epoch = epoch;
    /** Event frames, each of one event. */
    this.log = [];
    this.messages = new Map();
    /** @type {any[]} */
    this.replies = [];
    this.conversation = null;
    this.clock = Date.parse("2026-11-20T09:00:00Z");
  }

  get seq() {
    return this.log.length;
  }

  now() {
    this.clock = Math.max(this.clock + 1, this.realTime ? Date.now() : this.clock);
    return new Date(this.clock).toISOString();
  }

  cursorAt(seq) {
    return `${seq}.${this.epoch}`;
  }

  /** The seq that a cursor names, or null if it is not of this log. */
  seqOf(cursor) {
    const [seq, epoch] = String(cursor).split(".");
    return epoch === this.epoch && Number(seq) <= this.seq ? Number(seq) : null;
  }

  #append(event) {
    const seq = this.seq + 1;
    const frame = {
      type: "event",
      conversationId: this.id,
      seq,
      cursor: this.cursorAt(seq),
      at: this.now(),
      event,
    };
    this.log.push(frame);
    if (this.onAppend) this.onAppend(frame);
    return frame;
  }

  #reply(replyId) {
    return this.replies.find((reply) => reply.replyId === replyId);
  }

  /**
   * An error code, or null if the message was stored.
   *
   * @param {{ messageId: string, parentId: string | null, text: string, replyId: string, model?: string | undefined }} message
   */
  send({ messageId, parentId, text, replyId, model }) {
    const known = this.messages.get(messageId);
    if (known) return known.text === text && known.parentId === parentId ? null : "conflict";
    const parent =
      parentId === null || this.messages.get(parentId)?.role === "assistant" || this.#reply(parentId);
    if (!parent) return "conflict";
    const createdAt = this.now();
    this.conversation ??= {
      id: this.id,
      title: text.split(/\s+/).slice(0, 7).join(" ").slice(0, 60),
      createdAt,
      updatedAt: createdAt,
      pinned: false,
      activeReplyId: null,
    };
    this.conversation = { ...this.conversation, updatedAt: createdAt };
    const message = { id: messageId, parentId, role: "user", text, status: "complete", createdAt, replyId };
    this.messages.set(messageId, message);
    this.#append({ type: "message.created", message });
    this.#queue(replyId, messageId, model);
    return null;
  }

  regenerate(messageId, replyId) {
    if (this.messages.has(replyId) || this.#reply(replyId)) return null;
    const message = this.messages.get(messageId);
    if (!message) return "not_found";
    if (message.role !== "user") return "bad_request";
    this.#queue(replyId, messageId);
    return null;
  }

  #queue(replyId, parentId) {
    this.replies.push({ replyId, messageId: replyId, parentId, attempt: 0, state: "queued", text: "" });
    this.conversation = { ...this.conversation, activeReplyId: this.replies[0].replyId };
    this.#append({ type: "reply.queued", replyId, messageId: replyId, parentId });
  }

  start(replyId, model = "gpt-example") {
    const reply = this.#reply(replyId);
    const { parentId, messageId, attempt } = reply;
    this.#replace({
      replyId,
      messageId,
      parentId,
      attempt: attempt + 1,
      state: "streaming",
      text: "",
      model,
    });
    this.#append({ type: "reply.started", replyId, attempt: attempt + 1, model });
  }

  delta(replyId, text) {
    const reply = this.#reply(replyId);
    this.#replace({ ...reply, text: reply.text + text });
    this.#append({ type: "reply.delta", replyId, attempt: reply.attempt, offset: reply.text.length, text });
  }

  retry(replyId, code, retryAt = this.now()) {
    const reply = this.#reply(replyId);
    this.#replace({ ...reply, state: "retrying", code, retryAt });
    this.#append({ type: "reply.retrying", replyId, attempt: reply.attempt, code, retryAt });
  }

  /**
   * @param {string} replyId
   * @param {"completed" | "failed" | "cancelled"} how
   * @param {{ code: string, message: string, retryable: boolean } | undefined} error
   */
  end(replyId, how, error = undefined) {
    const reply = this.#reply(replyId);
    const message = {
      id: replyId,
      parentId: reply.parentId,
      role: "assistant",
      text: reply.text,
      status: how === "completed" ? "complete" : how,
      createdAt: this.now(),
      replyId,
      ...(reply.model ? { model: reply.model } : {}),
      ...(how === "completed"
        ? { usage: { promptTokens: 40, completionTokens: Math.ceil(reply.text.length / 4) } }
        : {}),
      ...(error ? { error } : {}),
    };
    this.messages.set(replyId, message);
    this.replies = this.replies.filter((other) => other.replyId !== replyId);
    this.conversation = { ...this.conversation, activeReplyId: this.replies[0]?.replyId ?? null };
    const more = error ? { code: error.code, retryable: error.retryable } : {};
    this.#append({ type: `reply.${how}`, replyId, message, ...more });
  }

  #replace(reply) {
    this.replies = this.replies.map((other) => (other.replyId === reply.replyId ? reply : other));
  }

  /** @returns {any} */
  snapshot(limit = Number.POSITIVE_INFINITY) {
    const all = [...this.messages.values()];
    const messages = all.slice(Math.max(0, all.length - limit));
    return structuredClone({
      conversation: this.conversation ?? {},
      seq: this.seq,
      cursor: this.cursorAt(this.seq),
      messages,
      replies: this.replies,
      ...(messages.length < all.length ? { more: true } : {}),
    });
  }

  /**
   * The event frames after a seq, with adjacent deltas of one attempt merged where `merge` says so.
   *
   * @param {number} seq
   * @returns {any[]}
   */
  framesAfter(seq, merge = () => false) {
    const frames = [];
    for (const frame of this.log.slice(seq)) {
      const last = frames.at(-1);
      const joins =
        last?.event.type === "reply.delta" &&
        frame.event.type === "reply.delta" &&
        last.event.replyId === frame.event.replyId &&
        last.event.attempt === frame.event.attempt;
      if (joins && merge()) {
        const event = { ...last.event, text: last.event.text + frame.event.text };
        frames[frames.length - 1] = { ...frame, from: last.from ?? last.seq, event };
      } else frames.push(frame);
    }
    return structuredClone(frames);
  }
}
