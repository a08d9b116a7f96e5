// What people do on the page and what happens to it, through nginx and every part behind it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { headersReport, REPORT } from "./headers.mjs";
import { openPage } from "./person.mjs";
import { SLOWLY, useScene } from "./scene.mjs";
import { eventually } from "./stack.mjs";

const scene = useScene();

test("writes a message and sees its answer grow, word by word", async (t) => {
  const person = await scene.newPerson(t);
  assert.equal(await person.page.evaluate(() => window.isSecureContext), false, "opened as most will open it");
  await person.say(`What is a harbour? ${SLOWLY}`);
  const lengths = [];
  await person.writing(10);
  while ((await person.answers.last().getAttribute("data-status")) === "writing") {
    lengths.push((await person.shown()).length);
  }
  await person.ended(1);
  assert.ok(new Set(lengths).size > 5, `grew in steps: ${lengths}`);
  assert.ok((await person.shown()).startsWith("You said: What is a harbour?"));
  await person.assertWhole();
  await eventually("its title", async () =>
    (await person.page.getByTestId("conversation-item").first().innerText()).includes("What is a harbour?"),
  );
});

test("works on a secure address, too", async (t) => {
  const context = await scene.newContext();
  const person = await openPage(t, { url: scene.stack.url.replace("127.0.0.1", "localhost") }, context);
  assert.equal(await person.page.evaluate(() => window.isSecureContext), true);
  await person.say("Hello");
  await person.ended(1);
  await person.assertWhole();
});

test("stops an answer and keeps what was written", async (t) => {
  const person = await scene.newPerson(t);
  await person.say(`A long story, please ${SLOWLY}`);
  await person.writing(30);
  await person.stop();
  await person.ended(1, "cancelled");
  assert.ok((await person.shown()).length >= 30);
  await person.assertWhole({ status: "cancelled" });
  await eventually("that the model is left alone", async () => (await scene.stack.tell("stats")).open === 0);
});

test("gets another answer and can look at both", async (t) => {
  const person = await scene.newPerson(t);
  await person.say("What is a bridge?");
  await person.ended(1);
  await person.page.getByTestId("regenerate").click();
  await person.page.getByTestId("version-count").getByText("2/2").waitFor();
  await person.ended(1);
  const stored = await person.stored();
  assert.equal(stored.messages.filter((message) => message.role === "assistant").length, 2);
});

test("sends the next message while an answer is being written, and gets both in order", async (t) => {
  const person = await scene.newPerson(t);
  await person.say(`First ${SLOWLY}`);
  await person.writing(5);
  await person.say("Second [[rate=200]]");
  await person.ended(2);
  await person.assertWhole();
  assert.match(await person.shown(), /message 2 of this conversation; 2 came before it/u);
});

test("is reloaded in the middle and goes on", async (t) => {
  const person = await scene.newPerson(t);
  await person.say(`Something long ${SLOWLY}`);
  await person.writing(30);
  await person.page.reload();
  await person.connected();
  await person.ended(1);
  await person.assertWhole({ reloaded: true });
  assert.equal((await scene.stack.tell("calls Something long")).length, 1);
});

test("shows the same in two tabs, whoever writes", async (t) => {
  const context = await scene.newContext();
  const one = await openPage(t, scene.stack, context);
  await one.say(`Seen twice ${SLOWLY}`);
  await one.writing(20);
  const other = await openPage(t, scene.stack, context);
  await other.page.goto(one.page.url());
  await other.ended(1);
  await one.ended(1);
  assert.equal(await other.shown(), await one.shown());
  await other.say("From the other tab");
  await one.ended(2);
  await other.ended(2);
  assert.equal(await other.shown(), await one.shown());
  await one.assertWhole();
});

