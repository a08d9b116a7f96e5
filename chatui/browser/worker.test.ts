/** The page as something that is installed, opens without a network, and is renewed while people use it. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { launch, PATIENCE } from "../dev/chromium.mjs";
import { startFakeServer } from "../dev/fake-server.mjs";
import { anotherBuild, idOf } from "./builds";

let browser: Browser;
let context: BrowserContext;
let server: Awaited<ReturnType<typeof startFakeServer>>;
let own: string;
let another: Awaited<ReturnType<typeof anotherBuild>>;
let wrongs: string[];

beforeAll(async () => {
  browser = await launch();
  own = await idOf();
  another = await anotherBuild();
}, 60_000);

afterAll(async () => {
  await browser.close();
  await rm(another.dist, { recursive: true });
});

beforeEach(async () => {
  server = await startFakeServer({ tokensPerSecond: 300 });
  wrongs = [];
  await begin();
});

async function begin(options: BrowserContextOptions = {}): Promise<void> {
  context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE);
  context.on("weberror", (problem) => wrongs.push(`${problem.error().stack}`));
  context.on("console", (message) => {
    if (/Content Security Policy|Trusted ?Type/.test(message.text())) wrongs.push(message.text());
  });
}

afterEach(async () => {
  await context.close();
  await server.close();
  expect(wrongs).toEqual([]);
});

/** Opens the page, and waits until its worker has all that it keeps. */
async function visit(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  // This page's lock says that it uses its files.
  await expect
    .poll(() => page.evaluate(async () => (await navigator.locks.query()).held?.map(({ name }) => name)))
    .toContain(`parley ${server.url} ${await buildOf(page)}`);
  return page;
}

const buildOf = (page: Page) => page.evaluate(() => document.documentElement.dataset.build);
const caches = (page: Page) => page.evaluate(() => self.caches.keys());
const nameOf = (id: string) => `parley ${server.url} ${id}`;

/** The addresses in all caches, without the server's. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const all: string[] = [];
    for (const name of await self.caches.keys()) {
      const cache = await self.caches.open(name);
      all.push(...(await cache.keys()).map(({ url }) => url.replace(location.origin, "")));
    }
    return all;
  });

/** Comes back to the server as after an hour in another window. */
async function lookAgain(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then((registration) => registration.update()));
}

/** Sends a message, and waits for its whole answer. */
async function say(page: Page, text: string): Promise<void> {
  const answers = page.locator("[data-role=assistant][data-status=complete]");
  const before = await answers.count();
  await page.getByTestId("composer").fill(text);
  await page.getByTestId("composer").press("Enter");
  await answers.nth(before).waitFor();
}

test("Chromium offers to install it, and finds nothing wrong with the manifest", async () => {
  const page = await visit();
  const devtools = await context.newCDPSession(page);
  const { errors, manifest } = await devtools.send("Page.getAppManifest");
  expect(errors).toEqual([]);
  expect(manifest).toMatchObject({ startUrl: server.url, scope: server.url, display: "kStandalone" });
  // A private window, as those of tests are, installs nothing at all; apart from that nothing is in the way.
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  expect(installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito")).toEqual([]);
});

test("after one visit it opens without a network, with what was written", async () => {
  const page = await visit();
  await page.getByTestId("composer").fill("Half a thought");
  await server.close();
  await page.reload();
  await expect.poll(() => page.getByTestId("composer").inputValue()).toBe("Half a thought");
  await page.getByTestId("composer").press("Enter");
  await page.locator("[data-role=user][data-status=saved]").waitFor();
  await page.getByTestId("settings").click();
  await page.getByTestId("settings-dialog").waitFor();
  await page.getByTestId("language").selectOption("de");
  await page.getByTestId("export-all").filter({ hasText: "Alles exportieren" }).waitFor();
});

test("every file that a kept script asks for is kept with it", async () => {
  const page = await visit();
  const kept = await page.evaluate(
    async (name) => {
      const cache = await self.caches.open(name);
      const paths = (await cache.keys()).map(({ url }) => new URL(url).pathname.slice(1));
      const texts = await Promise.all(
        paths.map(async (path) =>
          path.endsWith(".js") ? await (await cache.match(`/${path}`))?.text() : "",
        ),
      );
      return paths.map((path, i) => ({ path, text: texts[i] ?? "" }));
    },
    nameOf((await buildOf(page)) ?? ""),
  );
  const paths = kept.map(({ path }) => path);
  const asked = kept.flatMap(({ text }) =>
    [...text.matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)].map(([, file]) => `assets/${file}`),
  );
  expect(asked.length).toBeGreaterThan(3);
  expect(asked.filter((file) => !paths.includes(file))).toEqual([]);
});

