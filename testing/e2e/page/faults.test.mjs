// What happens to the browser itself, and to the store, while a page is open: rows 25, 38 and 39 of the table of faults as a
// person sees them.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { openPage } from "./person.mjs";
import { eventually, startBrowser, startStack } from "./stack.mjs";

const SLOWLY = "[[rate=20 tokens=120]]";
const DAY = 24 * 60 * 60 * 1000;
let stack;
let browser;
let contexts = [];

before(async () => {
  stack = await startStack();
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  await stack?.close();
});

afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  contexts = [];
  await stack.tell("heal");
});

async function newContext() {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1200, height: 800 } });
  contexts.push(context);
  return context;
}

const nobodyWrites = async () => (await stack.tell("stats")).open === 0;

test("the store comes back older: the page sends again what the store lacks, without a reload", async (t) => {
  const person = await openPage(t, stack, await newContext());
  await person.say("Kept by the store [[rate=200]]");
  await person.ended(1);
  await stack.tell("kill redis");
  await stack.tell("copy-redis");
  await stack.tell("start redis");
  await person.connected();
  await person.say("Lost by the store [[rate=200]]");
  await person.ended(2);
  await stack.tell("kill redis");
  await stack.tell("restore-redis");
  await stack.tell("start redis");
  await eventually("that it is asked again", async () => (await stack.tell("calls Lost by the store")).length === 2);
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
  const context = await newContext();
  const person = await openPage(t, stack, context);
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
    const context = await newContext();
    await context.clock.setSystemTime(new Date(Date.now() + wrong));
    const person = await openPage(t, stack, context);
    await person.say(`Clock ${wrong} [[fail=429 retry-after=3 times=1 rate=200]]`);
    const retrying = person.answers.last().and(person.page.locator('[data-status="retrying"]'));
    await retrying.waitFor();
    assert.match(await retrying.innerText(), /again (?:in [1-4]\s?s|now)/u);
    await person.ended(1);
    await person.say("And one more [[rate=200]]");
    await person.ended(2);
    await person.assertWhole();
  }
});

test("the browser's storage is full: it says so, and the message is sent and answered", async (t) => {
  const context = await newContext();
  const person = await openPage(t, stack, context);
  await person.page.evaluate(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
    };
  });
  await person.say("No room here [[rate=200]]");
  await person.page.getByText("no room left to keep the message").waitFor();
  await person.ended(1);
  await person.assertWhole();
  assert.equal((await stack.tell("calls No room here")).length, 1);
});

test("the way to the server is a black hole: the page notices, and resumes when there is one", async (t) => {
  const person = await openPage(t, stack, await newContext());
  await person.say(`Into the dark ${SLOWLY}`);
  await person.writing(20);
  await stack.tell("hole");
  await eventually("the end of the answer", nobodyWrites);
  await person.disconnected();
  await stack.tell("unhole");
  await person.connected();
  await person.ended(1);
  await person.assertWhole();
  assert.equal((await stack.tell("calls Into the dark")).length, 1);
});