test("keeps what is typed offline and sends it when the network is back", async (t) => {
  const context = await scene.newContext();
  const person = await openPage(t, scene.stack, context);
  await person.say(`Before ${SLOWLY}`);
  await person.writing(10);
  await context.setOffline(true);
  await scene.stack.tell("hole");
  await person.disconnected();
  await person.say("Written offline [[rate=200]]");
  // The answer before it is still being written, so it waits above the composer.
  await person.page.locator('[data-testid="waiting-message"][data-status="saved"]').waitFor();
  await scene.stack.tell("unhole");
  await context.setOffline(false);
  await person.connected();
  await person.ended(2);
  await person.assertWhole();
  const stored = await person.stored();
  assert.equal(stored.messages.filter((message) => message.text.startsWith("Written offline")).length, 1);
  assert.equal((await scene.stack.tell("calls Before")).length, 1);
});

test("keeps what is typed offline even when its tab is closed and opened again", async (t) => {
  const context = await scene.newContext();
  const person = await openPage(t, scene.stack, context);
  await person.say("Before");
  await person.ended(1);
  await context.setOffline(true);
  await scene.stack.tell("hole");
  await person.disconnected();
  await person.say("Not to be forgotten [[rate=200]]");
  await person.questions.last().and(person.page.locator('[data-status="saved"]')).waitFor();
  const address = person.page.url();
  await person.page.close();
  await scene.stack.tell("unhole");
  await context.setOffline(false);
  const again = await openPage(t, scene.stack, context);
  await again.page.goto(address);
  await again.ended(2);
  assert.match(await again.shown(), /Not to be forgotten/u);
});

test("shows a second person nothing of the first", async (t) => {
  const first = await scene.newPerson(t);
  await first.say("My secret garden");
  await first.ended(1);
  const address = new URL(first.page.url()).hash;
  const second = await scene.newPerson(t);
  assert.equal(await second.page.getByTestId("conversation-item").count(), 0);
  await second.page.goto(new URL(address, second.page.url()).href);
  await second.say("Mine");
  await second.ended(1);
  assert.doesNotMatch(await second.page.locator("body").innerText(), /secret/u);
  assert.doesNotMatch(await second.shown(), /2 came before/u);
  await first.page.bringToFront();
  assert.doesNotMatch(await first.page.locator("body").innerText(), /Mine/u);
});

for (const part of ["nginx", "conversation-0", "conversation-1", "redis", "rabbitmq"]) {
  test(`goes on without a reload after ${part} was killed and started`, async (t) => {
    const person = await scene.newPerson(t);
    await person.say(`While ${part} dies ${SLOWLY}`);
    await person.writing(20);
    await scene.stack.tell(`kill ${part}`);
    await scene.stack.tell(`start ${part}`);
    await person.ended(1);
    await person.assertWhole();
    assert.equal((await scene.stack.tell(`calls While ${part} dies`)).length, 1);
  });
}

test("says that no worker is there, and answers when one is", async (t) => {
  const person = await scene.newPerson(t);
  for (const index of [0, 1, 2]) await scene.stack.tell(`kill assistant-${index}`);
  await person.say("Is anyone there? [[rate=200]]");
  await person.answers.last().and(person.page.locator('[data-status="queued"]')).waitFor();
  await scene.stack.tell("heal");
  await person.ended(1);
  await person.assertWhole();
});

test("takes a worker's death for what it is: a new start, and no wrong word", async (t) => {
  const person = await scene.newPerson(t);
  await person.say(`Written twice ${SLOWLY}`);
  await person.writing(20);
  for (const index of [0, 1, 2]) await scene.stack.tell(`restart assistant-${index}`);
  await person.ended(1);
  await person.assertWhole();
});

test("fits a telephone", async (t) => {
  const person = await scene.newPerson(t, { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true });
  await person.say("From a telephone, with some_very_long_word_that_has_no_end_and_goes_on_and_on_and_on");
  await person.ended(1);
  await person.assertWhole();
  const overflow = await person.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  assert.equal(overflow, 0, "nothing to scroll sideways");
  await person.page.getByTestId("open-sidebar").click();
  await person.page.getByTestId("conversation-item").first().waitFor();
});

