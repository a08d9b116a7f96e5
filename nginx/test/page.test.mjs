import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import zlib from "node:zlib";
import { call, conversation, front, handshake, page, wire } from "./front.mjs";

const everywhere = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

function assertGuarded(answer, what) {
  for (const [name, value] of Object.entries(everywhere)) assert.equal(answer.headers[name], value, `${name} on ${what}`);
  assert.match(answer.headers["content-security-policy"] ?? "", /^default-src 'self'; /, `CSP on ${what}`);
  assert.match(answer.headers["permissions-policy"] ?? "", /camera=\(\)/, `Permissions-Policy on ${what}`);
  assert.equal(answer.headers["strict-transport-security"], undefined, `no HSTS without TLS on ${what}`);
  assert.equal(answer.headers.server, "nginx", `no version on ${what}`);
}

test("the page is asked for again each time, its fingerprinted assets never", async (t) => {
  const { port } = await front(t, { CONVERSATION_UPSTREAM: "127.0.0.1:9" });
  const index = await call(port, "/");
  assert.equal(index.status, 200);
  assert.match(index.text, /Parley/);
  assert.equal(index.headers["content-type"], "text/html; charset=utf-8");
  assert.equal(index.headers["cache-control"], "no-cache");
  const script = await call(port, "/assets/index-abc123.js");
  assert.equal(script.headers["cache-control"], "public, max-age=31536000, immutable");
  const again = await call(port, "/assets/index-abc123.js", { headers: { "If-None-Match": script.headers.etag } });
  assert.equal(again.status, 304);
  assert.equal(again.headers["cache-control"], "public, max-age=31536000, immutable");
});

test("the service worker is asked for again each time", async (t) => {
  const { port } = await front(t, { CONVERSATION_UPSTREAM: "127.0.0.1:9" });
  const worker = await call(port, "/sw.js");
  assert.equal(worker.status, 200);
  assert.equal(worker.headers["content-type"], "text/javascript; charset=utf-8");
  assert.equal(worker.headers["cache-control"], "no-cache");
});

test("each kind of file has its own type", async (t) => {
  const { port } = await front(t, { CONVERSATION_UPSTREAM: "127.0.0.1:9" });
  const types = {
    "/assets/index-abc123.js": "text/javascript; charset=utf-8",
    "/assets/chunk-abc123.mjs": "text/javascript; charset=utf-8",
    "/assets/index-abc123.css": "text/css; charset=utf-8",
    "/assets/font-abc123.woff2": "font/woff2",
    "/app.webmanifest": "application/manifest+json; charset=utf-8",
    "/data.unknown": "application/octet-stream",
  };
  for (const [file, type] of Object.entries(types)) assert.equal((await call(port, file)).headers["content-type"], type, file);
});

test("scripts travel compressed", async (t) => {
  const { port } = await front(t, { CONVERSATION_UPSTREAM: "127.0.0.1:9" });
  const answer = await call(port, "/assets/index-abc123.js", { headers: { "Accept-Encoding": "gzip" } });
  assert.equal(answer.headers["content-encoding"], "gzip");
  assert.equal(answer.headers.vary, "Accept-Encoding");
  assert.match(zlib.gunzipSync(answer.body).toString(), /^export const words/);
});

test("a file that was compressed when the page was built is sent as it is", async (t) => {
  const root = page(t);
  fs.writeFileSync(path.join(root, "assets/index-abc123.js.gz"), zlib.gzipSync("built"));
  const { port } = await front(t, { PAGE_DIR: root, CONVERSATION_UPSTREAM: "127.0.0.1:9" });
  const answer = await call(port, "/assets/index-abc123.js", { headers: { "Accept-Encoding": "gzip" } });
  assert.equal(zlib.gunzipSync(answer.body).toString(), "built");
  assert.equal(answer.headers["cache-control"], "public, max-age=31536000, immutable");
  assert.match((await call(port, "/assets/index-abc123.js")).text, /^export const words/);
});

test("an address of the page's own gives the page, a file that is not there gives 404 and is not kept", async (t) => {
  const { port } = await front(t, { CONVERSATION_UPSTREAM: "127.0.0.1:9" });
  const deep = await call(port, "/settings");
  assert.equal(deep.status, 200);
  assert.match(deep.text, /Parley/);
  assert.equal(deep.headers["cache-control"], "no-cache");
  for (const gone of ["/assets/index-yesterday.js", "/.vite/manifest.json", "/.env"]) {
    const answer = await call(port, gone);
    assert.equal(answer.status, 404, gone);
    assert.equal(answer.headers["cache-control"], "no-store", gone);
    assert.equal(answer.json().code, "not_found", gone);
  }
});

test("the page opens while no Conversation is there", async (t) => {
  const { port } = await front(t, { CONVERSATION_UPSTREAM: "127.0.0.1:9" });
  assert.equal((await call(port, "/")).status, 200);
  assert.equal((await call(port, "/api/session", { method: "POST" })).status, 502);
});

