/** That the page works in Firefox, too: the flows that lean most on what browsers do differently. */
import type { Browser, Page } from "puppeteer-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { startFakeServer } from "../dev/fake-server.mjs";
import { launchFirefox } from "../dev/firefox.mjs";

/** A page that is left before its fonts are there, which Firefox tells as an error: NS_BINDING_ABORTED. */
const BROKEN_OFF = /^Error: downloadable font: download failed .* status=2152398850 /;

let browser: Browser;
let page: Page;
let server: Awaited<ReturnType<typeof startFakeServer>>;
let wrongs: string[];

beforeAll(async () => {
  browser = await launchFirefox();
}, 60_000);

afterAll(() => browser?.close());

beforeEach(async () => {
  server = await startFakeServer({ tokensPerSecond: 300 });
  wrongs = [];
  const context = await browser.createBrowserContext();
  page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("pageerror", (error) => {
    if (!BROKEN_OFF.test(`${error}`)) wrongs.push(`${error}`);
  });
  page.on("console", (message) => {
    if (/Content-Security-Policy|Content Security Policy|Trusted ?Type/.test(message.text())) {
      wrongs.push(message.text());
    }
  });
  await page.goto(server.url.replace("127.0.0.1", "chat.test"));
  await see("[data-testid=connection][data-state=open]");
});

afterEach(async () => {
  await page.browserContext().close();
  await server.close();
  expect(wrongs).toEqual([]);
});

const see = (selector: string) => page.waitForSelector(selector);
const ended = (status: string) => see(`[data-role=assistant][data-status=${status}]`);
const shown = () =>
  page.$$eval(
    "[data-role=assistant] .markdown",
    (all) => (all.at(-1) as HTMLElement | undefined)?.innerText ?? "",
  );

async function say(text: string): Promise<void> {
  await page.focus("[data-testid=composer]");
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

test("a question is answered, with colours and formulas, and is there after a reload", async () => {
  expect(await page.evaluate(() => isSecureContext)).toBe(false);
  await say("Explain TLS");
  await ended("complete");
  await see(".code .hl-keyword");
  await say("How do I solve a quadratic equation?");
  await see(".formula.display.set .katex");
  await page.waitForFunction(() => {
    const formulas = [...document.fonts].filter((font) => font.family.includes("KaTeX"));
    return formulas.some((font) => font.status === "loaded");
  });
  await page.reload();
  await ended("complete");
  await expect.poll(shown).toContain("The roots of");
});

test("an answer grows, goes on after a reload, and is stopped with what is there", async () => {
  server.world.tokensPerSecond = 5;
  await say("Explain TLS");
  await ended("writing");
  await expect.poll(async () => (await shown()).length).toBeGreaterThan(40);
  await page.reload();
  await ended("writing");
  await page.click("[data-testid=stop]");
  await ended("cancelled");
  expect(await shown()).toContain("TLS is a sealed tunnel");
});

test("what is written without a network is kept over a reload and sent when it is back", async () => {
  await say("Begin");
  await ended("complete");
  server.cut(true);
  await see("[data-testid=connection][data-state=waiting]");
  await say("Written offline");
  await see("[data-role=user][data-status=saved]");
  await page.reload();
  // The page does not know yet that the first one was answered: the second one waits for it.
  await see("[data-testid=waiting-message][data-status=saved]");
  server.restore();
  await page.waitForFunction(
    () => document.querySelectorAll("[data-role=assistant][data-status=complete]").length === 2,
  );
  const sends = server.world.received.filter((frame) => frame.type === "send");
  expect(sends.map(({ text }) => text)).toEqual(["Begin", "Written offline"]);
});

test("an answer is copied without a clipboard API", async () => {
  await say("Please move my meeting.");
  await ended("complete");
  await page.click("[data-role=assistant] [data-testid=copy]");
  await page.focus("[data-testid=composer]");
  await page.keyboard.down("Control");
  await page.keyboard.press("v");
  await page.keyboard.up("Control");
  await page.waitForFunction(() =>
    (document.querySelector("[data-testid=composer]") as HTMLTextAreaElement).value.includes("**Thursday"),
  );
});

test("a diagram is drawn in its frame", async () => {
  await say("[diagram] of how it works");
  await ended("complete");
  await see("[data-testid=diagram][data-state=drawn]");
  const frame = page.frames().find((one) => one.url().endsWith("/diagram.html"));
  expect(await frame?.evaluate(() => self.origin)).toBe("null");
  expect(await frame?.$eval("svg", (drawing) => drawing.getBoundingClientRect().height)).toBeGreaterThan(100);
  const height = await page.$eval(".diagram iframe", (one) => one.getBoundingClientRect().height);
  expect(height).toBeGreaterThan(100);
});
