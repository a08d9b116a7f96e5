/** A conversation is shared by a link, read by a stranger, and taken back. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { afterEach, describe, expect, test } from "vitest";
import { PATIENCE } from "../dev/chromium.mjs";
import { until, useChat } from "./chat";
import { useStranger } from "./stranger";

const chat = useChat();
const elsewhere = useStranger();
let readers: Page[] = [];

afterEach(async () => {
  const all = readers;
  readers = [];
  await Promise.all(all.map((page) => page.context().close()));
});

/** Somebody else's browser, in which nothing is kept. */
async function newReader(): Promise<Page> {
  const browser = chat.page.context().browser();
  if (!browser) throw new Error("no browser");
  const page = await (await browser.newContext({ locale: "en-GB" })).newPage();
  page.setDefaultTimeout(PATIENCE);
  readers.push(page);
  return page;
}

/** Opens an address there. */
async function stranger(address: string): Promise<Page> {
  const page = await newReader();
  await page.goto(address);
  return page;
}

async function openDialog(): Promise<void> {
  await chat.page.getByTestId("conversation-item").first().hover();
  await chat.page.getByTestId("conversation-menu").first().click();
  await chat.page.getByTestId("share").click();
}

/** Shares the only conversation. Leaves the dialog open. */
async function share(): Promise<string> {
  await openDialog();
  await chat.page.getByTestId("create-link").click();
  return chat.page.getByTestId("share-link").inputValue();
}

const shownTo = (reader: Page) => reader.getByTestId("message-text").allInnerTexts();
const gone = (reader: Page, why = "gone") =>
  reader.locator(`[data-testid=nothing-shared][data-why=${why}]`).waitFor();

