// What the tests stand on: a real nginx started by nginx/start, conversations that record what reaches them, a name
// server, and a client that hides nothing of the answer.
import { execFileSync, spawn } from "node:child_process";
import dgram from "node:dgram";
import { once } from "node:events";
import fs from "node:fs";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const home = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Asks again and again until `question` has a truthy answer, and fails loudly when it has none in time. */
export async function eventually(what, question, seconds = 30) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await pause(20);
  }
}

// Below the ports that the system takes for outgoing connections: one of those could be taken again before its server listens.
const FIRST_PORT = 30_000;
const PORTS = 2_700;
let tried = Math.floor(Math.random() * PORTS);

/** A port that was free a moment ago, on every loopback address. */
export async function freePort() {
  for (let tries = 0; tries < PORTS; tries++) {
    const port = FIRST_PORT + (tried++ % PORTS);
    const server = net.createServer().listen(port, "0.0.0.0");
    const free = await once(server, "listening").then(() => true, () => false);
    if (!free) continue;
    server.close();
    await once(server, "close");
    return port;
  }
  throw new Error(`none of the ports from ${FIRST_PORT} on is free`);
}

export function directory(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), "parley-front-"));
  t.after(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

/** The files of a page as the build lays them out. */
export function page(t) {
  const root = directory(t);
  fs.mkdirSync(path.join(root, "assets"));
  fs.mkdirSync(path.join(root, ".vite"));
  const files = {
    "index.html": "<!doctype html><title>Parley</title>",
    "diagram.html": "<!doctype html><title>Diagram</title>",
    "app.webmanifest": "{}",
    "sw.js": "const BUILD = {};",
    "data.unknown": "<script>",
    "assets/index-abc123.js": `export const words = "${"word ".repeat(1000)}";`,
    "assets/diagram-abc123.js": "draw()",
    "assets/chunk-abc123.mjs": "export {};",
    "assets/index-abc123.css": "body{}",
    "assets/font-abc123.woff2": "font",
    ".vite/manifest.json": "{}",
  };
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(root, name), text);
  return root;
}

/** Starts nginx with these settings; the test's end stops it and shows what it said if it ended badly. */
export async function front(t, settings) {
  const dir = directory(t);
  const port = await freePort();
  const accessLog = path.join(dir, "access.log");
  const environment = {
    PATH: process.env.PATH,
    HTTP_LISTEN: `127.0.0.1:${port}`,
    PAGE_DIR: settings.PAGE_DIR ?? page(t),
    ACCESS_LOG: accessLog,
    WORKER_CONNECTIONS: "512",
    ...(process.getuid() === 0 ? { RUN_AS: os.userInfo().username } : {}),
    ...settings,
  };
  const child = spawn(path.join(home, "start"), [dir], { env: environment, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (piece) => (said += piece));
  const ended = once(child, "exit");
  t.after(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  const ports = [port, ...(settings.TLS_LISTEN ? [Number(settings.TLS_LISTEN.split(":").pop())] : [])];
  for (const one of ports) {
    await eventually(`nginx listens on ${one}: ${said}`, () => child.exitCode !== null || listens(one));
  }
  if (child.exitCode !== null) throw new Error(`nginx ended: ${said}`);
  return {
    port,
    child,
    ended,
    said: () => said,
    log: () => (fs.existsSync(accessLog) ? fs.readFileSync(accessLog, "utf8").split("\n").filter(Boolean) : []),
  };
}

function listens(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => resolve(true) || socket.destroy());
    socket.on("error", () => resolve(false));
  });
}

/** Renders only; resolves to the exit code, what it said, and the configuration if there is one. */
export function render(t, settings) {
  const dir = directory(t);
  try {
    execFileSync(path.join(home, "render"), [dir], { env: { PATH: process.env.PATH, ...settings }, stdio: "pipe" });
    return { code: 0, said: "", text: fs.readFileSync(path.join(dir, "nginx.conf"), "utf8") };
  } catch (failure) {
    return { code: failure.status, said: String(failure.stderr), text: undefined };
  }
}