test("what the server says to a person is in no cache", async () => {
  const page = await visit();
  await say(page, "Explain TLS");
  await page.getByTestId("search").fill("sealed");
  await page.getByTestId("search-result").first().waitFor();
  await page.reload();
  await page.locator("[data-role=assistant][data-status=complete]").waitFor();
  await page.locator(".code .hl-keyword").first().waitFor();
  const all = await kept(page);
  expect(all).toContain("/");
  expect(all.filter((path) => path.startsWith("/assets/python-"))).toHaveLength(1);
  expect(
    all.filter((path) => !/^\/(assets\/[\w.-]+|theme\.js|manifest\.json|icon[\w-]*\.(svg|png))?$/.test(path)),
  ).toEqual([]);
});

test("a page that the server can't give is not kept, and the kept one is shown for it", async () => {
  const page = await visit();
  server.world.errorPage = 502;
  await page.reload();
  await page.getByTestId("composer").waitFor();
  await lookAgain(page).catch(() => {});
  server.world.errorPage = 403;
  await page.reload();
  await expect.poll(() => page.title()).toBe("Bad gateway");
  server.world.errorPage = null;
  await page.reload();
  await page.locator("[data-testid=connection][data-state=open]").waitFor({ state: "attached" });
  await server.close();
  await page.reload();
  await page.getByTestId("composer").waitFor();
});

test("another build is told, and loaded when the person says so: nothing is lost", async () => {
  const page = await visit();
  for (const question of ["Explain TLS", "Explain TLS again", "And once more, explain TLS"]) {
    await say(page, question);
  }
  const address = page.url();
  await page.getByTestId("composer").fill("Half a thought");
  await page.getByTestId("thread-scroll").hover();
  await page.mouse.wheel(0, -600);
  await page.getByTestId("to-end").waitFor();
  // Until the wheel has come to rest.
  let place = Number.NaN;
  const second = page.locator("[data-role=user]").nth(1);
  const now = () =>
    second.evaluate((message) => {
      const scroller = message.closest(".thread-scroll")?.getBoundingClientRect().top ?? 0;
      return message.getBoundingClientRect().top - scroller;
    });
  await expect
    .poll(async () => {
      const before = place;
      place = await now();
      return place === before;
    })
    .toBe(true);

  server.world.dist = another.dist;
  await lookAgain(page);
  await page.getByTestId("new-version").waitFor();
  expect(await buildOf(page)).toBe(own);
  expect(await caches(page)).toEqual([nameOf(own), nameOf(another.id)]);
  place = await now();

  await page.getByTestId("load-new-version").press("Enter");
  await expect.poll(() => buildOf(page).catch(() => null)).toBe(another.id);
  await expect.poll(() => caches(page)).toEqual([nameOf(another.id)]);
  expect(page.url()).toBe(address);
  expect(await page.getByTestId("composer").inputValue()).toBe("Half a thought");
  await expect.poll(async () => Math.abs((await now()) - place)).toBeLessThan(2);
  await page.getByTestId("to-end").waitFor();
  expect(await page.getByTestId("new-version").count()).toBe(0);
});

test("another build is looked for after an outage", async () => {
  const page = await visit();
  server.cut(true);
  await page.getByTestId("away-tag").waitFor();
  server.world.dist = another.dist;
  server.restore();
  await page.getByTestId("new-version").waitFor();
});

test("another build is looked for when the page is seen again, but not all the time", async () => {
  const page = await visit();
  const seenAgainIn = (milliseconds: number) =>
    page.evaluate((later) => {
      const now = Date.now;
      Date.now = () => now() + later;
      document.dispatchEvent(new Event("visibilitychange"));
    }, milliseconds);
  // One is asked for after the other, so that of the visit itself is over.
  await lookAgain(page);
  server.world.dist = another.dist;
  const workers = () => server.world.files.filter((path) => path === "/sw.js").length;
  const before = workers();
  await seenAgainIn(1_800_000);
  // What is asked for by the page comes after what the worker would have asked for.
  await page.evaluate(() => fetch("./theme.js", { cache: "no-store" }));
  expect(workers()).toBe(before);
  await seenAgainIn(1_900_000);
  await page.getByTestId("new-version").waitFor();
  expect(workers()).toBe(before + 1);
});

test("a page that came with another build before its worker needs no reload", async () => {
  await (await visit()).close();
  server.world.dist = another.dist;
  const page = await visit();
  expect(await buildOf(page)).toBe(another.id);
  // The one before it goes when the new one has taken over.
  await expect.poll(() => caches(page)).toEqual([nameOf(another.id)]);
  expect(await page.getByTestId("new-version").count()).toBe(0);
});

