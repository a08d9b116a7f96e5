/**
 * A server that speaks the protocol from memory, for working on the page and for looking at it. What a message says
 * decides how its reply goes (see `scripts`); `POST /fake/...` makes trouble. It is no part of the product.
 */
import { randomBytes } from "node:crypto";
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
    /** @type {{ id: string, default: boolean, price?: { prompt: number, completion: number, currency: string } }[]} */
    models: [{ id: "gpt-example", default: true }],
    refusing: false,
    /** Whether a search looks through all messages. */
    searchesAll: true,
    /** What searches wait for that begin now. */
    searchHold: Promise.resolve(),
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
    /** Saved prompts by id. */
    prompts: new Map(),
    promptsFail: false,
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
    /** Whether conversations can be shared by links. */
    share: true,
    /**
     * The links, by their tokens: which conversation they show, and how many of its messages.
     * @type {Map<string, { conversationId: string, token: string, title: string, sharedAt: string, count: number }>}
     */
    links: new Map(),
    /**
     * The headers of each call for what a link shows.
     * @type {import("node:http").IncomingHttpHeaders[]}
     */
    readers: [],
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

function marksOf(text, word) {
  const marks = [];
  for (
    let at = text.toLowerCase().indexOf(word);
    at >= 0;
    at = text.toLowerCase().indexOf(word, at + word.length)
  )
    marks.push([at, at + word.length]);
  return marks;
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
    await world.searchHold;
    const words = (url.searchParams.get("q") ?? "")
      .toLowerCase()
      .split(/[\s"]+/)
      .filter(Boolean);
    const items = [];
    for (const model of world.conversations.values()) {
      for (const { id, text } of model.gone ? [] : model.messages.values()) {
        const marks = words.map((word) => marksOf(text, word));
        if (words.length === 0 || marks.some((list) => list.length === 0)) continue;
        const all = marks.flat().sort(([a], [b]) => a - b);
        const from = Math.max(0, all[0][0] - 30);
        const excerpt = text.slice(from, all[0][0] + 80);
        items.push({
          conversationId: model.id,
          messageId: id,
          title: model.conversation.title,
          excerpt,
          marks: all.map(([a, b]) => [a - from, b - from]).filter(([, end]) => end <= excerpt.length),
        });
      }
    }
    return json(200, { items: items.slice(0, 20), ...(world.searchesAll ? {} : { complete: false }) });
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
  if (url.pathname.startsWith("/api/prompts")) return promptCall(world, request, response, url, json);
  if (url.pathname === "/api/conversations/import") {
    let bytes = 0;
    for await (const chunk of request) bytes += chunk.length;
    world.imports.push({ type: request.headers["content-type"], bytes });
    const { status, ...answer } = world.importAnswer;
    return json(status, answer);
  }
  if (url.pathname === "/api/shares") {
    return json(200, { items: [...world.links.values()].reverse().map((link) => linkOf(world, link)) });
  }
  if (url.pathname.startsWith("/api/shared/")) return readerCall(world, request, url, json);
  const match = /^\/api\/conversations\/([\w-]+)(\/\w+)?$/.exec(url.pathname);
  if (match) return conversationCall(world, request, response, url, match, json);
  return file(world, request, response, url);
}

async function promptCall(world, request, response, url, json) {
  const id = url.pathname.slice("/api/prompts/".length);
  if (world.promptsFail) return json(400, { code: "bad_request", retryable: false, status: 400 });
  if (request.method === "PUT") {
    world.prompts.set(id, { id, ...(await bodyOf(request)) });
    return json(200, world.prompts.get(id));
  }
  if (request.method === "DELETE") {
    world.prompts.delete(id);
    return response.writeHead(204).end();
  }
  return json(200, { items: [...world.prompts.values()] });
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
  return json(200, { user: world.user, signIn: world.provider !== null, share: world.share });
}

/** A link as its owner sees it. */
function linkOf(world, { count, ...link }) {
  const model = world.conversations.get(link.conversationId);
  const newer = model.messages.size > count || model.conversation.title !== link.title;
  return { ...link, newer };
}

const linkTo = (world, id) => [...world.links.values()].find(({ conversationId }) => conversationId === id);

function shareCall(world, request, response, model, json) {
  const link = linkTo(world, model.id);
  if (request.method === "DELETE") {
    world.links.delete(link?.token);
    return response.writeHead(204).end();
  }
  if (request.method === "PUT") {
    const token = link?.token ?? `07${randomBytes(16).toString("hex")}`;
    const { title } = model.conversation;
    const sharedAt = new Date().toISOString();
    world.links.set(token, {
      conversationId: model.id,
      token,
      title,
      sharedAt,
      count: model.messages.size,
    });
  }
  const now = linkTo(world, model.id);
  return now
    ? json(200, linkOf(world, now))
    : json(404, { code: "not_found", retryable: false, status: 404 });
}

/** What whoever has a link is shown. */
function readerCall(world, request, url, json) {
  world.readers.push(request.headers);
  const cause = world.share ? {} : { cause: "sharing_off" };
  const link = world.share && world.links.get(url.pathname.replace("/api/shared/", ""));
  const model = link && world.conversations.get(link.conversationId);
  if (!model || model.gone) return json(404, { code: "not_found", retryable: false, status: 404, ...cause });
  const all = [...model.messages.values()].slice(0, link.count);
  const before = url.searchParams.get("before");
  const end = before === null ? all.length : all.findIndex(({ id }) => id === before);
  const from = Math.max(0, end - Number(url.searchParams.get("limit") ?? 50));
  const items = all
    .slice(from, end)
    .reverse()
    .map(({ id, parentId, role, text, status, createdAt, model }) => ({
      id,
      parentId,
      role,
      text,
      status,
      createdAt,
      model,
    }));
  return json(200, { title: link.title, sharedAt: link.sharedAt, items, more: from > 0 });
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

async function conversationCall(world, request, response, url, [, id, rest], json) {
  const model = world.conversations.get(id);
  if (request.method === "DELETE" && !rest) {
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
  if (rest === "/share") return shareCall(world, request, response, model, json);
  if (rest === "/messages") {
    const all = [...model.messages.values()];
    const end = all.findIndex((message) => message.id === url.searchParams.get("before"));
    const limit = Number(url.searchParams.get("limit") ?? 50);
    const from = Math.max(0, end - limit);
    return json(200, { items: all.slice(from, end).reverse(), more: from > 0 });
  }
  if (rest === "/usage") return json(200, usageOf(world, model));
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

function usageOf(world, model) {
  const sum = () => ({ replies: 0, promptTokens: 0, completionTokens: 0 });
  const byModel = new Map();
  const all = sum();
  let [cost, currency, unpriced] = [0, undefined, 0];
  for (const { model: id, usage } of model.messages.values()) {
    if (!usage) continue;
    const item = byModel.get(id) ?? { model: id, ...sum() };
    byModel.set(id, item);
    for (const used of [item, all]) {
      used.replies++;
      used.promptTokens += usage.promptTokens;
      used.completionTokens += usage.completionTokens;
    }
    const price = world.models.find((one) => one.id === id)?.price;
    if (!price) {
      unpriced++;
      continue;
    }
    const costs = (usage.promptTokens * price.prompt + usage.completionTokens * price.completion) / 1e6;
    item.cost = (item.cost ?? 0) + costs;
    cost += costs;
    currency = price.currency;
  }
  return {
    items: [...byModel.values()],
    ...all,
    ...(currency ? { cost, currency, ...(unpriced ? { unpriced } : {}) } : {}),
  };
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
