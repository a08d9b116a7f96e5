import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launch } from "../dev/chromium.mjs";
import { startFakeServer } from "../dev/fake-server.mjs";

// biome-ignore lint/suspicious/noExplicitAny: the fake server is plain JavaScript
type Fake = any;

let browser: Browser;
let server: Fake;
let context: BrowserContext;
let page: Page;
let url: string;
/** What the page did that it must never do. */
let wrongs: string[];

beforeAll(async () => {
  browser = await launch();
});

afterAll(() => browser.close());

beforeEach(async () => {
  server = await startFakeServer({ tokensPerSecond: 300 });
  // Plain http under a name that is not localhost: no locks, no clipboard, no randomUUID.
  url = server.url.replace("127.0.0.1", "chat.test");
  wrongs = [];
  await open();
});

afterEach(async () => {
  await context.close();
  await server.close();
  expect(wrongs).toEqual([]);
});

async function open(options: BrowserContextOptions = {}): Promise<void> {
  await context?.close().catch(() => {});
  context = await browser.newContext({ locale: "en-GB", ...options });
  page = await context.newPage();
  watch(page);
  await page.goto(url);
  await connected();
}

function watch(one: Page): void {
  one.on("pageerror", (error) => wrongs.push(`${error}`));
  one.on("console", (message) => {
    if (/Content Security Policy|Trusted/.test(message.text())) wrongs.push(message.text());
  });
  one.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && host !== new URL(url).host) wrongs.push(`asked for ${request.url()}`);
  });
}

const connected = (one = page) =>
  one.locator("[data-testid=connection][data-state=open]").waitFor({ state: "attached" });
const messages = (role: string, status = "", one = page) =>
  one.locator(`[data-testid=message][data-role=${role}]${status && `[data-status=${status}]`}`);
const answered = (count = 1, one = page) =>
  messages("assistant", "complete", one)
    .nth(count - 1)
    .waitFor();

async function say(text: string, one = page): Promise<void> {
  await one.getByTestId("composer").fill(text);
  await one.getByTestId("composer").press("Enter");
  await one.getByTestId("composer").evaluate(
    (field) =>
      new Promise<void>((resolve) => {
        const check = () =>
          (field as HTMLTextAreaElement).value === "" ? resolve() : requestAnimationFrame(check);
        check();
      }),
  );
}

const conversationId = (): string => new URL(page.url()).hash.replace("#/c/", "");
const sends = (): { messageId: string; text: string }[] =>
  server.world.received.filter((frame: { type: string }) => frame.type === "send");
const until = (check: () => boolean) => expect.poll(check, { timeout: 15_000 }).toBe(true);

test("the page is in an insecure context, as most will first open it", async () => {
  await expect.poll(() => page.evaluate(() => isSecureContext)).toBe(false);
});