/** A Conversation as nginx sees one. It records each request and answers `200 {"by": name}` unless `answer` does else. */
export async function conversation(t, { name = "one", host = "127.0.0.1", port = 0, answer } = {}) {
  const seen = [];
  const sockets = new Set();
  const server = http.createServer(async (request, response) => {
    seen.push({ method: request.method, url: request.url, headers: request.headers, version: request.httpVersion });
    if (answer && (await answer(request, response)) !== undefined) return;
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ by: name }));
  });
  server.on("upgrade", (request, socket) => {
    seen.push({ method: request.method, url: request.url, headers: request.headers, version: request.httpVersion });
    socket.on("error", () => {});
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: parley.v1\r\n\r\n");
    // Past the handshake nginx only carries bytes: what comes goes back.
    socket.on("data", (bytes) => socket.write(bytes));
    server.emit("opened", socket);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(port, host);
  await once(server, "listening");
  const stop = async () => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  t.after(stop);
  return { seen, stop, server, port: server.address().port, address: `${host}:${server.address().port}` };
}

/** One call on a connection of its own; the answer with its headers as they came, repeats included. */
export function call(port, target, { method = "GET", headers = {}, body, tls, chunked } = {}) {
  return new Promise((resolve, reject) => {
    const request = (tls ? https : http).request(
      { port, host: "127.0.0.1", path: target, method, headers, agent: false, ...tls },
      (response) => resolve(whole(response)),
    );
    request.on("error", reject);
    if (chunked) request.setHeader("Transfer-Encoding", "chunked");
    request.end(body);
  });
}

async function whole(response) {
  const pieces = [];
  for await (const piece of response) pieces.push(piece);
  const body = Buffer.concat(pieces);
  const all = (name) =>
    response.rawHeaders.filter((_, i) => i % 2 === 1 && response.rawHeaders[i - 1].toLowerCase() === name.toLowerCase());
  return { status: response.statusCode, headers: response.headers, all, body, text: body.toString(), json: () => JSON.parse(body) };
}

/** Bytes as they are on the wire, for what no well-behaved client would say. Resolves when the peer closes, which it must within 5 s. */
export async function wire(port, bytes) {
  const socket = net.connect(port, "127.0.0.1");
  let heard = "";
  socket.on("data", (piece) => (heard += piece));
  socket.on("error", () => {});
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.write(bytes);
  let late = false;
  const patience = setTimeout(() => {
    late = true;
    socket.destroy();
  }, 5000);
  await closed;
  clearTimeout(patience);
  if (late) throw new Error(`still open after 5 s: ${heard}`);
  return heard;
}

/** A handshake on /ws. Resolves to `{status, headers, socket}`: 101 with an open socket, or the refusal. */
export function handshake(port, { target = "/ws", headers = {}, host = "127.0.0.1" } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({
      port,
      host,
      path: target,
      agent: false,
      headers: {
        Connection: "Upgrade",
        Upgrade: "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": "parley.v1",
        ...headers,
      },
    });
    request.on("upgrade", (response, socket) => {
      socket.on("error", () => {});
      resolve({ status: 101, headers: response.headers, socket });
    });
    request.on("response", async (response) => resolve({ ...(await whole(response)), socket: undefined }));
    request.on("error", reject);
    request.end();
  });
}

/** A name server that knows one name; `addresses` may be changed at any time. Answers are good for an hour, by their own account. */
export async function nameServer(t, name, addresses) {
  const server = dgram.createSocket("udp4");
  const state = { addresses, asked: 0, port: 0 };
  server.on("message", (query, peer) => server.send(answerTo(query, name, state), peer.port, peer.address));
  server.bind(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => new Promise((done) => server.close(done)));
  state.port = server.address().port;
  return state;
}

function answerTo(query, name, state) {
  const labels = [];
  let at = 12;
  while (query[at] !== 0) {
    labels.push(query.subarray(at + 1, at + 1 + query[at]).toString());
    at += query[at] + 1;
  }
  const question = query.subarray(12, at + 5);
  const known = labels.join(".") === name;
  const type = query.readUInt16BE(at + 1);
  const records = known && type === 1 ? state.addresses : [];
  if (known && type === 1) state.asked++;
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(known ? 0x8180 : 0x8183, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question, ...records.map(record)]);
}

function record(address) {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16BE(0xc00c, 0);
  bytes.writeUInt16BE(1, 2);
  bytes.writeUInt16BE(1, 4);
  bytes.writeUInt32BE(3600, 6);
  bytes.writeUInt16BE(4, 10);
  address.split(".").forEach((part, i) => bytes.writeUInt8(Number(part), 12 + i));
  return bytes;
}

/** A private CA and a certificate of it for `chat.test`. */
export function certificates(t) {
  const dir = directory(t);
  const openssl = (...words) => execFileSync("openssl", words, { cwd: dir, stdio: "pipe" });
  openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=A private CA", "-keyout", "ca.key", "-out", "ca.pem");
  openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=chat.test", "-keyout", "chat.key", "-out", "chat.csr");
  fs.writeFileSync(path.join(dir, "names"), "subjectAltName=DNS:chat.test\n");
  openssl("x509", "-req", "-in", "chat.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", "chat.pem");
  return { ca: fs.readFileSync(path.join(dir, "ca.pem")), cert: path.join(dir, "chat.pem"), key: path.join(dir, "chat.key") };
}