test("every kind of response carries the security headers", async (t) => {
  const one = await conversation(t, {
    answer: (request, response) => {
      if (request.url !== "/api/broken") return undefined;
      response.writeHead(500, { "Content-Type": "application/problem+json" });
      return response.end("{}");
    },
  });
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address });
  const etag = (await call(port, "/")).headers.etag;
  const calls = {
    "the page": [200, await call(port, "/")],
    "the page, unchanged": [304, await call(port, "/", { headers: { "If-None-Match": etag } })],
    "an asset": [200, await call(port, "/assets/index-abc123.css")],
    "a missing asset": [404, await call(port, "/assets/none.js")],
    "a call": [200, await call(port, "/api/models")],
    "a failing call": [500, await call(port, "/api/broken")],
    "too large a call": [413, await call(port, "/api/session", { method: "POST", body: "x".repeat(65 * 1024) })],
    "a wrong method": [405, await call(port, "/", { method: "POST" })],
    "too long an address": [414, await call(port, `/api/search?q=${"x".repeat(9000)}`)],
    "too long a header": [431, await call(port, "/api/models", { headers: { Cookie: "x".repeat(9000) } })],
  };
  for (const [what, [status, answer]] of Object.entries(calls)) {
    assert.equal(answer.status, status, what);
    assertGuarded(answer, what);
    if (status >= 400) assert.equal(answer.headers["content-type"], "application/problem+json", what);
  }
  const opened = await handshake(port);
  assert.equal(opened.status, 101);
  assertGuarded(opened, "a handshake");
  opened.socket.destroy();
  await one.stop();
  const away = await call(port, "/api/models");
  assert.equal(away.status, 502);
  assertGuarded(away, "a call without a Conversation");
  assert.match(await wire(port, "nonsense\r\n\r\n"), /400 Bad Request[^]*Content-Security-Policy: default-src 'self'[^]*"code":"bad_request"/);
});

test("what Conversation says under the same names does not double the headers", async (t) => {
  const one = await conversation(t, {
    answer: (_, response) => {
      response.writeHead(200, {
        "Content-Security-Policy": "default-src *",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Referrer-Policy": "unsafe-url",
        "Cache-Control": "no-cache, no-store",
        "Retry-After": "7",
      });
      return response.end();
    },
  });
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address });
  const answer = await call(port, "/api/models");
  assertGuarded(answer, "a call");
  for (const name of [...Object.keys(everywhere), "content-security-policy"]) assert.equal(answer.all(name).length, 1, name);
  assert.deepEqual(answer.all("cache-control"), ["no-cache, no-store"]);
  assert.deepEqual(answer.all("retry-after"), ["7"]);
});

test("the policy allows the page's own sockets by name, and repeats no host that is more than a host", async (t) => {
  const { port } = await front(t, { CONVERSATION_UPSTREAM: "127.0.0.1:9" });
  const policy = async (host) => (await call(port, "/", { headers: { Host: host } })).headers["content-security-policy"];
  assert.match(await policy("chat.test:81"), /connect-src 'self' ws:\/\/chat\.test:81 wss:\/\/chat\.test:81; /);
  for (const host of ["chat.test;script-src", "a'unsafe-inline'", "a,b", "*", "[::1]:81"]) {
    const answer = await wire(port, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    assert.ok(answer.startsWith("HTTP/1.1 400") || answer.includes("connect-src 'self'; style-src"), `${host}: ${answer}`);
  }
  const strict = await policy("chat.test");
  assert.doesNotMatch(strict, /unsafe|\*|http:|https:/);
  for (const part of ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'", "require-trusted-types-for 'script'"]) {
    assert.ok(strict.includes(part), part);
  }
});

test("the frame of diagrams may be in a frame of the page, and do nothing but draw", async (t) => {
  const { port } = await front(t, { CONVERSATION_UPSTREAM: "127.0.0.1:9" });
  for (const spelling of ["/diagram.html", "/%64iagram.html", "/assets/../diagram.html?x=/index.html"]) {
    const { headers } = await call(port, spelling);
    assert.equal(
      headers["content-security-policy"],
      "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; " +
        "sandbox allow-scripts; require-trusted-types-for 'script'; trusted-types default dompurify",
      spelling,
    );
    assert.equal(headers["x-frame-options"], "SAMEORIGIN", spelling);
    assert.equal(headers["x-content-type-options"], "nosniff", spelling);
    assert.equal(headers["cache-control"], "no-cache", spelling);
  }
  // To a frame without an origin its own script is a stranger's.
  assert.equal((await call(port, "/assets/diagram-abc123.js")).headers["cross-origin-resource-policy"], "cross-origin");
  for (const other of ["/", "/assets/index-abc123.js", "/diagram.html/x", "/x/diagram.html", "/api/diagram.html"]) {
    assertGuarded(await call(port, other), other);
  }
});
