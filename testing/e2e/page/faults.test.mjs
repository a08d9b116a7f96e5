// What happens to the browser itself, and to the store, while a page is open: rows 25, 38 and 39 of the table of faults as a
// person sees them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { openPage } from "./person.mjs";
import { SLOWLY, useScene } from "./scene.mjs";
import { eventually } from "./stack.mjs";

const MINUTE = 60 * 1000;
const DAY = 24 * 60 * MINUTE;
const scene = useScene();
const nobodyWrites = async () => (await scene.stack.tell("stats")).open === 0;

test("the store comes back older: the page sends again what the store lacks, without a reload", async (t) => {
  const person = await scene.newPerson(t);
  await person.say("Kept by the store [[rate=200]]");
  await person.ended(1);
  await scene.stack.tell("kill redis");
  await scene.stack.tell("copy-redis");
  await scene.stack.tell("start redis");
  await person.connected();
  await person.say("Lost by the store [[rate=200]]");
  await person.ended(2);
  await scene.stack.tell("kill redis");
  await scene.stack.tell("restore-redis");
  await scene.stack.tell("start redis");
  await eventually("that it is asked again", async () => (await scene.stack.tell("calls Lost by the store")).length === 2);
  await person.ended(2);
  await eventually("both questions in the store", async () => {
    const { messages } = await person.stored();
    return messages.length === 4 && messages.every((message) => message.status === "complete");
  });
  const asked = (await person.stored()).messages.filter((message) => message.role === "user");
  assert.deepEqual(asked.map((message) => message.text.slice(0, 13)), ["Kept by the s", "Lost by the s"]);
  await person.assertWhole();
});

test("the page is frozen while its answer is written, and shows all of it when it is thawed", async (t) => {
  const context = await scene.newContext();
  const person = await openPage(t, scene.stack, context);
  await person.say(`While frozen ${SLOWLY}`);
  await person.writing(20);
  const devtools = await context.newCDPSession(person.page);
  await devtools.send("Page.setWebLifecycleState", { state: "frozen" });
  await eventually("the end of the answer", nobodyWrites);
  await devtools.send("Page.setWebLifecycleState", { state: "active" });
  await person.ended(1);
  await person.assertWhole();
});

test("the browser's clock is a day ahead, or a day behind: nothing waits for tomorrow", async (t) => {
  for (const wrong of [DAY, -DAY]) {
    const context = await scene.newContext();
    await context.clock.setSystemTime(new Date(Date.now() + wrong));
    const person = await openPage(t, scene.stack, context);
    await person.say(`Clock ${wrong} [[fail=429 retry-after=10 times=1 rate=200]]`);
    const retrying = person.answers.last().and(person.page.locator('[data-status="retrying"]'));
    await retrying.waitFor();
    assert.match(await retrying.innerText(), /again (?:in (?:[1-9]|1[01])\s?s|now)/u);
    await person.ended(1);
    await person.say("And one more [[rate=200]]");
    await person.ended(2);
    await person.assertWhole();
  }
});

for (const minutes of [0, 5, 20]) {
  test(`the browser is offline until its clock is ${minutes} minutes further: the same page goes on`, async (t) => {
    const context = await scene.newContext();
    await context.clock.install();
    const person = await openPage(t, scene.stack, context);
    await person.say(`Offline for ${minutes} ${SLOWLY}`);
    await person.writing(20);
    await context.setOffline(true);
    await scene.stack.tell("hole");
    await person.disconnected();
    await context.clock.fastForward(minutes * MINUTE);
    await eventually("the end of the answer", nobodyWrites);
    await person.say(`Written offline after ${minutes} minutes [[rate=200]]`);
    await context.clock.fastForward(minutes * MINUTE);
    await scene.stack.tell("unhole");
    await context.setOffline(false);
    await person.connected();
    await person.ended(2);
    await person.assertWhole();
    assert.equal((await scene.stack.tell(`calls Offline for ${minutes}`)).length, 1);
    assert.equal((await scene.stack.tell(`calls Written offline after ${minutes} minutes`)).length, 1);
  });
}

test("the browser's storage is full: it says so, and the message is sent and answered", async (t) => {
  const context = await scene.newContext();
  const person = await openPage(t, scene.stack, context);
  await person.page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
  });
  await person.say("No room here [[rate=200]]");
  await person.page.getByText("no room left to keep the message").waitFor();
  await person.ended(1);
  await person.assertWhole();
  assert.equal((await scene.stack.tell("calls No room here")).length, 1);
});

test("the way to the server is a black hole: the page notices, and resumes when there is one", async (t) => {
  const person = await scene.newPerson(t);
  await person.say(`Into the dark ${SLOWLY}`);
  await person.writing(20);
  await scene.stack.tell("hole");
  await eventually("the end of the answer", nobodyWrites);
  await person.disconnected();
  await scene.stack.tell("unhole");
  await person.connected();
  await person.ended(1);
  await person.assertWhole();
  assert.equal((await scene.stack.tell("calls Into the dark")).length, 1);
});
