// What a browser really gets with each kind of answer, for docs/headers.md. By itself it writes that file:
//   node headers.mjs
import { writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { eventually, startBrowser, startStack } from "./stack.mjs";

export const REPORT = new URL("../../../docs/headers.md", import.meta.url);

const HEAD = `# What a browser gets

The headers of each kind of answer, as Chromium has them from nginx with the whole of Parley behind it, at \`http://chat.example.com\`. Left out is what says how the bytes came. Over HTTPS there is \`Strict-Transport-Security\` besides.
A test compares this page with the answers; \`node testing/e2e/page/headers.mjs\` writes it anew.

`;

/** Differ with each answer, or tell how the bytes came, and guard nothing. */
const NOT_TOLD = /^(accept-ranges|connection|content-encoding|content-length|date|etag|last-modified|sec-websocket-accept|server|transfer-encoding|upgrade|vary)$/;

/** In the order of the report: the kind, and the path of the first answer that shows it. */
const KINDS = [
  ["The page", /^\/$/],
  ["A script of it", /^\/assets\/index-.*\.js$/],
  ["A style", /^\/assets\/.*\.css$/],
  ["A font", /^\/assets\/.*\.woff2$/],
  ["The frame that draws diagrams", /^\/diagram\.html$/],
  ["The session", /^\/api\/session$/],
  ["A call", /^\/api\/conversations$/],
  ["A call for what is not there", /^\/api\/conversations\/absent$/],
  ["The socket", /^\/ws$/],
];

/** @returns {Promise<string>} Markdown, the same for every run */
export async function headersReport(context, url) {
  const page = await context.newPage();
  const got = new Map();
  const keep = (address, status, headers) => {
    const kind = KINDS.find(([, pattern]) => pattern.test(new URL(address).pathname))?.[0];
    if (kind && !got.has(kind)) got.set(kind, { status, headers });
  };
  page.on("response", async (response) => keep(response.url(), response.status(), await response.allHeaders()));
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  devtools.on("Network.webSocketHandshakeResponseReceived", ({ response }) => keep("ws://host/ws", response.status, response.headers));
  await page.goto(url);
  await page.locator("[data-testid=connection][data-state=open]").waitFor({ state: "attached" });
  await page.evaluate(() => Promise.all([fetch("/diagram.html"), fetch("/api/conversations/absent")]));
  await eventually("an answer of each kind", () => got.size === KINDS.length);
  return HEAD + KINDS.map(([kind]) => section(kind, got.get(kind), new URL(url).host)).join("\n");
}

function section(kind, { status, headers }, host) {
  const lines = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value])
    .filter(([name]) => !NOT_TOLD.test(name))
    .map(([name, value]) => `${name}: ${value.replaceAll(host, "chat.example.com").replace(/^(parley-session)=[^;]*|(?<=Expires)=[^;]*/g, "$1=…")}`)
    .sort();
  return `## ${kind}\n\n\`\`\`http\n${status}\n${lines.join("\n")}\n\`\`\`\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const stack = await startStack();
  const browser = await startBrowser();
  try {
    await writeFile(REPORT, await headersReport(await browser.newContext(), stack.url));
  } finally {
    await browser.close();
    await stack.close();
  }
}
