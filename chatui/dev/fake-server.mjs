/**
 * A server that speaks the protocol from memory, for working on the page and for looking at it. What a message says
 * decides how its reply goes (see `scripts`); `POST /fake/...` makes trouble. It is no part of the product.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { answerTo } from "./answers.mjs";
import { LogModel } from "./log-model.mjs";
import { nginxHeaders } from "./nginx-headers.mjs";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".webmanifest": "application/manifest+json",
};

const GUEST = { id: "u1", name: "Guest", guest: true };

/**
 * Starts the server.
 *
 * @param {{ port?: number, host?: string, dist?: string, tokensPerSecond?: number }} options
 */
export async function startFakeServer({
  port = 0,
  host = "127.0.0.1",
  dist = fileURLToPath(new URL("../dist", import.meta.url)),
  tokensPerSecond = 40,
} = {}) {
  const world = {
    conversations: new Map(),
    sockets: new Set(),
    assistant: { state: "up", workers: 2, queued: 0, demo: false },
    models: [{ id: "gpt-example", default: true }],
    refusing: false,
    /** No reply starts as long as this holds. */
    busy: false,
    /**
     * What is answered instead of what the question asks for, as `answerTo` gives it.
     * @type {Partial<ReturnType<typeof answerTo>> | null}
     */
    answer: null,
    /**
     * The code that every send is refused with.
     * @type {string | null}
     */
    refusal: null,
    /**
     * The files that were imported: their type and how long they are.
     * @type {{ type: string | undefined, bytes: number }[]}
     */
    imports: [],
    /**
     * What the next import is answered with.
     * @type {{ status: number, [member: string]: any }}
     */
    importAnswer: { status: 200, imported: 2, unchanged: 0, messages: 8, refused: 0, notes: [] },
    /** What an archive is answered with. */
    exportStatus: 200,
    /** The query of the last sign-out. */
    signedOut: "",
    tokensPerSecond,
    /** The folder of the page's files: another build may take its place. */
    dist,
    /**
     * The paths of all files that were asked for.
     * @type {string[]}
     */
    files: [],
    /**
     * The status of an error page that is given for every file, as by a front proxy whose server is gone.
     * @type {number | null}
     */
    errorPage: null,
    epoch: 1,
    /**
     * Every frame that a page has sent.
     * @type {{ type: string, [member: string]: any }[]}
     */
    received: [],
    limits: { messageChars: 32_000, frameBytes: 65_536, messagesPerMinute: 60 },
    /**
     * Who has the session; null is nobody, where guests are not let in.
     * @type {{ id: string, name: string, guest: boolean } | null}
     */
    user: GUEST,
    /**
     * Whom the provider signs in, "refused" if it does not; null if there is none.
     * @type {{ id: string, name: string, guest: boolean } | "refused" | null}
     */
    provider: null,
  };

  const http = createServer((request, response) => {
    route(world, request, response).catch((problem) => {
      response.writeHead(500).end(String(problem));
    });
  });
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => "parley.v1" });
  http.on("upgrade", (request, stream, head) => {
    if (world.refusing || !world.user || !request.url?.endsWith("/ws")) return stream.destroy();
    sockets.handleUpgrade(request, stream, head, (socket) => serve(world, socket));
  });
  await new Promise((resolve) => http.listen(port, host, () => resolve(undefined)));
  const address = /** @type {import("node:net").AddressInfo} */ (http.address());
  return {
    world,
    port: address.port,
    url: `http://${host}:${address.port}/`,
    /** Breaks every socket; with `refuse` also all calls, until `restore`. */
    cut(refuse = false) {
      world.refusing = refuse;
      for (const socket of world.sockets) socket.terminate();
    },
    restore() {
      world.refusing = false;
    },
    /** Closes every socket for a frame that was too large, as only a page with a fault would send it. */
    refuseFrames() {
      for (const socket of world.sockets) socket.close(1009);
    },
    /** Tells every page how the assistant is. */
    assistant(change) {
      world.assistant = { ...world.assistant, ...change };
      broadcast(world, { type: "status", assistant: world.assistant });
    },
    /** Tells the pages that look at a conversation how many replies are before one of it. */
    queue(id, replyId, ahead) {
      for (const [socket] of modelOf(world, id).subscribers) {
        send(socket, { type: "queue", conversationId: id, replyId, ahead });
      }
    },
    conversation: (id) => modelOf(world, id),
    /** Brings a conversation back as it was at a seq, as from an older copy of the store. */
    rollBack(id, seq) {
      const old = modelOf(world, id);
      world.epoch++;
      world.conversations.delete(id);
      const model = modelOf(world, id);
      for (const { event } of old.log.slice(0, seq)) replay(model, event);
      this.cut();
    },
    /** Deletes a conversation, as another device would. */
    delete: (id) => deleteFrom(world, id),
    async close() {
      for (const socket of world.sockets) socket.terminate();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** Does once more what an event tells. */
function replay(model, event) {
  const { replyId } = event;
  if (event.type === "message.created") {
    const { id, parentId, text, replyId } = event.message;
    model.send({ messageId: id, parentId, text, replyId });
  } else if (event.type === "reply.started") model.start(replyId, event.model);
  else if (event.type === "reply.delta") model.delta(replyId, event.text);
  else if (event.type === "reply.completed") model.end(replyId, "completed");
}

function deleteFrom(world, id) {
  const model = world.conversations.get(id);
  if (!model) return;
  broadcast(world, { type: "conversation", change: "deleted", conversation: { ...model.conversation, id } });
  world.conversations.set(
    id,
    Object.assign(new LogModel(id, "gone"), { gone: true, subscribers: new Map() }),
  );
}

function modelOf(world, id) {
  let model = world.conversations.get(id);
  if (!model) {
    model = new LogModel(id, `e${world.epoch}`);
    model.realTime = true;
    model.subscribers = new Map();
    model.onAppend = (frame) => {
      for (const [socket] of model.subscribers) send(socket, frame);
      if (frame.event.type !== "reply.delta" && model.conversation) {
        broadcast(world, { type: "conversation", change: "updated", conversation: model.conversation });
      }
    };
    world.conversations.set(id, model);
  }
  return model;
}

const send = (socket, frame) => socket.send(JSON.stringify(frame));
const broadcast = (world, frame) => {
  for (const socket of world.sockets) send(socket, frame);
};

function serve(world, socket) {
  world.sockets.add(socket);
  socket.on("close", () => {
    world.sockets.delete(socket);
    for (const model of world.conversations.values()) model.subscribers.delete(socket);
  });
  send(socket, {
    type: "welcome",
    protocol: "parley.v1",
    user: world.user,
    limits: world.limits,
    assistant: world.assistant,
    serverTime: new Date().toISOString(),
  });
  socket.on("message", (data) => {
    if (world.deaf) return;
    const frame = JSON.parse(String(data));
    world.received.push(frame);
    const error = (code) =>
      send(socket, { type: "error", re: frame.id, code, message: code, retryable: code === "unavailable" });
    const { conversationId } = frame;
    switch (frame.type) {
      case "ping":
        return send(socket, { type: "pong", re: frame.id });
      case "subscribe": {
        const model = modelOf(world, conversationId);
        const after = frame.after === undefined ? null : model.seqOf(frame.after);
        model.subscribers.set(socket, true);
        const seq = after ?? model.seq;
        send(socket, {
          type: "subscribed",
          re: frame.id,
          conversationId,
          seq,
          cursor: model.cursorAt(seq),
          recovered: after !== null,
          ...(after === null ? { snapshot: model.snapshot(frame.limit) } : {}),
        });
        for (const event of model.framesAfter(seq, () => true)) send(socket, event);
        return;
      }
      case "unsubscribe":
        world.conversations.get(conversationId)?.subscribers.delete(socket);
        return send(socket, { type: "ok", re: frame.id });
      case "send":
      case "regenerate": {
        const model = modelOf(world, conversationId);
        if (world.refusal) return error(world.refusal);
        if (model.gone) return error("not_found");
        const code =
          frame.type === "send" ? model.send(frame) : model.regenerate(frame.messageId, frame.replyId);
        if (code) return error(code);
        const { messageId, replyId } = frame;
        send(socket, { type: "accepted", re: frame.id, conversationId, messageId, replyId, seq: model.seq });
        return run(world, model);
      }
      case "cancel": {
        const model = modelOf(world, conversationId);
        if (model.replies.some((reply) => reply.replyId === frame.replyId)) {
          model.end(frame.replyId, "cancelled");
          if (model.running === frame.replyId) model.running = null;
          run(world, model);
        } else if (!model.messages.has(frame.replyId)) return error("not_found");
        return send(socket, { type: "ok", re: frame.id });
      }
      default:
        return error("bad_frame");
    }
  });
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Writes the replies of a conversation, one after the other. */
async function run(world, model) {
  if (model.running) return;
  const reply = model.replies[0];
  if (!reply) return;
  model.running = reply.replyId;
  try {
    await write(world, model, reply.replyId, model.messages.get(reply.parentId).text);
  } finally {
    if (model.running === reply.replyId) model.running = null;
  }
  run(world, model);
}

async function write(world, model, replyId, question) {
  const alive = () => model.replies.some((reply) => reply.replyId === replyId);
  while ((world.busy || world.assistant.state === "down") && alive()) await pause(100);
  await pause(60);
  if (!alive()) return;
  const { text, fails, retries, hangs, starts } = world.answer ?? answerTo(question);
  model.start(replyId);
  if (starts) await pause(starts);
  if (retries) {
    await pause(300);
    if (!alive()) return;
    model.retry(replyId, retries.code, new Date(Date.now() + retries.pause).toISOString());
    await pause(retries.pause);
    if (!alive()) return;
    model.start(replyId);
  }
  for (const piece of text.match(/\s*\S+/g) ?? []) {
    await pause(1000 / world.tokensPerSecond);
    if (!alive()) return;
    model.delta(replyId, piece);
  }
  while (hangs && alive()) await pause(100);
  if (!alive()) return;
  if (fails) model.end(replyId, "failed", fails);
  else model.end(replyId, "completed");
}

async function route(world, request, response) {
  const url = new URL(request.url ?? "/", "http://fake");
  const json = (status, body) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(body));
  };
  if (world.refusing && url.pathname.startsWith("/api")) return response.destroy();
  if (url.pathname.startsWith("/api/session")) return sessionCall(world, request, response, url, json);
  if (url.pathname === "/api/models") return json(200, { items: world.models });
  if (url.pathname === "/api/conversations") {
    const items = [...world.conversations.values()].filter((model) => model.conversation && !model.gone);
    const list = items.map((model) => model.conversation);
    list.sort((a, b) => Number(b.pinned) - Number(a.pinned) || (a.updatedAt < b.updatedAt ? 1 : -1));
    return json(200, { items: list, next: null });
  }
  if (url.pathname === "/api/search") {
    const query = (url.searchParams.get("q") ?? "").toLowerCase();
    const items = [];
    for (const model of world.conversations.values()) {
      for (const message of model.messages.values()) {
        const at = message.text.toLowerCase().indexOf(query);
        if (at < 0 || model.gone) continue;
        items.push({
          conversationId: model.id,
          messageId: message.id,
          title: model.conversation.title,
          excerpt: message.text.slice(Math.max(0, at - 30), at + 80),
        });
      }
    }
    return json(200, { items: items.slice(0, 20) });
  }
  if (url.pathname === "/api/export") {
    const { exportStatus: status } = world;
    if (status !== 200) return json(status, { code: "rate_limited", retryable: true, status });
    response.writeHead(200, {
      "Content-Disposition": "attachment; filename=parley-2026-01-02.zip",
      "Content-Type": "application/zip",
    });
    return response.end("PK");
  }
  if (url.pathname === "/api/conversations/import") {
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    world.imports.push({ type: request.headers["content-type"], bytes });
    const { status, ...answer } = world.importAnswer;
    return json(status, answer);
  }
  const match = /^\/api\/conversations\/([\w-]+)(\/\w+)?$/.exec(url.pathname);
  if (match) return conversationCall(world, request, response, url, match, json);
  return file(world, request, response, url);
}

async function sessionCall(world, request, response, url, json) {
  if (url.pathname === "/api/session/sign-in") {
    const { returnTo } = await bodyOf(request);
    if (!returnTo.startsWith("#/")) return json(400, { code: "bad_request", retryable: false, status: 400 });
    const provider = new URL("/api/session/provider", `http://${request.headers.host}`);
    provider.searchParams.set("to", returnTo);
    return json(200, { location: provider.href });
  }
  if (url.pathname === "/api/session/provider") {
    const refused = world.provider === "refused";
    if (!refused) world.user = world.provider;
    for (const socket of world.sockets) socket.close(4401);
    const to = refused ? "#/sign-in-failed" : url.searchParams.get("to");
    return response.writeHead(303, { Location: `/${to}` }).end();
  }
  if (request.method === "DELETE") {
    world.signedOut = url.search;
    world.user = GUEST;
    for (const socket of world.sockets) socket.close(4401);
    return response.writeHead(204).end();
  }
  if (!world.user) return json(401, { code: "unauthorized", retryable: false, status: 401, signIn: true });
  response.setHeader("Set-Cookie", "parley=fake; HttpOnly; SameSite=Lax; Path=/");
  return json(200, { user: world.user, signIn: world.provider !== null });
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

async function conversationCall(world, request, response, url, [, id, rest], json) {
  const model = world.conversations.get(id);
  if (request.method === "DELETE") {
    deleteFrom(world, id);
    return response.writeHead(204).end();
  }
  if (!model?.conversation || model.gone)
    return json(404, { code: "not_found", retryable: false, status: 404 });
  if (request.method === "PATCH") {
    model.conversation = { ...model.conversation, ...(await bodyOf(request)) };
    broadcast(world, { type: "conversation", change: "updated", conversation: model.conversation });
    return json(200, model.conversation);
  }
  if (rest === "/messages") {
    const all = [...model.messages.values()];
    const end = all.findIndex((message) => message.id === url.searchParams.get("before"));
    const limit = Number(url.searchParams.get("limit") ?? 50);
    const from = Math.max(0, end - limit);
    return json(200, { items: all.slice(from, end).reverse(), more: from > 0 });
  }
  if (rest === "/export") {
    response.writeHead(200, {
      "Content-Disposition": "attachment; filename=export.md",
      "Content-Type": "text/plain",
    });
    return response.end(
      [...model.messages.values()].map(({ role, text }) => `## ${role}\n\n${text}\n`).join("\n"),
    );
  }
  return json(200, model.snapshot());
}

async function file(world, request, response, url) {
  world.files.push(url.pathname);
  if (world.errorPage !== null) {
    response.writeHead(world.errorPage, { "Content-Type": "text/html" });
    return response.end("<!doctype html><title>Bad gateway</title>");
  }
  const path = normalize(url.pathname === "/" ? "/index.html" : url.pathname);
  try {
    const body = await readFile(join(world.dist, path));
    response.writeHead(200, {
      ...nginxHeaders(path, request.headers.host),
      "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
    });
    response.end(body);
  } catch {
    response.writeHead(404).end("not found");
  }
}
