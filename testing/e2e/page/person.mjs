// Someone in front of the page.
import assert from "node:assert/strict";
import { eventually, named } from "./stack.mjs";

const PATIENCE = 60_000;
const words = (text) => text.replace(/\s+/gu, " ").trim();

/** Opens the page for someone new, or in one more tab of someone; the test fails if the page ever threw. */
export async function openPage(t, stack, context) {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const wrong = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted ?Type|Uncaught/iu.test(message.text())) wrong.push(message.text());
  });
  t.after(() => assert.deepEqual(wrong, [], "the page broke"));
  await page.goto(named(stack.url));
  const person = new Person(page);
  await person.connected();
  // Gone after a reload, which nothing but a test that says so may cause.
  await page.evaluate(() => {
    window.sameDocument = true;
  });
  return person;
}

export class Person {
  constructor(page) {
    this.page = page;
    this.composer = page.getByTestId("composer");
    this.questions = page.locator('[data-testid="message"][data-role="user"]');
    this.answers = page.locator('[data-testid="message"][data-role="assistant"]');
  }

  connected() {
    return this.page.locator('[data-testid="connection"][data-state="open"]').waitFor({ state: "attached" });
  }

  disconnected() {
    return this.page.locator('[data-testid="connection"]:not([data-state="open"])').waitFor({ state: "attached" });
  }

  async say(text) {
    await this.composer.fill(text);
    await this.page.getByTestId("send").click();
  }

  stop() {
    return this.page.getByTestId("stop").click();
  }

  /** The words of the last answer, without what stands around it. */
  async shown() {
    const body = this.answers.last().locator(".markdown").first();
    return (await body.count()) === 0 ? "" : words(await body.innerText());
  }

  /** Waits until the last answer shows at least so many characters and is still being written. */
  async writing(characters) {
    await this.answers.last().and(this.page.locator('[data-status="writing"]')).waitFor();
    await eventually(`${characters} characters on the page`, async () => (await this.shown()).length >= characters);
  }

  /** Waits until there are so many answers and the last one has this status. */
  async ended(count, status = "complete") {
    await eventually(`answer ${count} ${status}`, async () => (await this.answers.count()) >= count);
    await this.answers.nth(count - 1).and(this.page.locator(`[data-status="${status}"]`)).waitFor();
  }

  conversationId() {
    return new URL(this.page.url()).hash.split("/").pop();
  }

  /** What the API has of the conversation that the page shows. */
  stored() {
    return this.page.evaluate(
      async (id) => (await fetch(`/api/conversations/${id}`)).json(),
      this.conversationId(),
    );
  }

  /** Fails if the page shows other words than the store has, or was loaded anew. */
  async assertWhole(options = {}) {
    const answer = (await this.stored()).messages.filter((message) => message.role === "assistant").at(-1);
    assert.equal(answer.status, options.status ?? "complete");
    assert.equal(await this.shown(), words(answer.text));
    if (!options.reloaded) assert.equal(await this.page.evaluate(() => window.sameDocument), true, "no reload");
    return answer;
  }
}
