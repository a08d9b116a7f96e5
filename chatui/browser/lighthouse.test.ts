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

/** The points of each category, by its id, and what took them. */
async function audit(hash: string, seen: string, spoil?: () => void) {
  const page = await browser.newPage();
  if (spoil) await page.evaluateOnNewDocument(spoil);
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
  return Object.entries(categories ?? {}).map(([id, { score, auditRefs }]) => ({
    id,
    points: (score ?? 0) * 100,
    costs: auditRefs
      .filter(({ id, weight }) => weight > 0 && (audits?.[id]?.score ?? 1) < 1)
      .map(({ id }) => `${id}: ${audits?.[id]?.title} ${JSON.stringify(audits?.[id]?.details)}`),
  }));
}

test.each([
  ["the first page", "", "greeting"],
  ["a conversation", "#/c/seed0", "message"],
])(
  "%s",
  async (_, hash, seen) => {
    const categories = await audit(hash, seen);
    expect(categories.map(({ id }) => id)).toEqual(["accessibility", "best-practices"]);
    for (const { id, points, costs } of categories) {
      expect(points, `${id}: ${costs.join("\n")}`).toBeGreaterThanOrEqual(LEAST);
    }
  },
  300_000,
);

test("what is bad on a page costs points in both", async () => {
  const categories = await audit("", "greeting", () => {
    addEventListener("DOMContentLoaded", () => {
      document.documentElement.removeAttribute("lang");
      const input = document.createElement("input");
      input.addEventListener("paste", (event) => event.preventDefault());
      document.body.append(input, document.createElement("button"), document.createElement("img"));
      console.error("an error in the console");
    });
  });
  for (const { id, points } of categories) {
    expect(points, id).toBeLessThan(LEAST);
  }
}, 300_000);
