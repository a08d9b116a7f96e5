/** The page takes its scripts and styles as they were built, and in no other form. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../dev/chromium.mjs";
import { startFakeServer } from "../dev/fake-server.mjs";

let browser: Browser;
let server: Awaited<ReturnType<typeof startFakeServer>>;

beforeAll(async () => {
  browser = await launch();
  server = await startFakeServer();
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

test("a script or a style that was changed on its way is not taken", async () => {
  const page = await browser.newPage();
  await page.goto(server.url);
  // Parts of the page that are fetched later bring styles of their own, by names that are in what was checked.
  const named = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLScriptElement | HTMLLinkElement>("head [integrity]")].map((element) =>
      "src" in element ? element.src : element.href,
    ),
  );
  expect(named.map((address) => /\.\w+$/.exec(address)?.[0]).sort()).toEqual([".css", ".js", ".js"]);
  await page.getByTestId("composer").waitFor();

  for (const address of named) {
    const refused: string[] = [];
    const other = await browser.newPage();
    other.on("console", (message) => {
      if (message.text().includes("integrity")) refused.push(message.text());
    });
    await other.route(address, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: `${await answer.text()}\n` });
    });
    await other.goto(server.url);
    await expect.poll(() => refused.join(), { message: address }).toContain(address);
    await other.close();
  }
});