describe("a conversation", () => {
  test("a question is answered, listed and found again after a reload", async () => {
    await say("Please move my meeting.");
    await answered();
    await expect.poll(() => messages("assistant").innerText()).toContain("Thursday at the same time");
    await page.getByTestId("conversation-item").waitFor();
    await page.reload();
    await answered();
    await expect.poll(() => messages("user").innerText()).toContain("Please move my meeting.");
  });

  test("an answer appears while it is written, and goes on after a reload", async () => {
    server.world.tokensPerSecond = 25;
    await say("Explain TLS");
    await messages("assistant", "writing").waitFor();
    await page.reload();
    await messages("assistant", "writing").waitFor();
    server.world.tokensPerSecond = 500;
    await answered();
    await expect
      .poll(() => page.getByTestId("thread").innerText())
      .toContain("a sealed envelope for every letter after that.");
  });

  test("a socket that breaks in the middle loses nothing, without a reload", async () => {
    server.world.tokensPerSecond = 60;
    await say("Explain TLS");
    await messages("assistant", "writing").waitFor();
    server.cut();
    await answered();
    const whole = server.conversation(conversationId()).snapshot().messages.at(-1).text as string;
    for (const word of ["sealed tunnel", "Diffie", "shared_secret(5, 23, 15, 8)", "sealed envelope"]) {
      expect(whole).toContain(word);
      await expect.poll(() => messages("assistant").innerText()).toContain(word);
    }
    const subscribes = server.world.received.filter((frame: { type: string }) => frame.type === "subscribe");
    expect(subscribes.at(-1).after).toBeDefined();
  });

  test("Stop is in the place of Send and keeps what is there", async () => {
    server.world.tokensPerSecond = 20;
    await say("Explain TLS");
    await messages("assistant", "writing").waitFor();
    await expect.poll(() => page.getByTestId("send").count()).toBe(0);
    await page.getByTestId("stop").click();
    await messages("assistant", "cancelled").waitFor();
    await expect.poll(() => messages("assistant").innerText()).toContain("TLS");
    await page.getByTestId("send").waitFor();
  });

  test("a failed answer says why in plain words and can be tried again", async () => {
    await say("[fail] now");
    const failed = messages("assistant", "failed");
    await failed.waitFor();
    await expect
      .poll(() => failed.getByTestId("reply-state").innerText())
      .toContain("The provider refused the key");
    await failed.getByTestId("retry").click();
    await page.getByTestId("versions").waitFor();
    await expect.poll(() => page.getByTestId("version-count").innerText()).toBe("2/2");
  });

  test("an answer that is tried again later says when", async () => {
    await say("[retry] now");
    const state = messages("assistant", "retrying").getByTestId("reply-state");
    await state.waitFor();
    await expect.poll(() => state.innerText()).toMatch(/asks to slow down. Trying again in \ds\./);
    await page.getByTestId("stop").click();
    await messages("assistant", "cancelled").waitFor();
  });

  test("while others are before it a question says how many, until its answer starts", async () => {
    server.world.busy = true;
    await say("Hello?");
    const state = messages("assistant", "queued").getByTestId("reply-state");
    await state.waitFor();
    const id = conversationId();
    const replyId = server.conversation(id).replies[0].replyId;
    server.queue(id, replyId, 12);
    await expect.poll(() => state.innerText()).toContain("about 12 before yours");
    server.queue(id, "of-another", 40);
    server.queue(id, replyId, 3);
    await expect.poll(() => state.innerText()).toContain("about 3 before yours");
    server.queue(id, replyId, 0);
    await expect.poll(() => state.innerText()).toContain("yours is one of the next");
    server.world.busy = false;
    await answered();
    server.queue(id, replyId, 5);
    await say("And now?");
    await answered(2);
    await expect.poll(() => page.getByTestId("thread").innerText()).not.toContain("before yours");
  });

  test("while the assistant is away a question is stored and says so", async () => {
    server.assistant({ state: "down", workers: 0 });
    await say("Hello?");
    const state = messages("assistant", "queued").getByTestId("reply-state");
    await state.waitFor();
    await expect.poll(() => state.innerText()).toContain("The assistant is away");
    server.assistant({ state: "up", workers: 1 });
    await answered();
  });
});

describe("versions", () => {
  test("writing again makes a second version, and both can be read", async () => {
    await say("Please move my meeting.");
    await answered();
    await page.getByTestId("regenerate").click();
    await page.getByTestId("versions").waitFor();
    await page.getByRole("button", { name: "Previous version" }).click();
    await expect.poll(() => page.getByTestId("version-count").innerText()).toBe("1/2");
  });

  test("an edited question is a branch of its own", async () => {
    await say("First question");
    await answered();
    await say("Second question");
    await answered(2);
    await messages("user").first().hover();
    await messages("user").first().getByTestId("edit").click();
    await page.getByTestId("edit-field").fill("Another first question");
    await page.getByTestId("edit-send").click();
    await messages("user").filter({ hasText: "Another first question" }).waitFor();
    await answered();
    await expect.poll(() => messages("user").count()).toBe(1);
    await page.getByRole("button", { name: "Previous version" }).click();
    await messages("user").filter({ hasText: "Second question" }).waitFor();
  });

  test("what is sent next goes under the version in sight", async () => {
    await say("First question");
    await answered();
    await page.getByTestId("regenerate").click();
    await page.getByTestId("versions").waitFor();
    await answered();
    await page.getByRole("button", { name: "Previous version" }).click();
    await page.getByTestId("version-count").getByText("1/2").waitFor();
    const shown = await messages("assistant").getAttribute("data-message-id");
    await say("And then?");
    await until(() => sends().length === 2);
    expect(sends()[1]).toMatchObject({ parentId: shown });
  });
});

