import assert from "node:assert/strict";
import { test } from "node:test";
import { call, certificates, conversation, eventually, freePort, front, render, wire } from "./front.mjs";

test("with a certificate the page is served by TLS, and plain HTTP only sends people there", async (t) => {
  const { ca, cert, key } = certificates(t);
  const one = await conversation(t);
  const tlsPort = await freePort();
  const nginx = await front(t, {
    CONVERSATION_UPSTREAM: one.address,
    TLS_CERT: cert,
    TLS_KEY: key,
    TLS_LISTEN: `127.0.0.1:${tlsPort}`,
    CHAT_TLS_PORT: "8443",
  });
  const tls = { ca, servername: "chat.test" };
  const page = await call(tlsPort, "/", { tls });
  assert.equal(page.status, 200);
  assert.equal(page.headers["strict-transport-security"], "max-age=31536000");
  assert.match(page.headers["content-security-policy"], /^default-src 'self'/);
  const missing = await call(tlsPort, "/assets/none.js", { tls });
  assert.equal(missing.headers["strict-transport-security"], "max-age=31536000");
  await call(tlsPort, "/api/models", { tls });
  assert.equal(one.seen.at(-1).headers["x-forwarded-proto"], "https");
  await assert.rejects(call(tlsPort, "/", { tls: { ...tls, minVersion: "TLSv1.1", maxVersion: "TLSv1.1" } }));
  await assert.rejects(call(tlsPort, "/", { tls: { servername: "chat.test" } }), "a client that does not know the CA");

  const calls = one.seen.length;
  for (const port of [nginx.port, tlsPort]) {
    const sent = await wire(port, "POST /api/session?x=1 HTTP/1.1\r\nHost: chat.test:81\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    assert.match(sent, /^HTTP\/1\.1 308 /);
    assert.match(sent, /\r\nLocation: https:\/\/chat\.test:8443\/api\/session\?x=1\r\n/);
  }
  assert.equal(one.seen.length, calls);
  assert.equal((await call(nginx.port, "/healthz")).status, 200);
});

test("the usual port is not spelled out", async (t) => {
  const { cert, key } = certificates(t);
  const { text } = render(t, { TLS_CERT: cert, TLS_KEY: key });
  assert.match(text, /return 308 https:\/\/\$host\$request_uri;/);
});

test("a log line is one line without a query, as text and as JSON", async (t) => {
  const one = await conversation(t);
  for (const format of ["text", "json"]) {
    const nginx = await front(t, { CONVERSATION_UPSTREAM: one.address, LOG_FORMAT: format });
    await call(nginx.port, "/api/search?q=private%20words");
    await wire(nginx.port, 'GET /settings/"\\ü HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    await call(nginx.port, "/healthz");
    const lines = await eventually("two lines", () => nginx.log().length >= 2 && nginx.log());
    assert.equal(lines.length, 2, lines.join("\n"));
    assert.doesNotMatch(lines.join(), /private|words/);
    if (format === "text") {
      assert.match(lines[0], /^127\.0\.0\.1 \[.*\] "GET \/api\/search HTTP\/1\.1" 200 /);
    } else {
      const entry = JSON.parse(lines[0]);
      assert.equal(entry.path, "/api/search");
      assert.equal(entry.status, "200");
      assert.equal(entry.requestId, one.seen.at(-1).headers["x-request-id"]);
      assert.equal(JSON.parse(lines[1]).path, '/settings/"\\ü');
    }
  }
});

test("the error log does not quote a search either", async (t) => {
  const nginx = await front(t, { CONVERSATION_UPSTREAM: `127.0.0.1:${await freePort()}` });
  assert.equal((await call(nginx.port, "/api/search?q=private+words")).status, 502);
  assert.equal((await call(nginx.port, "/api/models")).status, 502);
  await eventually("the other call's error is there", () => nginx.said().includes("/api/models"));
  assert.doesNotMatch(nginx.said(), /private/);
});

test("no log has the code of a sign-in", async (t) => {
  const path = "/api/session/sign-in/callback";
  const one = await conversation(t);
  const there = await front(t, { CONVERSATION_UPSTREAM: one.address });
  await call(there.port, `${path}?code=secret-code&state=secret-state`);
  assert.equal(one.seen.at(-1).url, `${path}?code=secret-code&state=secret-state`);
  const lines = await eventually("a line", () => there.log().length >= 1 && there.log());
  assert.match(lines[0], /"GET \/api\/session\/sign-in\/callback HTTP\/1\.1"/);
  assert.doesNotMatch(lines.join(), /secret/);

  const away = await front(t, { CONVERSATION_UPSTREAM: `127.0.0.1:${await freePort()}` });
  assert.equal((await call(away.port, `${path}?code=secret-code`)).status, 502);
  assert.equal((await call(away.port, "/api/models")).status, 502);
  await eventually("the other call's error is there", () => away.said().includes("/api/models"));
  assert.doesNotMatch(away.said(), /secret/);
});

test("no log has what a link was given for, however it is spelled", async (t) => {
  const token = "07secret7c02d84e5a9b6f0c3d21e8a745";
  const one = await conversation(t);
  const there = await front(t, { CONVERSATION_UPSTREAM: one.address });
  const paths = [
    `/api/shared/${token}?limit=100&before=secret`,
    `//api/./shared/${token}`,
    `/api/%73hared/${token}`,
    `/nothing/../api/shared/${token}/more`,
    `/api/shared/${token};x`,
  ];
  for (const path of paths) {
    const request = `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`;
    await wire(there.port, request);
  }
  await wire(there.port, `GET /api/shared/${token} HTTP/1.1\r\nno header\r\n\r\n`);
  assert.equal(one.seen[0].url, paths[0]);
  const lines = await eventually("all lines", () => there.log().length > paths.length && there.log());
  for (const line of lines) assert.match(line, /"GET \/api\/shared\/- HTTP/);
  assert.doesNotMatch(lines.join(), /secret/);
  // A conversation may have any id.
  await call(there.port, "/api/conversations/shared/share");
  await eventually("its path", () => there.log().join().includes("/api/conversations/shared/share"));

  const away = await front(t, { CONVERSATION_UPSTREAM: `127.0.0.1:${await freePort()}` });
  assert.equal((await call(away.port, `/api/shared/${token}`)).status, 502);
  assert.equal((await call(away.port, "/api/models")).status, 502);
  await eventually("the other call's error is there", () => away.said().includes("/api/models"));
  assert.doesNotMatch(away.said(), /secret/);
});

test("nginx has nothing to warn of", async (t) => {
  const { cert, key } = certificates(t);
  const settings = [
    {},
    { CONVERSATION_UPSTREAM: "127.0.0.1:1,127.0.0.1:2", FRONT_PROXIES: "10.0.0.0/8,::1" },
    { TLS_CERT: cert, TLS_KEY: key, TLS_LISTEN: `127.0.0.1:${await freePort()}` },
  ];
  for (const one of settings) assert.equal((await front(t, one)).said(), "");
});

test("a setting that nginx would read as more than its value is refused with its name", (t) => {
  const bad = {
    PAGE_DIR: "/srv/page; autoindex on",
    HTTP_LISTEN: "8080 default_server",
    TLS_LISTEN: "port",
    ACCESS_LOG: "/dev/stdout json; deny all",
    LOG_FORMAT: "xml",
    MAX_BODY: "64 kilobytes",
    IMPORT_BYTES: "50m",
    CONNECTIONS_PER_ADDRESS: "many",
    API_RATE_PER_ADDRESS: "-1",
    HANDSHAKE_RATE_PER_ADDRESS: "1.5",
    CONNECT_TIMEOUT: "1",
    REQUEST_TIMEOUT: "soon",
    IDLE_TIMEOUT: "120 s",
    SHUTDOWN_TIMEOUT: "30s;",
    HSTS_MAX_AGE: "1 year",
    WORKERS: "auto;",
    WORKER_CONNECTIONS: "1k",
    RUN_AS: "root; include /etc/passwd",
    RESOLVER: "dns.example",
    CONVERSATION_UPSTREAM: "conversation",
    FRONT_PROXIES: "all",
  };
  for (const [name, value] of Object.entries(bad)) {
    for (const wrong of [value, `${value}\n`, "a\nb"]) {
      const { code, said } = render(t, { [name]: wrong });
      assert.equal(code, 64, `${name}=${wrong}`);
      assert.match(said, new RegExp(`^nginx/render: ${name} is not `), name);
    }
  }
});

test("half a certificate, or one that cannot be read, is said in a sentence", (t) => {
  const { cert, key } = certificates(t);
  assert.match(render(t, { TLS_CERT: cert }).said, /TLS_KEY is not the path of a key, though TLS_CERT is set/);
  assert.match(render(t, { TLS_KEY: key }).said, /TLS_CERT is not the path of a certificate, though TLS_KEY is set/);
  assert.match(render(t, { TLS_CERT: cert, TLS_KEY: "/none/key.pem" }).said, /\/none\/key\.pem cannot be read/);
});