describe("sharing", () => {
  test("a stranger reads the conversation, and gets neither session nor socket nor cookie", async () => {
    await chat.say("Please move my meeting.");
    await chat.answered();
    const address = await share();
    expect(address).toMatch(/\/#\/s\/07[0-9a-f]{32}$/);

    const page = await newReader();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    page.on("websocket", (socket) => asked.push(`socket ${socket.url()}`));
    await page.goto(address);
    await page.getByTestId("message").nth(1).waitFor();
    expect(await page.getByTestId("shared-title").innerText()).toBe("Please move my meeting.");
    expect(await page.title()).toBe("Please move my meeting. · Parley");
    expect(await page.getByTestId("shared-on").innerText()).toMatch(/^Shared on \d+ \S+ 20\d\d/);
    expect((await shownTo(page))[0]).toBe("Please move my meeting.");
    expect(await page.getByTestId("composer").count()).toBe(0);
    expect(await page.context().cookies()).toEqual([]);
    expect(asked.filter((what) => /socket|POST|session/.test(what))).toEqual([]);
    expect(asked.filter((what) => what.includes("/api/"))).toHaveLength(1);
    expect(chat.server.world.readers.map(({ cookie, referer }) => [cookie, referer])).toEqual([
      [undefined, expect.not.stringContaining(address.slice(-34))],
    ]);
  });

  test("what is written later is shown when the owner says so", async () => {
    await chat.say("First");
    await chat.answered();
    const address = await share();
    await chat.page.keyboard.press("Escape");
    await chat.say("Second");
    await chat.answered(2);
    const reader = await stranger(address);
    await reader.getByTestId("message").nth(1).waitFor();
    expect(await reader.getByTestId("message").count()).toBe(2);

    await openDialog();
    await chat.page.getByTestId("share-newer").waitFor();
    await chat.page.getByTestId("update-link").click();
    await expect
      .poll(() => chat.page.getByTestId("share-status").innerText())
      .toBe("The link shows the conversation as it is now.");
    await chat.page.getByTestId("share-newer").waitFor({ state: "detached" });
    expect(await chat.page.getByTestId("share-link").inputValue()).toBe(address);
    await reader.reload();
    await expect.poll(() => reader.getByTestId("message").count()).toBe(4);
  });

  test("the link is copied", async () => {
    await chat.say("First");
    await chat.answered();
    const address = await share();
    await chat.page.getByTestId("copy-link").click();
    await expect.poll(() => chat.page.getByTestId("share-status").innerText()).toBe("Copied");
    await chat.page.keyboard.press("Escape");
    await chat.page.getByTestId("composer").focus();
    await chat.page.keyboard.press("Control+v");
    await expect.poll(() => chat.page.getByTestId("composer").inputValue()).toBe(address);
  });

  test("it is taken back, and whoever has the link reads that there is nothing", async () => {
    await chat.say("First");
    await chat.answered();
    const address = await share();
    await chat.page.getByTestId("stop-sharing").click();
    await chat.page.getByTestId("create-link").waitFor();
    expect(await chat.page.getByTestId("share-status").innerText()).toBe("The link is no longer good.");
    const reader = await stranger(address);
    await gone(reader);
    expect(await reader.title()).toBe("Parley");

    const next = await (async () => {
      await chat.page.getByTestId("create-link").click();
      return chat.page.getByTestId("share-link").inputValue();
    })();
    expect(next).not.toBe(address);
    await reader.goto(next);
    await reader.getByTestId("message").first().waitFor();
  });

  test("all of it goes without a mouse", async () => {
    await chat.say("First");
    await chat.answered();
    const focused = (testid: string) =>
      expect
        .poll(() => chat.page.evaluate(() => document.activeElement?.getAttribute("data-testid")))
        .toBe(testid);
    const { keyboard } = chat.page;
    await chat.page.getByTestId("conversation-link").first().focus();
    await keyboard.press("Tab");
    await focused("conversation-menu");
    await keyboard.press("Enter");
    await focused("pin");
    await keyboard.press("ArrowDown");
    await keyboard.press("ArrowDown");
    await focused("share");
    await keyboard.press("Enter");
    await focused("create-link");
    await keyboard.press("Enter");
    await focused("copy-link");
    await keyboard.press("Tab");
    await focused("stop-sharing");
    await keyboard.press("Enter");
    await focused("create-link");
    await keyboard.press("Escape");
    await chat.page.getByTestId("share-dialog").waitFor({ state: "detached" });
    await focused("conversation-menu");
  });

  test("the settings list all links, and end them", async () => {
    await chat.say("First");
    await chat.answered();
    const address = await share();
    await chat.page.keyboard.press("Escape");
    await chat.page.getByTestId("settings").click();
    const item = chat.page.getByTestId("share-item");
    await item.waitFor();
    expect(await item.getByRole("link").getAttribute("href")).toBe(address);
    await item.getByRole("button", { name: "Stop sharing: First" }).press("Enter");
    await item.waitFor({ state: "detached" });
    expect(await chat.page.getByTestId("share-links-status").innerText()).toBe("The link is no longer good.");
    expect(chat.server.world.links.size).toBe(0);
    // The focus is where the list was, not behind the dialog.
    expect(await chat.page.evaluate(() => document.activeElement?.id)).toBe("share-links");
    await gone(await stranger(address));
  });

  test("where links are not allowed nothing is offered, and a reader is told so", async () => {
    chat.server.world.share = false;
    await chat.page.reload();
    await chat.connected();
    await chat.say("First");
    await chat.answered();
    await chat.page.getByTestId("conversation-item").first().hover();
    await chat.page.getByTestId("conversation-menu").first().click();
    await chat.page.getByTestId("pin").waitFor();
    expect(await chat.page.getByTestId("share").count()).toBe(0);
    await gone(await stranger(new URL(`#/s/07${"a".repeat(32)}`, chat.server.url).href), "off");
  });

  test("a server that stays away is told of in the dialog, which can be asked again", async () => {
    await chat.say("First");
    await chat.answered();
    chat.server.world.refusing = true;
    await openDialog();
    await expect
      .poll(() => chat.page.getByTestId("share-status").innerText())
      .toBe("That did not work just now. Please try again.");
    chat.server.world.refusing = false;
    await chat.page.getByTestId("share-retry").click();
    await chat.page.getByTestId("create-link").waitFor();
  });
});

describe("reading", () => {
  test("other versions can be read, of questions and of answers", async () => {
    await chat.say("First");
    await chat.answered();
    await chat.page.getByTestId("regenerate").click();
    await chat.page.getByTestId("versions").waitFor();
    await chat.answered();
    const reader = await stranger(await share());
    const count = reader.getByTestId("version-count");
    await count.getByText("2/2").waitFor();
    const second = await reader.getByTestId("message").nth(1).getAttribute("data-message-id");
    await reader.getByTestId("previous-version").press("Enter");
    await count.getByText("1/2").waitFor();
    expect(await reader.getByTestId("message").nth(1).getAttribute("data-message-id")).not.toBe(second);
    // Whoever uses no mouse goes on from where he was.
    expect(await reader.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe(
      "next-version",
    );
  });

  test("a long conversation comes in pages, and what is read stays where it is", async () => {
    const model = chat.server.conversation("long");
    for (let i = 1; i <= 90; i++) {
      model.send({
        messageId: `q${i}`,
        parentId: i === 1 ? null : `a${i - 1}`,
        text: `Question ${i}`,
        replyId: `a${i}`,
      });
      model.start(`a${i}`);
      model.delta(`a${i}`, `Answer ${i}`);
      model.end(`a${i}`, "completed");
    }
    const token = `07${"b".repeat(32)}`;
    const link = { conversationId: "long", token, title: "Long", sharedAt: new Date().toISOString() };
    chat.server.world.links.set(token, { ...link, count: 180 });
    const reader = await stranger(new URL(`#/s/${token}`, chat.server.url).href);
    const first = reader.locator("[data-message-id=q41]");
    await first.waitFor();
    const before = await first.boundingBox();
    await reader.getByTestId("older").press("Enter");
    await reader.locator("[data-message-id=q1]").waitFor();
    const after = await first.boundingBox();
    // But for the button, which is gone now.
    expect(Math.abs((after?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(80);
    expect(await reader.getByTestId("message").count()).toBe(180);
    await reader.getByTestId("older").waitFor({ state: "detached" });
    expect(await reader.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe(
      "shared-title",
    );
  });

  test("without a network the reader is told so, and can try again", async () => {
    await chat.say("First");
    await chat.answered();
    const address = await share();
    chat.server.world.refusing = true;
    const reader = await stranger(address);
    await gone(reader, "away");
    chat.server.world.refusing = false;
    await reader.getByTestId("retry").click();
    await reader.getByTestId("message").first().waitFor();
  });

  test("from there one gets to a chat of one's own, and back", async () => {
    await chat.say("First");
    await chat.answered();
    const address = await share();
    const reader = await stranger(address);
    await reader.getByTestId("message").first().waitFor();
    await reader.getByTestId("start-own").click();
    await chat.connected(reader);
    await reader.getByTestId("composer").waitFor();
    expect(await reader.getByTestId("reader").count()).toBe(0);
    expect(await reader.context().cookies()).toHaveLength(1);
    await reader.goBack();
    await reader.getByTestId("shared-title").waitFor();
    expect(await reader.getByTestId("composer").count()).toBe(0);
    // The app has ended with its page.
    await until(() => chat.server.world.sockets.size === 1);
    // With a session of one's own it is read as by anybody.
    expect(chat.server.world.readers.every(({ cookie }) => cookie === undefined)).toBe(true);
  });

  test("where the reader's page can't be loaded it is told, and the app can be", async () => {
    await chat.say("First");
    await chat.answered();
    const address = await share();
    const reader = await stranger(chat.server.url);
    await reader.route(/\/assets\/Reader-/, (route) => route.abort());
    await reader.goto(address);
    await reader.getByText("That did not work just now. Please try again.").waitFor();
    await reader.goto(new URL("#/", address).href);
    await chat.connected(reader);
    expect(await reader.getByText("That did not work just now").count()).toBe(0);
  });

  test("who goes on to the app before the reader's page is there gets the app alone", async () => {
    await chat.say("First");
    await chat.answered();
    const address = await share();
    await chat.page.keyboard.press("Escape");
    const reader = await stranger("about:blank");
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let asked = false;
    await reader.route(/\/assets\/Reader-/, async (route) => {
      asked = true;
      await held;
      await route.continue();
    });
    await reader.goto(address, { waitUntil: "commit" });
    await until(() => asked);
    await reader.evaluate(() => {
      location.hash = "#/";
    });
    await chat.connected(reader);
    const loaded = reader.waitForResponse(/\/assets\/Reader-/);
    release();
    await (await loaded).finished();
    await chat.say("Hello", reader);
    await chat.answered(1, reader);
    expect(await reader.getByTestId("reader").count()).toBe(0);
  });

  test("one link leads to another", async () => {
    await chat.say("First");
    await chat.answered();
    const reader = await stranger(await share());
    await reader.getByTestId("shared-title").getByText("First").waitFor();
    await reader.evaluate(() => {
      location.hash = "#/s/0700";
    });
    await gone(reader);
    await reader.goBack();
    await reader.getByTestId("shared-title").getByText("First").waitFor();
  });

  test("what a model wrote is as harmless here as anywhere", async () => {
    const evil = `${elsewhere.address()}/evil`;
    chat.server.world.answer = {
      text: `Look: ![x](${evil}.png) <img src="${evil}" onerror="document.title='owned'"><script>document.title="owned"</script> [go](javascript:document.title='owned')`,
    };
    await chat.say("<img src=x onerror=\"document.title='owned'\">");
    await chat.answered();
    const reader = await stranger(await share());
    await reader.getByTestId("message").nth(1).waitFor();
    expect((await shownTo(reader))[0]).toBe("<img src=x onerror=\"document.title='owned'\">");
    expect(
      await reader.locator("[data-testid=thread] :is(img, script, iframe, a[href^=javascript])").count(),
    ).toBe(0);
    expect(await reader.title()).toMatch(/^<img src=x/);
    expect(elsewhere.asked()).toEqual([]);
  });

  test("it fits 320 pixels", async () => {
    await chat.say("Explain TLS");
    await chat.answered();
    const reader = await stranger(await share());
    await reader.setViewportSize({ width: 320, height: 600 });
    await reader.getByTestId("message").nth(1).waitFor();
    const { width, height } = await reader
      .getByTestId("reader")
      .evaluate(({ scrollWidth, scrollHeight }) => ({ width: scrollWidth, height: scrollHeight }));
    expect(width).toBeLessThanOrEqual(320);
    expect(height).toBeGreaterThan(600);
    const link = await reader.getByTestId("start-own").boundingBox();
    expect((link?.x ?? 0) + (link?.width ?? 0)).toBeLessThanOrEqual(320);
  });

  test("right-to-left and in the dark it is as good", async () => {
    chat.server.world.answer = { text: "# مرحبا\n\nهذا جواب." };
    await chat.say("ما هو TLS؟");
    await chat.answered();
    const reader = await stranger(await share());
    await reader.emulateMedia({ colorScheme: "dark" });
    await reader.getByTestId("message").nth(1).waitFor();
    const directions = await reader
      .locator("[data-testid=shared-title], .bubble, .markdown h1, .markdown h2, .markdown p")
      .evaluateAll((all) => all.map((one) => getComputedStyle(one).direction));
    expect(new Set(directions)).toEqual(new Set(["rtl"]));
    const { violations } = await new AxeBuilder({ page: reader }).analyze();
    expect(violations.map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html)}`)).toEqual([]);
  });
});
