/** The page under a path of a host: a proxy in front takes the prefix away. */
import { request as ask, createServer, type Server } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, PATIENCE } from "../dev/chromium.mjs";
import { startFakeServer } from "../dev/fake-server.mjs";

const PREFIX = "/chat";

let browser: Browser;
let context: BrowserContext;
let server: Awaited<ReturnType<typeof startFakeServer>>;
let front: Server;
let host: string;
const connections = new Set<Socket>();

/** Passes on what is below the prefix, without it. */
function stripping(port: number): Server {
  const below = (url = "") => (url.startsWith(`${PREFIX}/`) ? url.slice(PREFIX.length) : null);
  const proxy = createServer((request, response) => {
    const path = below(request.url);
    if (path === null) return response.writeHead(404).end("something else is here");
    const { method, headers } = request;
    const onward = ask({ port, path, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  proxy.on("upgrade", (request, socket) => {
    const path = below(request.url);
    if (path === null) return socket.destroy();
    const onward = connect(port, "127.0.0.1", () => {
      const lines: string[] = [];
      for (let at = 0; at < request.rawHeaders.length; at += 2) {
        lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
      }
      onward.write(`GET ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      socket.pipe(onward).pipe(socket);
    });
    for (const end of [socket, onward]) end.on("error", () => {});
  });
  return proxy;
}

/** Also breaks the connections of sockets, which the server no longer counts as its own. */
async function stop(): Promise<void> {
  if (!front.listening) return;
  const closed = new Promise((resolve) => front.close(resolve));
  for (const connection of connections) connection.destroy();
  await closed;
}

beforeAll(async () => {
  browser = await launch();
  server = await startFakeServer({ tokensPerSecond: 300 });
  front = stripping(server.port);
  front.on("connection", (connection) => {
    connections.add(connection);
    connection.on("close", () => connections.delete(connection));
  });
  await new Promise<void>((resolve) => front.listen(0, "127.0.0.1", resolve));
  host = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
  context = await browser.newContext();
  context.setDefaultTimeout(PATIENCE);
});

afterAll(async () => {
  await browser.close();
  await server.close();
  await stop();
});

test("it chats, draws, searches, and opens without a network, and asks for nothing outside of its path", async () => {
  const outside: string[] = [];
  context.on("request", (request) => {
    const { origin, pathname } = new URL(request.url());
    if (origin !== host || !pathname.startsWith(`${PREFIX}/`)) outside.push(request.url());
  });
  const page = await context.newPage();
  page.on("websocket", (socket) => {
    if (socket.url() !== `${host.replace("http", "ws")}${PREFIX}/ws`) outside.push(socket.url());
  });
  await page.goto(`${host}${PREFIX}/`);
  await page.getByTestId("composer").fill("[diagram] of how it works");
  await page.getByTestId("composer").press("Enter");
  await page.locator("[data-testid=diagram][data-state=drawn]").waitFor();
  await page.locator("[data-role=assistant][data-status=complete]").waitFor();
  await page.getByTestId("search").fill("diagram");
  await page.getByTestId("search-result").first().waitFor();
  await page.getByTestId("search").fill("");
  const menu = page.getByTestId("conversation-menu");
  await menu.click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByTestId("export-markdown").click(),
  ]);
  expect(new URL(download.url()).pathname).toMatch(/^\/chat\/api\/conversations\/[\w-]+\/export$/);

  const devtools = await context.newCDPSession(page);
  const { manifest, errors } = await devtools.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(manifest).toMatchObject({ startUrl: `${host}${PREFIX}/`, scope: `${host}${PREFIX}/` });

  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const scopes = await page.evaluate(async () =>
    (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
  );
  expect(scopes).toEqual([`${host}${PREFIX}/`]);
  await stop();
  await page.reload();
  await page.getByTestId("composer").fill("Written without a network");
  await page.getByTestId("composer").press("Enter");
  await page.getByTestId("waiting-message").or(page.locator("[data-role=user][data-status=saved]")).waitFor();
  expect(outside).toEqual([]);
});