describe("messages that wait", () => {
  test("the next message waits in sight, and is answered in its turn", async () => {
    server.world.tokensPerSecond = 20;
    await say("Explain TLS");
    await messages("assistant", "writing").waitFor();
    await say("Please move my meeting.");
    await page.getByTestId("waiting-message").waitFor();
    server.world.tokensPerSecond = 500;
    await answered(2);
    await expect.poll(() => page.getByTestId("waiting-message").count()).toBe(0);
    await expect.poll(() => messages("user").count()).toBe(2);
  });

  test("the waiting message can be taken back to be changed", async () => {
    server.world.tokensPerSecond = 20;
    await say("Explain TLS");
    await messages("assistant", "writing").waitFor();
    await say("Wrong words");
    await page.getByTestId("edit-waiting").click();
    await page.getByTestId("waiting-message").waitFor({ state: "detached" });
    await expect.poll(() => page.getByTestId("composer").inputValue()).toBe("Wrong words");
    await say("Right words");
    await page.getByTestId("waiting-message").filter({ hasText: "Right words" }).waitFor();
    server.world.tokensPerSecond = 500;
    await answered(2);
    await expect.poll(() => page.getByTestId("thread").innerText()).not.toContain("Wrong words");
  });

  test("while typing during an answer both Send and Stop are there", async () => {
    server.world.tokensPerSecond = 20;
    await say("Explain TLS");
    await messages("assistant", "writing").waitFor();
    await page.getByTestId("composer").fill("more");
    await page.getByTestId("send").waitFor();
    await page.getByTestId("stop").waitFor();
  });
});

test("while the server cannot store a message it says so, and Stop gives the words back", async () => {
  server.world.refusal = "unavailable";
  await say("Hold this");
  const state = messages("user", "sending").getByTestId("reply-state").filter({ hasText: "cannot store it" });
  await state.waitFor();
  await page.getByTestId("stop").click();
  await messages("user").waitFor({ state: "detached" });
  await expect.poll(() => page.getByTestId("composer").inputValue()).toBe("Hold this");
});

describe("without a network", () => {
  test("what is written is kept over a reload and sent in order when the network is back", async () => {
    await say("Begin");
    await answered();
    server.cut(true);
    await page.locator("[data-testid=connection][data-state=waiting]").waitFor({ state: "attached" });
    await say("First offline");
    await say("Second offline");
    await messages("user", "saved").waitFor();
    await expect
      .poll(() => messages("user", "saved").getByTestId("reply-state").innerText())
      .toContain("Saved here");
    await page.reload();
    await page.getByTestId("waiting-message").filter({ hasText: "Second offline" }).waitFor();
    await page.getByTestId("conversation-item").waitFor();
    server.restore();
    await answered(3);
    expect(sends().map(({ text }) => text)).toEqual(["Begin", "First offline", "Second offline"]);
    await expect.poll(() => messages("user").allInnerTexts()).toHaveLength(3);
  });

  test("a new conversation can begin offline", async () => {
    server.cut(true);
    await page.locator("[data-testid=connection][data-state=waiting]").waitFor({ state: "attached" });
    await say("A new thought");
    await messages("user", "saved").waitFor();
    await page.getByTestId("conversation-item").filter({ hasText: "A new thought" }).waitFor();
    server.restore();
    await answered();
  });

  test("the banner comes after 5 s and only while something waits", async () => {
    server.cut(true);
    await page.getByTestId("away-tag").waitFor({ timeout: 10_000 });
    await expect.poll(() => page.getByTestId("banner").count()).toBe(0);
    await say("Hello?");
    await page.getByTestId("banner").waitFor();
    server.restore();
    await page.getByTestId("banner").waitFor({ state: "detached", timeout: 15_000 });
  });

  test("after the store came back older, what was lost is sent again", async () => {
    await say("First");
    await answered();
    const seq = server.conversation(conversationId()).seq;
    await say("Second");
    await answered(2);
    server.rollBack(conversationId(), seq);
    await until(() => sends().length === 3);
    await answered(2);
    expect(sends()[2]).toEqual({ ...sends()[1], id: expect.any(String) });
    await expect.poll(() => messages("user").count()).toBe(2);
  });

  test("a message to a conversation that was deleted elsewhere is offered as a new one", async () => {
    await say("First");
    await answered();
    const id = conversationId();
    server.cut(true);
    await page.locator("[data-testid=connection][data-state=waiting]").waitFor({ state: "attached" });
    await say("Too late?");
    server.delete(id);
    server.restore();
    await page.getByTestId("send-anew").waitFor();
    // Nothing is being written that could be stopped.
    await expect.poll(() => page.getByTestId("stop").count()).toBe(0);
    await page.getByTestId("send-anew").click();
    await answered();
    expect(conversationId()).not.toBe(id);
    await expect.poll(() => messages("user").innerText()).toContain("Too late?");
  });
});

