/**
 * `npm run look`: builds nothing, opens `dist` on the fake server in Chromium, and takes a picture of each state into
 * `target/look`. For eyes, not for a test.
 */
import { mkdir } from "node:fs/promises";
import { launch } from "./chromium.mjs";
import { startFakeServer } from "./fake-server.mjs";

const OUT = "target/look";
const wanted = process.argv.slice(2);

await mkdir(OUT, { recursive: true });
const browser = await launch();

const DESKTOP = { width: 1200, height: 800 };
const PHONE = { width: 390, height: 780 };

function seed(server) {
  const titles = [
    ["How TLS keeps a connection private", 0, true],
    ["Anagrams in Python", 0, false],
    ["Moving a meeting", 1, false],
    ["Piano, guitar or ukulele?", 1, false],
    ["A walking tour of Lisbon in two days", 3, false],
    ["Why is the sky blue at noon and red at dusk?", 6, false],
    ["Regular expressions for dates", 9, false],
  ];
  titles.forEach(([title, days, pinned], at) => {
    const model = server.conversation(`seed${at}`);
    model.realTime = false;
    model.clock = Date.now() - days * 86_400_000 - (at + 1) * 600_000;
    model.send({ messageId: `q${at}`, parentId: null, text: `${title}?`, replyId: `a${at}` });
    model.start(`a${at}`);
    model.delta(`a${at}`, "A short answer.");
    model.end(`a${at}`, "completed");
    model.conversation = { ...model.conversation, title, pinned };
    model.realTime = true;
  });
}

async function scene(name, options, play) {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const server = await startFakeServer({ tokensPerSecond: options.tokensPerSecond ?? 400 });
  if (!options.unseeded) seed(server);
  if (options.demo) server.world.assistant.demo = true;
  if (options.models) server.world.models = options.models;
  const context = await browser.newContext({
    viewport: options.phone ? PHONE : DESKTOP,
    deviceScaleFactor: options.phone ? 2 : 1,
    colorScheme: options.dark ? "dark" : "light",
    hasTouch: Boolean(options.phone),
    isMobile: Boolean(options.phone),
    locale: options.locale ?? "en-GB",
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (!/ERR_|WebSocket connection/.test(message.text()))
      console.log(`${name}: ${message.type()} ${message.text()}`);
  });
  page.on("pageerror", (error) => console.log(`${name}: ${error.stack}`));
  const url = server.url.replace("127.0.0.1", "chat.test");
  const say = async (text) => {
    await page.getByTestId("composer").fill(text);
    await page.getByTestId("send").click();
  };
  const ended = () =>
    page
      .locator("[data-role=assistant][data-status=complete], [data-role=assistant][data-status=failed]")
      .last()
      .waitFor();
  try {
    await page.goto(url);
    await page.locator("[data-testid=connection][data-state=open]").waitFor({ state: "attached" });
    await play({ page, server, say, ended, url });
    await page.waitForTimeout(250);
    await page.screenshot({ path: `${OUT}/${name}.png` });
  } catch (problem) {
    console.log(`${name}: ${problem}`);
    await page.screenshot({ path: `${OUT}/${name}.png` });
  }
  await context.close();
  await server.close();
}

