// That all of it works in Firefox, too, through nginx and every part behind it: one person's day with one answer.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SLOWLY } from "./scene.mjs";
import { eventually, named, startFirefox, startStack } from "./stack.mjs";

let stack;
let browser;

before(async () => {
  stack = await startStack();
  browser = await startFirefox();
});

after(async () => {
  await browser?.close();
  await stack?.close();
});

test("writes, stops, reloads, goes offline and comes back", async () => {
  const page = await browser.newPage();
  page.setDefaultTimeout(60_000);
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    if (/Content.Security.Policy|Trusted ?Type/iu.test(message.text())) wrong.push(message.text());
  });
  const see = (selector) => page.waitForSelector(selector);
  const connection = (state) => see(`[data-testid=connection][data-state=${state}]`);
  const answers = (status) => page.$$(`[data-role=assistant][data-status=${status}]`);
  const answered = (count, status) =>
    eventually(`${count} ${status}`, async () => (await answers(status)).length === count);
  const shown = () =>
    page.$$eval("[data-role=assistant] .markdown", (all) => all.at(-1)?.innerText.replace(/\s+/gu, " ").trim() ?? "");
  const say = async (text) => {
    await page.focus("[data-testid=composer]");
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  };
  const stored = () =>
    page.evaluate(
      async (id) => (await (await fetch(`/api/conversations/${id}`)).json()).messages,
      new URL(page.url()).hash.split("/").pop(),
    );

  await page.goto(named(stack.url));
  await connection("open");
  assert.equal(await page.evaluate(() => isSecureContext), false, "opened as most will open it");

  await say(`What is a harbour? ${SLOWLY}`);
  await see("[data-role=assistant][data-status=writing]");
  const lengths = new Set();
  await eventually("that it grows", async () => lengths.add((await shown()).length).size > 5);
  await page.click("[data-testid=stop]");
  await answered(1, "cancelled");
  const kept = await shown();
  assert.ok(kept.startsWith("You said: What is a harbour?"), kept);

  await page.reload();
  await connection("open");
  await answered(1, "cancelled");
  assert.equal(await shown(), kept);

  await say(`Something long ${SLOWLY}`);
  await see("[data-role=assistant][data-status=writing]");
  await page.reload();
  await answered(1, "complete");

  await page.setOfflineMode(true);
  await stack.tell("hole");
  await connection("waiting");
  await say("Written offline [[rate=200]]");
  await see("[data-role=user][data-status=saved]");
  await stack.tell("unhole");
  await page.setOfflineMode(false);
  await connection("open");
  await answered(2, "complete");
  assert.equal((await stack.tell("calls Written offline")).length, 1);

  const last = (await stored()).at(-1);
  assert.equal(last.status, "complete");
  assert.equal(await shown(), last.text.replace(/\s+/gu, " ").trim());
  assert.deepEqual(wrong, []);
});