test("a conversation that is deleted elsewhere while it is read is left", async () => {
  await say("First");
  await answered();
  server.delete(conversationId());
  await page.getByTestId("greeting").waitFor();
  await expect.poll(() => page.getByTestId("notice").innerText()).toContain("deleted elsewhere");
});

describe("two tabs", () => {
  test("they show the same, and one of them sends", async () => {
    await say("Begin");
    await answered();
    const other = await context.newPage();
    watch(other);
    await other.goto(page.url());
    await answered(1, other);
    await say("From the second tab", other);
    await answered(2, other);
    await answered(2);
    expect(sends().map(({ text }) => text)).toEqual(["Begin", "From the second tab"]);
  });

  test("when the tab that sends is closed the other takes over", async () => {
    const other = await context.newPage();
    watch(other);
    await other.goto(url);
    await connected(other);
    await page.close();
    page = other;
    await say("Still here?");
    await answered();
  });
});

describe("the list", () => {
  beforeEach(async () => {
    await say("Please move my meeting.");
    await answered();
    await page.getByTestId("conversation-item").hover();
    await page.getByTestId("conversation-menu").click();
  });

  test("a conversation can be renamed", async () => {
    await page.getByTestId("rename").click();
    await page.getByTestId("rename-field").fill("The meeting");
    await page.getByTestId("rename-field").press("Enter");
    await page.getByTestId("conversation-item").filter({ hasText: "The meeting" }).waitFor();
    await until(() => server.conversation(conversationId()).conversation.title === "The meeting");
  });

  test("a conversation can be pinned", async () => {
    await page.getByTestId("pin").click();
    await page.getByRole("heading", { name: "Pinned" }).waitFor();
  });

  test("a conversation can be exported", async () => {
    const download = page.waitForEvent("download");
    await page.getByTestId("export-markdown").click();
    expect((await download).url()).toContain(`/api/conversations/${conversationId()}/export?format=markdown`);
  });

  test("a deletion can be undone", async () => {
    await page.getByTestId("delete").click();
    await page.getByTestId("conversation-item").waitFor({ state: "detached" });
    await page.getByTestId("undo").click();
    await page.getByTestId("conversation-item").waitFor();
  });

  test("a deletion that is not undone is carried out after 8 s, or when the page is left", async () => {
    const id = conversationId();
    await page.getByTestId("delete").click();
    await page.getByTestId("undo").waitFor();
    expect(server.conversation(id).gone).toBeUndefined();
    await page.goto("about:blank");
    await until(() => server.conversation(id).gone === true);
  });

  test("the menu can be used and left by keyboard", async () => {
    await page.keyboard.press("ArrowDown");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-testid")))
      .toBe("rename");
    await page.keyboard.press("Escape");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-testid")))
      .toBe("conversation-menu");
  });

  test("what a search finds is shown in its place, on another version too", async () => {
    await page.keyboard.press("Escape");
    await messages("user").first().hover();
    await messages("user").first().getByTestId("edit").click();
    await page.getByTestId("edit-field").fill("Quite another question");
    await page.getByTestId("edit-send").click();
    await messages("user").filter({ hasText: "Quite another" }).waitFor();
    await answered();
    await page.getByTestId("search").fill("my meeting");
    await page.getByTestId("search-result").first().click();
    await messages("user").filter({ hasText: "Please move my meeting." }).waitFor();
    await expect.poll(() => page.locator(".message.found").count()).toBe(1);
  });

  test("a search finds words inside of conversations", async () => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("meeting");
    await page.getByTestId("search-result").first().click();
    await messages("user").waitFor();
  });
});

