// The page under a path of a host, behind a proxy as docs/operations.md has it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { call, conversation, directory, eventually, freePort, front, handshake } from "./front.mjs";

/** The block that the manual has for nginx, under a path. */
function block(upstream) {
  const manual = fs.readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const [found] = /^location \/ \{\n[^]*?^\}/m.exec(manual) ?? [];
  assert.ok(found, "the manual has a block for nginx");
  return found.replace("location / {", "location /chat/ {").replace("http://localhost:8080;", `http://127.0.0.1:${upstream}/;`);
}

/** An nginx that has nothing but that. */
async function proxy(t, upstream) {
  const dir = directory(t);
  const port = await freePort();
  const user = process.getuid() === 0 ? `user ${os.userInfo().username};` : "";
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${dir}/${name};`);
  const map = 'map $http_upgrade $connection_upgrade { default upgrade; "" close; }';
  const server = `server { listen 127.0.0.1:${port}; ${block(upstream)} location = /chat { return 308 /chat/; } }`;
  const text = `daemon off; pid ${dir}/pid; error_log stderr; ${user} events {} http { access_log off; ${places.join(" ")} ${map} ${server} }`;
  fs.writeFileSync(path.join(dir, "nginx.conf"), text);
  const child = spawn("nginx", ["-e", "stderr", "-c", path.join(dir, "nginx.conf")], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (piece) => (said += piece));
  const ended = once(child, "exit");
  t.after(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  await eventually(`nginx listens: ${said}`, () => call(port, "/").then(() => true, () => false));
  return port;
}

test("a proxy as the manual has it serves the page, its calls and its socket under a path", async (t) => {
  const one = await conversation(t);
  const { port } = await front(t, { CONVERSATION_UPSTREAM: one.address, FRONT_PROXIES: "127.0.0.1" });
  const outer = await proxy(t, port);

  assert.equal((await call(outer, "/chat")).status, 308);
  const page = await call(outer, "/chat/");
  assert.equal(page.status, 200);
  assert.match(page.text, /Parley/);
  assert.match(page.headers["content-security-policy"], new RegExp(`ws://127.0.0.1:${outer} `));
  assert.equal((await call(outer, "/chat/sw.js")).headers["cache-control"], "no-cache");
  assert.equal((await call(outer, "/chat/diagram.html")).headers["x-frame-options"], "SAMEORIGIN");
  assert.equal((await call(outer, "/api/models")).status, 404);

  assert.deepEqual((await call(outer, "/chat/api/search?q=a%20b")).json(), { by: "one" });
  const { status, socket } = await handshake(outer, { target: "/chat/ws" });
  assert.equal(status, 101);
  socket.destroy();
  assert.deepEqual(one.seen.map(({ url, headers }) => [url, headers.host]), [
    ["/api/search?q=a%20b", `127.0.0.1:${outer}`],
    ["/ws", `127.0.0.1:${outer}`],
  ]);
});