await scene("first-visit", { unseeded: true, demo: true }, async () => {});
await scene("first-visit-dark", { dark: true }, async () => {});
await scene("first-visit-phone", { phone: true, demo: true }, async () => {});
for (const dark of [false, true]) {
  await scene(`answer${dark ? "-dark" : ""}`, { dark }, async ({ say, ended, page }) => {
    await say("Explain how TLS keeps a connection private, as if I were a curious ten-year-old.");
    await ended();
    await page.waitForTimeout(900);
  });
  await scene(`streaming${dark ? "-dark" : ""}`, { dark, tokensPerSecond: 60 }, async ({ say, page }) => {
    await say("Explain how TLS keeps a connection private, as if I were a curious ten-year-old.");
    await page.waitForTimeout(1_900);
  });
}
await scene("answer-phone", { phone: true }, async ({ say, ended, page }) => {
  await say("Explain how TLS keeps a connection private.");
  await ended();
  await page.waitForTimeout(900);
});
await scene("answer-top", {}, async ({ say, ended, page }) => {
  await say("Explain how TLS keeps a connection private.");
  await ended();
  await page.getByTestId("thread-scroll").evaluate((element) => element.scrollTo(0, 0));
  await page.waitForTimeout(900);
});
await scene("short", {}, async ({ say, ended }) => {
  await say("Please move my meeting to Thursday.");
  await ended();
});
await scene("formulas", {}, async ({ say, ended, page }) => {
  await say("How do I solve a quadratic equation?");
  await ended();
  await page.waitForTimeout(2_000);
});
await scene("rtl", {}, async ({ say, ended }) => {
  await say("[echo] مرحبا! هذه **إجابة** قصيرة.\n\n- واحد\n- اثنان `code`\n\nAnd English below.");
  await ended();
});
await scene("sidebar-phone", { phone: true }, async ({ page }) => {
  await page.getByTestId("open-sidebar").click();
  await page.waitForTimeout(400);
});
await scene("offline", {}, async ({ say, page, server, url }) => {
  await page.goto(`${url}#/c/seed1`);
  await page.getByTestId("message").first().waitFor();
  server.cut(true);
  await page.waitForTimeout(300);
  await say("And now with a test, please.");
  await say("Also explain the running time.");
  await page.waitForTimeout(5_600);
});
await scene("offline-writing", { tokensPerSecond: 20 }, async ({ say, page, server }) => {
  await say("[long] Tell me about TLS");
  await page.waitForTimeout(2_500);
  server.cut(true);
  await page.waitForTimeout(5_600);
});
await scene("failed", {}, async ({ say, ended }) => {
  await say("[fail] Please move my meeting.");
  await ended();
});
await scene("retrying", {}, async ({ say, page }) => {
  await say("[retry] Please move my meeting.");
  await page.waitForTimeout(1_800);
});
await scene("stalled", {}, async ({ say, page }) => {
  await say("[hang] Explain TLS");
  await page.waitForTimeout(14_000);
});
await scene("starting", {}, async ({ say, page }) => {
  await say("[start] Explain TLS");
  await page.waitForTimeout(2_000);
});
await scene("away", {}, async ({ say, page, server }) => {
  server.assistant({ state: "down", workers: 0 });
  await say("Explain TLS");
  await page.waitForTimeout(2_000);
});
await scene("stopped", { tokensPerSecond: 40 }, async ({ say, page }) => {
  await say("Explain TLS");
  await page.waitForTimeout(1_500);
  await page.getByTestId("stop").click();
  await page.locator("[data-status=cancelled]").waitFor();
});
await scene(
  "waiting",
  {
    tokensPerSecond: 20,
    models: [
      { id: "gpt-example", default: true },
      { id: "gpt-small", default: false },
    ],
  },
  async ({ say, page }) => {
    await say("Explain TLS");
    await page.waitForTimeout(1_000);
    await say("And who invented it?");
    await say("Then make me a quiz of five questions.");
    await page.getByTestId("composer").fill("I am typing");
    await page.waitForTimeout(500);
  },
);
await scene("versions", {}, async ({ say, ended, page }) => {
  await say("Please move my meeting.");
  await ended();
  await page.getByTestId("regenerate").click();
  await page.getByTestId("versions").waitFor();
  await page.getByTestId("message").first().hover();
  await page.getByTestId("edit").click();
});
await scene("menu", {}, async ({ page }) => {
  await page.getByTestId("conversation-item").nth(1).hover();
  await page.getByTestId("conversation-menu").nth(1).click();
});
await scene("deleted", {}, async ({ page }) => {
  await page.getByTestId("conversation-item").nth(1).hover();
  await page.getByTestId("conversation-menu").nth(1).click();
  await page.getByTestId("delete").click();
});
await scene("help", {}, async ({ page }) => {
  await page.getByTestId("help").click();
});
await scene("settings-dark", { dark: true }, async ({ page }) => {
  await page.getByTestId("settings").click();
});
await scene("search", {}, async ({ page }) => {
  await page.getByTestId("search").fill("an");
  await page.getByTestId("search-result").first().waitFor();
});
await scene("narrow", { phone: true }, async ({ say, ended, page }) => {
  await page.setViewportSize({ width: 320, height: 600 });
  await say("Explain TLS");
  await ended();
});
await browser.close();