describe("what a model writes", () => {
  test("never makes the page ask for anything, and never becomes HTML", async () => {
    await say(
      "[echo] ![x](http://127.0.0.1:9/a.png) <img src=http://127.0.0.1:9/b.png> [go](javascript:alert(1)) <script>alert(1)</script>",
    );
    await answered();
    const answer = messages("assistant");
    await expect.poll(() => answer.locator("img, script").count()).toBe(0);
    await expect.poll(() => answer.locator('a[href^="javascript"]').count()).toBe(0);
    await expect.poll(() => answer.innerText()).toContain("<script>alert(1)</script>");
  });

  test("code is coloured once it is whole, and can be copied without a clipboard API", async () => {
    await say("Explain TLS");
    await answered();
    await page.locator(".code .hl-keyword").first().waitFor();
    await page.getByTestId("copy-code").click();
    await page.getByTestId("copy-code").filter({ hasText: "Copied" }).waitFor();
    await page.getByTestId("composer").focus();
    await page.keyboard.press("Control+v");
    await expect.poll(() => page.getByTestId("composer").inputValue()).toContain("def shared_secret");
  });
});

test("an answer is copied as Markdown and as rich text at once", async () => {
  await say("Explain TLS");
  await answered();
  await messages("assistant").getByTestId("copy").click();
  await page.evaluate(() => {
    document.addEventListener("paste", (event) => {
      Object.assign(window, { html: event.clipboardData?.getData("text/html") });
    });
  });
  await page.getByTestId("composer").focus();
  await page.keyboard.press("Control+v");
  await expect.poll(() => page.getByTestId("composer").inputValue()).toContain("It does **three** things");
  const html = await page.evaluate(() => (window as unknown as { html: string }).html);
  expect(html).toContain("It does <strong>three</strong> things");
  expect(html).toContain("<td");
  expect(html).not.toMatch(/<(button|svg|figcaption)/);
});

test("formulas are set under the page's policy, and nothing in them is a link or an image", async () => {
  await say(
    "[echo] So $e^{i\\pi}+1=0$ \\(\\href{javascript:alert(1)}{x}\\) $$\\frac{a}{b}$$ but $5 or $6, and $\\frac{a$",
  );
  await answered();
  const answer = messages("assistant");
  await answer.locator(".katex-display .mfrac").waitFor();
  await expect.poll(() => answer.locator(".katex math").count()).toBeGreaterThan(1);
  await expect.poll(() => answer.locator("a, img").count()).toBe(0);
  await expect.poll(() => answer.innerText()).toContain("but $5 or $6");
  await expect.poll(() => answer.innerText()).toContain("\\frac{a");
});

test("code can be downloaded under a name that fits its language", async () => {
  await say("Explain TLS");
  await answered();
  const download = page.waitForEvent("download");
  await page.getByTestId("download-code").click();
  expect((await download).suggestedFilename()).toBe("code.py");
});

describe("the composer", () => {
  test("a draft is kept per conversation and over a reload", async () => {
    await say("Please move my meeting.");
    await answered();
    await page.getByTestId("composer").fill("half a thou");
    await page.getByTestId("new-chat").click();
    await expect.poll(() => page.getByTestId("composer").inputValue()).toBe("");
    await page.getByTestId("composer").fill("something else");
    await page.getByTestId("conversation-item").getByRole("link").click();
    await expect.poll(() => page.getByTestId("composer").inputValue()).toBe("half a thou");
    await page.reload();
    await connected();
    await expect.poll(() => page.getByTestId("composer").inputValue()).toBe("half a thou");
  });

  test("Shift+Enter breaks the line", async () => {
    await page.getByTestId("composer").focus();
    await page.keyboard.type("one");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("two");
    await expect.poll(() => page.getByTestId("composer").inputValue()).toBe("one\ntwo");
    expect(sends()).toEqual([]);
  });

  test("a starter does not destroy a draft", async () => {
    await page.getByTestId("composer").fill("my own words");
    await page.getByTestId("starter").first().click();
    await expect.poll(() => page.getByTestId("composer").inputValue()).toMatch(/^my own words\n\nExplain/);
  });

  test("a message over the limit is not sent and says by how much", async () => {
    server.world.limits = { messageChars: 10, frameBytes: 65_536, messagesPerMinute: 60 };
    server.cut(true);
    await page.locator("[data-testid=connection][data-state=waiting]").waitFor({ state: "attached" });
    server.restore();
    await connected();
    await page.getByTestId("composer").fill("twelve chars");
    await expect.poll(() => page.getByRole("alert").innerText()).toBe("Too long by 2 characters.");
    await expect.poll(() => page.getByTestId("send").isDisabled()).toBe(true);
  });

  test("all of it works by keyboard alone", async () => {
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-testid")))
      .toBe("composer");
    await page.keyboard.type("Please move my meeting.");
    await page.keyboard.press("Enter");
    await answered();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute("data-testid")))
      .toBe("composer");
    server.world.tokensPerSecond = 20;
    await page.keyboard.type("Explain TLS");
    await page.keyboard.press("Enter");
    await messages("assistant", "writing").waitFor();
    await page.keyboard.press("Escape");
    await messages("assistant", "cancelled").waitFor();
    await page.keyboard.press("Control+Shift+O");
    await page.getByTestId("greeting").waitFor();
    await page.keyboard.press("Control+/");
    await page.getByTestId("help-dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByTestId("help-dialog").waitFor({ state: "detached" });
  });
});

