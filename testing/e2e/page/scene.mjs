// What the files of tests share: one stack and one browser for each file, and new people for each test.
import { after, afterEach, before } from "node:test";
import { openPage } from "./person.mjs";
import { startBrowser, startStack } from "./stack.mjs";

/** An answer that takes twelve seconds. */
export const SLOWLY = "[[rate=10 tokens=120]]";

/** Starts all of it before the file's tests and ends it after them; `stack` can be used in tests only. */
export function useScene() {
  let browser;
  let contexts = [];
  const scene = {
    stack: undefined,
    /** A browser of its own: nothing is shared with another, no cookie and no store. */
    async newContext(options = {}) {
      const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1200, height: 800 }, ...options });
      contexts.push(context);
      return context;
    },
    async newPerson(t, options) {
      return openPage(t, scene.stack, await scene.newContext(options));
    },
  };
  before(async () => {
    scene.stack = await startStack();
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await scene.stack?.close();
  });
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
    await scene.stack.tell("heal");
  });
  return scene;
}
