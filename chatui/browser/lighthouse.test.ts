/** What Lighthouse finds, on the page as it is built and under the policy that it has in front of people. */
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer, { type Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ARGS, chromiumPath } from "../dev/chromium.mjs";
import { startFakeServer } from "../dev/fake-server.mjs";
import { fillList } from "../dev/scenes.mjs";

/** Of 100 points. */
const LEAST = 95;

let browser: Browser;
let server: Awaited<ReturnType<typeof startFakeServer>>;

beforeAll(async () => {
  browser = await puppeteer.launch({ executablePath: chromiumPath(), args: ARGS });
  server = await startFakeServer();
  fillList(server);
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

test.each([
  ["the first page", "", "greeting"],
  ["a conversation", "#/c/seed0", "message"],
])(
  "%s",
  async (_, hash, seen) => {
    const page = await browser.newPage();
    const result = await lighthouse(
      `${server.url}${hash}`,
      {
        onlyCategories: ["accessibility", "best-practices"],
        throttlingMethod: "provided",
        disableFullPageScreenshot: true,
      },
      desktopConfig,
      page,
    );
    await page.waitForSelector(`[data-testid=${seen}]`);
    await page.close();
    const { categories, audits, runtimeError } = result?.lhr ?? {};
    expect(runtimeError).toBeUndefined();
    for (const { title, score, auditRefs } of Object.values(categories ?? {})) {
      const costs = auditRefs
        .filter(({ id, weight }) => weight > 0 && (audits?.[id]?.score ?? 1) < 1)
        .map(({ id }) => `${id}: ${audits?.[id]?.title} ${JSON.stringify(audits?.[id]?.details)}`);
      expect((score ?? 0) * 100, `${title}: ${costs.join("\n")}`).toBeGreaterThanOrEqual(LEAST);
    }
    expect(Object.keys(categories ?? {})).toHaveLength(2);
  },
  90_000,
);