describe("settings", () => {
  test("the theme is chosen and kept", async () => {
    await page.getByTestId("settings").click();
    await page.getByText("Dark", { exact: true }).click();
    const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    await expect.poll(scheme).toBe("dark");
    await page.reload();
    await expect.poll(scheme).toBe("dark");
  });

  test("the demo says that it is one and how to end it", async () => {
    await expect.poll(() => page.getByTestId("demo-notice").count()).toBe(0);
    server.assistant({ demo: true });
    const notice = page.getByTestId("demo-notice");
    await notice.waitFor();
    await expect.poll(() => notice.innerText()).toContain("set OPENAI_API_KEY in .env");
    await notice.getByRole("button").click();
    await notice.waitFor({ state: "detached" });
    await page.getByTestId("demo-tag").waitFor();
  });

  test("models are a choice only if there are several", async () => {
    await expect.poll(() => page.getByTestId("model-choice").count()).toBe(0);
    server.world.models = [
      { id: "big", default: true },
      { id: "small", default: false },
    ];
    await page.reload();
    await page.getByTestId("model-choice").click();
    await page.getByTestId("model-option").filter({ hasText: "small" }).click();
    await say("Please move my meeting.");
    await answered();
    expect(sends()[0]).toMatchObject({ model: "small" });
  });

  test("a chosen model stays that of its conversation", async () => {
    server.world.models = [
      { id: "big", default: true },
      { id: "small", default: false },
    ];
    await page.reload();
    await page.getByTestId("model-choice").click();
    await page.getByTestId("model-option").filter({ hasText: "small" }).click();
    await say("Please move my meeting.");
    await answered();
    await until(() => server.conversation(conversationId()).conversation.model === "small");
  });

  test.each([
    ["de-DE", "Frag, was du willst", "de"],
    ["es-MX", "Pregunta lo que quieras", "es"],
    ["zh-CN", "想问什么都可以", "zh"],
    ["fr-FR", "Ask anything", "en"],
  ])("the page speaks the language of the browser (%s)", async (locale, placeholder, lang) => {
    await open({ locale });
    await expect.poll(() => page.getByTestId("composer").getAttribute("placeholder")).toBe(placeholder);
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe(lang);
  });

  test("a conversation has its own instructions", async () => {
    await say("Please move my meeting.");
    await answered();
    await page.getByTestId("instructions").click();
    await page.getByTestId("instructions-field").fill("Answer in verse.");
    await page.getByTestId("instructions-save").click();
    await page.getByTestId("instructions-dialog").waitFor({ state: "detached" });
    await until(() => server.conversation(conversationId()).conversation.systemPrompt === "Answer in verse.");
  });
});

describe("for everyone", () => {
  test("what happens to an answer is said once, politely", async () => {
    const said = page.getByTestId("announcement");
    await expect.poll(() => said.getAttribute("aria-live")).toBe("polite");
    await expect.poll(() => page.getByTestId("thread").count()).toBe(0);
    await say("Please move my meeting.");
    await answered();
    await expect.poll(() => said.innerText()).toBe("Reply complete");
    await expect.poll(() => page.getByTestId("thread").getAttribute("aria-live")).toBe("off");
  });

  test.each([
    [320, 560],
    [390, 780],
    [768, 900],
  ])("at %i pixels nothing is wider than the page", async (width, height) => {
    await open({ viewport: { width, height } });
    await say("Explain TLS");
    await answered();
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });

  test("on a phone the list is a drawer", async () => {
    await open({ viewport: { width: 390, height: 780 } });
    await expect.poll(() => page.getByTestId("sidebar").isVisible()).toBe(false);
    await page.getByTestId("open-sidebar").click();
    await page.getByTestId("new-chat").click();
    await expect.poll(() => page.getByTestId("sidebar").isVisible()).toBe(false);
  });
});
