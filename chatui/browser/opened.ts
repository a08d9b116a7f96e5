/** What the files of tests share that open the page in one way for each test. */
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launch } from "../dev/chromium.mjs";
import { open } from "../dev/scenes.mjs";

export type Opened = Awaited<ReturnType<typeof open>>;
type Options = Parameters<typeof open>;

/**
 * Starts a browser before the file's tests and ends it after them.
 *
 * @returns opens the page; it is closed after the test, which fails if the page did what it must never do
 */
export function useBrowser(): (scene: Options[1], options?: Options[2]) => Promise<Opened> {
  let browser: Browser;
  let opened: Opened[] = [];

  beforeAll(async () => {
    browser = await launch();
  });

  afterAll(() => browser.close());

  afterEach(async () => {
    const all = opened;
    opened = [];
    await Promise.all(all.map(({ close }) => close()));
    expect(all.flatMap(({ wrongs }) => wrongs)).toEqual([]);
  });

  return async (scene, options) => {
    const one = await open(browser, scene, options);
    opened.push(one);
    return one;
  };
}
