/** Every state of the page, as docs/ui.md shows it: what must hold in each of them. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../dev/chromium.mjs";
import { play, SCENES, settled } from "../dev/scenes.mjs";

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});

afterAll(() => browser.close());

const findings = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
};

/** What stands out of the window to a side, and may not be scrolled to. */
const tooWide = (page: Page) =>
  page.evaluate(() => {
    const beyond = (element: Element) => {
      const { left, right, width, height } = element.getBoundingClientRect();
      return width > 0 && height > 0 && (right > innerWidth + 1 || left < -1);
    };
    const scrolls = (element: Element | null): boolean =>
      element !== null &&
      (/auto|scroll|hidden/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    return [...document.querySelectorAll("main *, dialog[open] *, .notice *")]
      .filter((element) => beyond(element) && !scrolls(element.parentElement))
      .map((element) => element.outerHTML.slice(0, 120));
  });

test.each(SCENES.map((scene) => [scene.name, scene] as const))("%s", async (_, scene) => {
  const { page, wrongs, close } = await play(browser, scene);
  try {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await settled(page);
      expect(await findings(page), colorScheme).toEqual([]);
    }
    expect(await tooWide(page)).toEqual([]);
    // Zoomed to 200 %, a window of 1280 × 800 has half as many pixels for the page to fill.
    await page.setViewportSize({ width: 640, height: 400 });
    await settled(page);
    expect(await tooWide(page), "at 200 %").toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), "at 200 %").toBe(640);
    if (!scene.reading && (await page.locator("dialog[open]").count()) === 0) {
      const composer = await page.getByTestId("composer").boundingBox();
      expect(composer?.y, "the composer is in sight at 200 %").toBeLessThan(400 - 30);
      const stage = await page.locator(".stage").boundingBox();
      expect(stage?.height, "something can be read at 200 %").toBeGreaterThan(100);
    }
    expect(wrongs).toEqual([]);
  } finally {
    await close();
  }
});