test("renames and deletes a conversation", async (t) => {
  const person = await scene.newPerson(t);
  await person.say("Hello");
  await person.ended(1);
  const item = person.page.getByTestId("conversation-item").first();
  await item.hover();
  await item.getByTestId("conversation-menu").click();
  await person.page.getByTestId("rename").click();
  await person.page.getByTestId("rename-field").fill("A name of my own");
  await person.page.getByTestId("rename-field").press("Enter");
  await eventually("the new name", async () => (await item.innerText()).includes("A name of my own"));
  await eventually("the new name in the store", async () => (await person.stored()).conversation.title === "A name of my own");
  await item.hover();
  await item.getByTestId("conversation-menu").click();
  await person.page.getByTestId("delete").click();
  await eventually("that it is gone", async () => (await person.page.getByTestId("conversation-item").count()) === 0);
});

test("keeps prompts for asking again, and takes one in another tab", async (t) => {
  const context = await scene.newContext();
  const person = await openPage(t, scene.stack, context);
  await person.page.getByTestId("settings").click();
  await person.page.getByTestId("prompt-new").click();
  await person.page.getByTestId("prompt-title").fill("Résumé");
  await person.page.getByTestId("prompt-text").fill("Sum up: ");
  await person.page.getByTestId("prompt-save").click();
  await person.page.getByTestId("prompt").getByText("Résumé").waitFor();
  const other = await openPage(t, scene.stack, context);
  await other.composer.pressSequentially("/resu");
  await other.page.getByTestId("prompt-option").waitFor();
  await other.composer.press("Enter");
  await eventually("the prompt", async () => (await other.composer.inputValue()) === "Sum up: ");
  await other.composer.pressSequentially("all of it");
  await other.composer.press("Enter");
  await other.ended(1);
  assert.ok((await other.shown()).startsWith("You said: Sum up: all of it"));
  const stranger = await scene.newPerson(t);
  await stranger.composer.pressSequentially("/resu");
  await stranger.composer.press("Enter");
  await stranger.ended(1);
  assert.ok((await stranger.shown()).startsWith("You said: /resu"));
});

test("takes everything along, and brings it in for somebody else", async (t) => {
  const person = await scene.newPerson(t);
  await person.say("What is a lighthouse?");
  await person.ended(1);
  await person.page.getByTestId("regenerate").click();
  await person.page.getByTestId("version-count").getByText("2/2").waitFor();
  await person.ended(1);
  const told = async (who) => (await who.stored()).messages.map(({ id, parentId, role, text }) => ({ id, parentId, role, text }));
  await person.page.getByTestId("settings").click();
  const download = person.page.waitForEvent("download");
  await person.page.getByTestId("export-all").click();
  const archive = await (await download).path();
  const other = await scene.newPerson(t);
  await other.page.getByTestId("settings").click();
  await other.page
    .getByTestId("import-file")
    .setInputFiles({ name: "parley.zip", mimeType: "application/zip", buffer: await readFile(archive) });
  await other.page.getByTestId("import-status").getByText("Imported: 1.").waitFor();
  await other.page.keyboard.press("Escape");
  await other.page.getByTestId("conversation-item").first().click();
  await other.page.getByTestId("version-count").getByText("2/2").waitFor();
  assert.deepEqual(await told(other), await told(person));
  // It is a conversation like any other: it goes on.
  await other.say("And who keeps it?");
  await other.ended(2);
  assert.equal((await told(person)).length, 3, "the first one's is as it was");
});

test("renders an answer with markup in it as words and asks no one for anything", async (t) => {
  const person = await scene.newPerson(t);
  const foreign = [];
  person.page.on("request", (request) => {
    if (new URL(request.url()).host !== new URL(person.page.url()).host) foreign.push(request.url());
  });
  await person.say("<img src=x onerror=alert(1)> ![x](https://evil.test/?q=1) <script>alert(2)</script>");
  await person.ended(1);
  assert.equal(await person.answers.last().locator("script, iframe, object").count(), 0);
  assert.equal(await person.answers.last().locator("img[onerror]").count(), 0);
  assert.deepEqual(foreign, []);
});

test("gets the headers that the report has", async () => {
  const report = await headersReport(await scene.newContext(), scene.stack.url);
  assert.equal(report, await readFile(REPORT, "utf8"), "to renew it: node testing/e2e/page/headers.mjs");
});
