import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import http from "node:http";
import net from "node:net";
import { buffer } from "node:stream/consumers";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { call, conversation, eventually, freePort, front, handshake, nameServer, wire } from "./front.mjs";

test("calls and the socket go to Conversation, nothing else does", async (t) => {
  const one = await conversation(t);
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address });
  assert.deepEqual((await call(port, "/api/search?q=a%20b&limit=2")).json(), { by: "one" });
  assert.equal(one.seen.at(-1).url, "/api/search?q=a%20b&limit=2");
  assert.equal(one.seen.at(-1).version, "1.1");
  const before = one.seen.length;
  for (const other of ["/apix", "/wsx", "/api", "/ws/x"]) await call(port, other);
  assert.equal(one.seen.length, before);
});

test("no spelling of /actuator reaches Conversation", async (t) => {
  const one = await conversation(t);
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address });
  const spellings = [
    "/actuator",
    "/actuator/health/readiness",
    "/actuator/deadletters",
    "//actuator/health",
    "/%61ctuator/health",
    "/api/../actuator/health",
    "/api/%2e%2e/actuator/health",
    "/api/..;/actuator/health",
    "/api/x;y=z/../../actuator",
    "/api/..%2factuator/health",
    "/api/..%5cactuator/health",
    "/ws/../actuator/health",
  ];
  for (const spelling of spellings) {
    const answer = await wire(port, `GET ${spelling} HTTP/1.1\r\nHost: chat.test\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 404 /, spelling);
  }
  assert.deepEqual(one.seen, []);
});

test("Conversation learns the peer's address, scheme and the page's host, whatever the client says of them", async (t) => {
  const one = await conversation(t);
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address });
  const lies = {
    Host: "chat.test:81",
    "X-Forwarded-For": "6.6.6.6",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Port": "1",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Ssl": "on",
    "X-Real-IP": "6.6.6.6",
    Forwarded: "for=6.6.6.6;proto=https;host=evil.example",
    "X-Original-URL": "/actuator",
    "X-Rewrite-URL": "/actuator",
    "X-Request-Id": "forged",
  };
  const said = [];
  await call(port, "/api/models", { headers: lies });
  said.push(one.seen.at(-1).headers);
  const { socket } = await handshake(port, { headers: lies });
  socket.destroy();
  said.push(one.seen.at(-1).headers);
  for (const headers of said) {
    assert.equal(headers.host, "chat.test:81");
    assert.equal(headers["x-forwarded-for"], "127.0.0.1");
    assert.equal(headers["x-forwarded-proto"], "http");
    assert.match(headers["x-request-id"], /^[0-9a-f]{32}$/);
    for (const gone of ["x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix", "x-forwarded-ssl", "x-real-ip", "forwarded", "x-original-url", "x-rewrite-url"]) {
      assert.equal(headers[gone], undefined, gone);
    }
  }
});

test("a proxy in front is believed about address and scheme, and only if it is named", async (t) => {
  const one = await conversation(t);
  const named = await front(t, { CONVERSATION_UPSTREAM: one.address, FRONT_PROXIES: "10.0.0.0/8, 127.0.0.1" });
  const headers = { "X-Forwarded-For": "6.6.6.6, 203.0.113.9, 10.1.1.1", "X-Forwarded-Proto": "https" };
  const answer = await call(named.port, "/api/models", { headers });
  assert.equal(one.seen.at(-1).headers["x-forwarded-for"], "203.0.113.9");
  assert.equal(one.seen.at(-1).headers["x-forwarded-proto"], "https");
  assert.match(answer.headers["strict-transport-security"], /^max-age=31536000$/);
  const other = await front(t, { CONVERSATION_UPSTREAM: one.address, FRONT_PROXIES: "10.0.0.0/8" });
  await call(other.port, "/api/models", { headers });
  assert.equal(one.seen.at(-1).headers["x-forwarded-for"], "127.0.0.1");
  assert.equal(one.seen.at(-1).headers["x-forwarded-proto"], "http");
});

test("a handshake becomes a socket that carries bytes both ways", async (t) => {
  const one = await conversation(t);
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address });
  const { status, headers, socket } = await handshake(port, { headers: { Origin: "http://chat.test:81", Host: "chat.test:81", Cookie: "session=1" } });
  assert.equal(status, 101);
  assert.equal(headers["sec-websocket-protocol"], "parley.v1");
  const got = one.seen.at(-1).headers;
  assert.equal(got.upgrade, "websocket");
  assert.equal(got.origin, "http://chat.test:81");
  assert.equal(got["sec-websocket-key"], "dGhlIHNhbXBsZSBub25jZQ==");
  assert.equal(got.cookie, "session=1");
  socket.write("there and back");
  assert.equal(String((await once(socket, "data"))[0]), "there and back");
  socket.destroy();
});

test("a socket lives as long as something moves on it, and no longer than the idle time without", async (t) => {
  const one = await conversation(t);
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address, IDLE_TIMEOUT: "4s" });
  const opening = once(one.server, "opened");
  const { socket } = await handshake(port);
  const [far] = await opening;
  const pings = setInterval(() => far.write("."), 250);
  let heard = "";
  socket.on("data", (piece) => (heard += piece));
  await eventually("pings for twice the idle time", () => heard.length >= 32);
  clearInterval(pings);
  assert.equal(socket.destroyed, false);
  await once(socket, "close");
});

test("only a WebSocket on /ws is upgraded", async (t) => {
  const one = await conversation(t);
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address });
  const upgrades = [
    ["/api/models", "websocket"],
    ["/api/models", "h2c"],
    ["/ws", "h2c"],
  ];
  for (const [target, Upgrade] of upgrades) {
    assert.equal((await handshake(port, { target, headers: { Upgrade } })).status, 200);
    assert.equal(one.seen.at(-1).headers.upgrade, undefined, `${target} ${Upgrade}`);
  }
});

test("what Conversation has written reaches the client before Conversation is done", async (t) => {
  let finish;
  const one = await conversation(t, {
    answer: (_, response) => {
      response.write("first");
      finish = () => response.end("second");
      return true;
    },
  });
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address });
  const [response] = await once(http.get({ port, host: "127.0.0.1", path: "/api/x", agent: false }), "response");
  assert.equal(String((await once(response, "data"))[0]), "first");
  finish();
  assert.equal(String((await once(response, "data"))[0]), "second");
});

test("an error of Conversation's own passes as it is", async (t) => {
  const one = await conversation(t, {
    answer: (_, response) => {
      response.writeHead(404, { "Content-Type": "application/problem+json" });
      return response.end('{"code":"not_found","detail":"as Conversation says"}');
    },
  });
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address });
  const answer = await call(port, "/api/conversations/none");
  assert.equal(answer.status, 404);
  assert.equal(answer.json().detail, "as Conversation says");
});

test("without a Conversation a call and a handshake are told so in the protocol's words", async (t) => {
  const { port } = await front(t, { CONVERSATION_UPSTREAM: `127.0.0.1:${await freePort()}` });
  for (const answer of [await call(port, "/api/models"), await call(port, "/api/session", { method: "POST" }), await handshake(port)]) {
    assert.equal(answer.status, 502);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.equal(answer.headers["retry-after"], "1");
    assert.deepEqual(answer.json(), {
      type: "about:blank",
      title: "The chat service cannot be reached",
      status: 502,
      code: "unavailable",
      retryable: true,
    });
  }
});

test("a Conversation that does not answer in time is unavailable, too", async (t) => {
  const one = await conversation(t, { answer: () => true });
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address, IDLE_TIMEOUT: "1s" });
  const answer = await call(port, "/api/models");
  assert.equal(answer.status, 504);
  assert.equal(answer.json().code, "unavailable");
  assert.equal(answer.json().retryable, true);
});

test("a body over the limit is refused before Conversation sees any of it", async (t) => {
  const one = await conversation(t);
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address, MAX_BODY: "2k" });
  const body = "x".repeat(3000);
  for (const chunked of [false, true]) {
    const answer = await call(port, "/api/session", { method: "POST", body, chunked });
    assert.equal(answer.status, 413);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.equal(answer.json().code, "too_large");
    assert.equal(answer.json().retryable, false);
  }
  assert.equal(one.seen.length, 0);
  assert.equal((await call(port, "/api/session", { method: "POST", body: "x".repeat(2000) })).status, 200);
});

test("a file to import has a limit of its own", async (t) => {
  const one = await conversation(t);
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address, MAX_BODY: "2k", IMPORT_BYTES: "300000" });
  const send = (size, chunked) =>
    call(port, "/api/conversations/import", { method: "POST", body: "x".repeat(size), chunked });
  for (const chunked of [false, true]) {
    assert.equal((await send(299_000, chunked)).status, 200);
  }
  const calls = one.seen.length;
  const refused = await send(301_000, false);
  assert.equal(refused.status, 413);
  assert.equal(refused.json().code, "too_large");
  assert.equal(one.seen.length, calls);
});

test("a body that says it is packed is passed on as it is, and counts by what came", async (t) => {
  const bodies = [];
  const one = await conversation(t, { answer: async (request) => void bodies.push(await buffer(request)) });
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address, MAX_BODY: "2k" });
  const bomb = gzipSync(Buffer.alloc(1_000_000));
  assert.ok(bomb.length < 2000, `${bomb.length}`);
  const headers = { "Content-Encoding": "gzip" };
  assert.equal((await call(port, "/api/session", { method: "POST", body: bomb, headers })).status, 200);
  assert.equal(one.seen.at(-1).headers["content-encoding"], "gzip");
  assert.deepEqual(bodies, [bomb]);
  const long = gzipSync(randomBytes(3000));
  assert.equal((await call(port, "/api/session", { method: "POST", body: long, headers })).status, 413);
});

test("one address that calls too often is told when to come back, the page stays open to it", async (t) => {
  const one = await conversation(t);
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address, API_RATE_PER_ADDRESS: "1" });
  const answers = await Promise.all(Array.from({ length: 12 }, () => call(port, "/api/models")));
  const refused = answers.filter(({ status }) => status === 429);
  // One, and a burst of two times the rate; the calls may take longer than a second.
  assert.ok(refused.length >= 5, `${refused.length} of 12 refused`);
  assert.equal(answers.length - refused.length, one.seen.length);
  assert.equal(refused[0].headers["content-type"], "application/problem+json");
  assert.equal(refused[0].headers["retry-after"], "1");
  assert.equal(refused[0].json().code, "rate_limited");
  assert.equal(refused[0].json().retryable, true);
  assert.equal((await call(port, "/")).status, 200);
  assert.equal((await handshake(port)).status, 101);
});

test("handshakes have a rate of their own", async (t) => {
  const one = await conversation(t);
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address, HANDSHAKE_RATE_PER_ADDRESS: "1" });
  const answers = await Promise.all(Array.from({ length: 24 }, () => handshake(port)));
  const refused = answers.filter(({ status }) => status === 429);
  assert.ok(refused.length >= 5, `${refused.length} of 24 refused`);
  assert.equal(refused[0].json().code, "rate_limited");
  for (const { socket } of answers) socket?.destroy();
  assert.equal((await call(port, "/api/models")).status, 200);
});

test("one address holds no more connections than it may", async (t) => {
  const one = await conversation(t);
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address, CONNECTIONS_PER_ADDRESS: "2" });
  const held = [await handshake(port), await handshake(port)];
  assert.deepEqual(held.map(({ status }) => status), [101, 101]);
  const third = await handshake(port);
  assert.equal(third.status, 429);
  assert.equal(third.json().code, "rate_limited");
  held[0].socket.destroy();
  await eventually("the place is free again", async () => (await call(port, "/api/models")).status === 200);
  held[1].socket.destroy();
});

test("who dribbles a header or a body in is cut off", async (t) => {
  const one = await conversation(t);
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address, REQUEST_TIMEOUT: "1s" });
  const slow = ["GET /api/models HTTP/1.1\r\nHost: a\r\nX-", "POST /api/session HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{"];
  const heard = await Promise.all(slow.map((bytes) => wire(port, bytes)));
  for (const answer of heard) assert.ok(answer === "" || answer.startsWith("HTTP/1.1 408"), answer);
  assert.equal(one.seen.length, 0);
});

test("of a list of replicas the living ones answer, calls and handshakes alike", async (t) => {
  const one = await conversation(t, { name: "one" });
  const two = await conversation(t, { name: "two" });
  const { port } = await front(t, { CONVERSATION_UPSTREAM: `${one.address},${two.address}` });
  const both = new Set();
  for (let i = 0; i < 8; i++) both.add((await call(port, "/api/models")).json().by);
  assert.deepEqual([...both].sort(), ["one", "two"]);
  await one.stop();
  for (let i = 0; i < 20; i++) {
    const answer = await call(port, "/api/session", { method: i % 2 ? "POST" : "GET", body: i % 2 ? "{}" : undefined });
    assert.deepEqual([answer.status, answer.json().by], [200, "two"]);
  }
  const { status, socket } = await handshake(port);
  assert.equal(status, 101);
  socket.destroy();
});

test("where a replica says that it can't, another one is asked, but never to do something", async (t) => {
  const refuse = (_, response) => response.writeHead(503, { "Content-Type": "application/problem+json" }).end('{"code":"unavailable"}') && true;
  const one = await conversation(t, { name: "one", answer: refuse });
  const two = await conversation(t, { name: "two" });
  const { port } = await front(t, { CONVERSATION_UPSTREAM: `${one.address},${two.address}`, WORKERS: "1" });
  for (let i = 0; i < 4; i++) assert.deepEqual((await call(port, "/api/models")).json(), { by: "two" });
  assert.ok(one.seen.length > 0);
  const before = one.seen.length + two.seen.length;
  const posted = [await call(port, "/api/session", { method: "POST", body: "{}" }), await call(port, "/api/session", { method: "POST", body: "{}" })];
  assert.deepEqual(posted.map((answer) => answer.status).sort(), [200, 503]);
  assert.equal(one.seen.length + two.seen.length, before + 2);
  const alone = await front(t, { CONVERSATION_UPSTREAM: one.address });
  const answer = await call(alone.port, "/api/models");
  assert.deepEqual([answer.status, answer.json().code], [503, "unavailable"]);
});

test("a POST that a replica took and dropped is not sent to another one, a GET is", async (t) => {
  const drop = (request) => request.socket.destroy() && true;
  const one = await conversation(t, { name: "one", answer: drop });
  const two = await conversation(t, { name: "two", answer: drop });
  const { port } = await front(t, { CONVERSATION_UPSTREAM: `${one.address},${two.address}` });
  for (const method of ["POST", "PATCH"]) {
    const before = one.seen.length + two.seen.length;
    const answer = await call(port, "/api/conversations/a", { method, body: "{}" });
    assert.equal(answer.status, 502);
    assert.equal(answer.json().code, "unavailable");
    assert.equal(one.seen.length + two.seen.length, before + 1, method);
  }
  const before = one.seen.length + two.seen.length;
  assert.equal((await call(port, "/api/models")).status, 502);
  assert.equal(one.seen.length + two.seen.length, before + 2);
});

test("replicas behind a name come and go within ten seconds, whatever the name server says of how long its answer is good", async (t) => {
  const port = await freePort();
  const one = await conversation(t, { name: "one", host: "127.0.0.2", port });
  const names = await nameServer(t, "conversation.test", ["127.0.0.2"]);
  const nginx = await front(t, { CONVERSATION_UPSTREAM: `conversation.test:${port}`, RESOLVER: `127.0.0.1:${names.port}`, WORKERS: "1" });
  const by = async () => (await call(nginx.port, "/api/models")).json().by;
  assert.equal(await by(), "one");
  await conversation(t, { name: "two", host: "127.0.0.3", port });
  names.addresses = ["127.0.0.2", "127.0.0.3"];
  await eventually("the new replica gets calls", async () => (await by()) === "two", 10);
  // Gone without a word to the name server: the other one takes its calls at once.
  await one.stop();
  for (let i = 0; i < 20; i++) assert.equal(await by(), "two");
  names.addresses = ["127.0.0.3"];
  const asked = names.asked;
  await eventually("the name is asked for again", async () => (await by()) && names.asked > asked, 10);
  assert.equal(await by(), "two");
});

test("a name that is not known is a Conversation that is away", async (t) => {
  const names = await nameServer(t, "conversation.test", []);
  const { port } = await front(t, { CONVERSATION_UPSTREAM: "elsewhere.test:8080", RESOLVER: `127.0.0.1:${names.port}` });
  const answer = await call(port, "/api/models");
  assert.equal(answer.status, 502);
  assert.equal(answer.json().code, "unavailable");
  assert.equal((await call(port, "/")).status, 200);
});

test("a reload keeps open sockets for the drain time, and new ones are served meanwhile", async (t) => {
  const one = await conversation(t);
  const nginx = await front(t, { CONVERSATION_UPSTREAM: one.address, SHUTDOWN_TIMEOUT: "2s" });
  const { socket: old } = await handshake(nginx.port);
  const closed = once(old, "close");
  nginx.child.kill("SIGHUP");
  const { socket: young } = await handshake(nginx.port);
  old.write("still");
  assert.equal(String((await once(old, "data"))[0]), "still");
  await closed;
  // The one that the new worker took goes on.
  const next = await handshake(nginx.port);
  next.socket.write("on");
  assert.equal(String((await once(next.socket, "data"))[0]), "on");
  next.socket.destroy();
  young.destroy();
});

test("a stop lets a call end that is under way", async (t) => {
  let finish;
  const one = await conversation(t, {
    answer: (_, response) => {
      finish = () => response.end("done");
      return true;
    },
  });
  const nginx = await front(t, { CONVERSATION_UPSTREAM: one.address });
  const under = call(nginx.port, "/api/models");
  await eventually("the call is with Conversation", () => finish);
  nginx.child.kill("SIGQUIT");
  await eventually("no new connection is taken", () => refuses(nginx.port));
  finish();
  assert.equal((await under).text, "done");
  const [code] = await nginx.ended;
  assert.equal(code, 0);
});

function refuses(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, "127.0.0.1", () => resolve(false) || socket.destroy());
    socket.on("error", () => resolve(true));
  });
}