test("a tab that stays with its build has its files, until it is closed", async () => {
  const stays = await visit();
  const page = await visit();
  server.world.dist = another.dist;
  await lookAgain(page);
  await page.getByTestId("load-new-version").click();
  await expect.poll(() => buildOf(page).catch(() => null)).toBe(another.id);
  // It is told, too, and goes on with what the server no longer has.
  await stays.getByTestId("new-version").waitFor();
  await say(stays, "Still here?");
  const file = await stays.evaluate(async (name) => {
    const old = await (await self.caches.open(name)).keys();
    const address = old.map(({ url }) => url).find((url) => url.includes("/assets/dialogs-")) ?? "";
    return { status: (await fetch(address)).status, address };
  }, nameOf(own));
  expect(file.status).toBe(200);
  const asked = await context.request.get(file.address);
  expect(asked.status()).toBe(404);
  expect(await caches(page)).toEqual([nameOf(own), nameOf(another.id)]);

  await stays.close();
  await page.reload();
  await expect.poll(() => caches(page)).toEqual([nameOf(another.id)]);
});

test("a server that is renewed in the middle is no build: the old one stays", async () => {
  const page = await visit();
  // A replica that has the new worker and not yet all of the files.
  const mixed = await anotherBuild();
  try {
    await rm(`${mixed.dist}/theme.js`);
    server.world.dist = mixed.dist;
    await lookAgain(page).catch(() => {});
    await expect
      .poll(() =>
        page.evaluate(async () => {
          const { installing, waiting } = await navigator.serviceWorker.ready;
          return installing === null && waiting === null;
        }),
      )
      .toBe(true);
    expect(await page.getByTestId("new-version").count()).toBe(0);
    await server.close();
    await page.reload();
    await page.getByTestId("composer").waitFor();
    expect(await buildOf(page)).toBe(own);
  } finally {
    await rm(mixed.dist, { recursive: true });
  }
});

test("a part that can't be fetched says so, and is offered again", async () => {
  await context.close();
  await begin({ serviceWorkers: "block" });
  const page = await context.newPage();
  let gone = true;
  await page.route("**/assets/dialogs-*", (route) => (gone ? route.abort() : route.continue()));
  await page.goto(server.url);
  await page.getByTestId("settings").click();
  const notice = page.getByTestId("notice");
  await notice.filter({ hasText: "could not be fetched" }).waitFor();
  gone = false;
  await Promise.all([page.waitForEvent("load"), notice.getByRole("button").click()]);
  await page.getByTestId("settings").click();
  await page.getByTestId("settings-dialog").waitFor();
});

test("a part that an answer needs and that is nowhere any more is told of, and loaded with the page", async () => {
  await context.close();
  await begin({ serviceWorkers: "block" });
  const page = await context.newPage();
  let gone = true;
  let asked = 0;
  await page.route("**/assets/typeset-*", (route) => {
    asked++;
    return gone ? route.fulfill({ status: 404 }) : route.continue();
  });
  // What tells of it is loaded when the page is idle, and that may be after the answer.
  let answered = () => {};
  const isAnswered = new Promise<void>((resolve) => {
    answered = resolve;
  });
  await page.route("**/assets/Updates-*.js", (route) => isAnswered.then(() => route.continue()));
  await page.goto(server.url);
  await say(page, "How do I solve a quadratic equation?");
  await expect.poll(() => asked).toBeGreaterThan(0);
  answered();
  const line = page.getByTestId("new-version").filter({ hasText: "could not be fetched" });
  await line.waitFor();
  gone = false;
  await line.getByRole("button").press("Enter");
  await page.locator(".formula.set").first().waitFor();
  await expect.poll(() => line.count()).toBe(0);
});

test("a broken worker is removed by the one that docs/operations.md gives", async () => {
  const page = await visit();
  const docs = await readFile(fileURLToPath(new URL("../../docs/operations.md", import.meta.url)), "utf8");
  const remover = /```js\n(\/\/ sw\.js[\s\S]*?)```/.exec(docs)?.[1];
  expect(remover).toBeDefined();
  const repaired = await anotherBuild();
  await writeFile(`${repaired.dist}/sw.js`, remover ?? "");
  server.world.dist = repaired.dist;
  await lookAgain(page);
  await expect.poll(() => caches(page)).toEqual([]);
  await expect
    .poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length))
    .toBe(0);
  await rm(repaired.dist, { recursive: true });
});
