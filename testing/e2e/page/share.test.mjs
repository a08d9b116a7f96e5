// That a conversation is shared by a link, in front of real processes: a stranger reads what it was, and no more when it was
// taken back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { useScene } from "./scene.mjs";
import { eventually, named } from "./stack.mjs";

const scene = useScene();

test("a stranger reads a shared conversation until it is taken back", async (t) => {
  const owner = await scene.newPerson(t);
  await owner.say("Say something about whales");
  await owner.ended(1);
  const { text } = await owner.assertWhole();

  const openDialog = async () => {
    await owner.page.getByTestId("conversation-item").first().hover();
    await owner.page.getByTestId("conversation-menu").first().click();
    await owner.page.getByTestId("share").click();
  };
  await openDialog();
  await owner.page.getByTestId("create-link").click();
  const address = await owner.page.getByTestId("share-link").inputValue();
  assert.equal(new URL(address).origin, new URL(named(scene.stack.url)).origin);
  assert.match(new URL(address).hash, /^#\/s\/[0-9a-f]{34}$/);
  await owner.page.keyboard.press("Escape");
  await owner.say("And about narwhals");
  await owner.ended(2);

  const context = await scene.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("websocket", (socket) => wrong.push(socket.url()));
  await page.goto(address);
  const messages = page.getByTestId("message");
  await messages.nth(1).waitFor();
  assert.equal(await messages.count(), 2, "what came later is not shown");
  assert.equal(await messages.first().getByTestId("message-text").innerText(), "Say something about whales");
  const token = address.split("/").pop();
  const shown = await page.evaluate(
    async (path) => {
      const answer = await fetch(path, { credentials: "omit" });
      return { robots: answer.headers.get("X-Robots-Tag"), cache: answer.headers.get("Cache-Control"), page: await answer.json() };
    },
    `/api/shared/${token}`,
  );
  assert.equal(shown.page.items[0].text, text);
  assert.equal(shown.robots, "noindex");
  assert.equal(shown.cache, "no-store");
  assert.deepEqual(await context.cookies(), [], "who reads gets no cookie");

  await openDialog();
  await owner.page.getByTestId("update-link").click();
  await owner.page.getByTestId("share-newer").waitFor({ state: "detached" });
  await page.reload();
  await messages.nth(3).waitFor();

  await owner.page.getByTestId("stop-sharing").click();
  await owner.page.getByTestId("create-link").waitFor();
  await page.reload();
  await page.locator('[data-testid="nothing-shared"][data-why="gone"]').waitFor();
  assert.deepEqual(wrong, [], "the reader's page broke, or opened a socket");

  // From there to a chat of one's own.
  await page.getByTestId("start-own").click();
  await page.locator('[data-testid="connection"][data-state="open"]').waitFor({ state: "attached" });
  await eventually("a session", async () => (await context.cookies()).length === 1);
});
