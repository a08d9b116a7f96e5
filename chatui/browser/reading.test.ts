/** What is read stays where it is, whoever writes, and however the reader came there. */
import type { CDPSession, Locator, Page } from "playwright-core";
import { beforeEach, describe, expect, test } from "vitest";
import { type Opened, useBrowser } from "./opened";

const open = useBrowser();
let opened: Opened;
let page: Page;
let scroller: Locator;

const PARAGRAPH =
  "Some words that are read again and again, until their end is out of sight and all lines are full. ";
const paragraphs = (count: number) =>
  Array.from({ length: count }, (_, at) => `Paragraph ${at}. ${PARAGRAPH.repeat(2)}`).join("\n\n");

/** A conversation of so many questions with their answers. */
function fill(count: number, answer: (at: number) => string): void {
  const model = opened.server.conversation("long");
  for (let at = 0; at < count; at++) {
    const parentId = at ? `a${at - 1}` : null;
    model.send({ messageId: `q${at}`, parentId, text: `Question ${at}`, replyId: `a${at}` });
    model.start(`a${at}`);
    model.delta(`a${at}`, answer(at));
    model.end(`a${at}`, "completed");
  }
}

async function read(
  size: "page" | "phone",
  count: number,
  answer = (_: number) => paragraphs(3),
): Promise<void> {
  opened = await open({ size });
  page = opened.page;
  scroller = page.getByTestId("thread-scroll");
  fill(count, answer);
  await page.goto(`${page.url().split("#")[0]}#/c/long`);
  await page
    .getByText(`Question ${count - 1}`)
    .first()
    .waitFor();
  await expect.poll(distanceToEnd).toBeLessThan(2);
}

const distanceToEnd = () =>
  scroller.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);

/** Resolves once it has been in one place for ten frames: smooth scrolling is over. */
const resting = () =>
  scroller.evaluate(
    (element) =>
      new Promise<void>((resolve) => {
        let at = element.scrollTop;
        let frames = 0;
        const check = () => {
          frames = element.scrollTop === at ? frames + 1 : 0;
          at = element.scrollTop;
          if (frames < 10) requestAnimationFrame(check);
          else resolve();
        };
        check();
      }),
  );

/**
 * Remembers the first line in sight by its first character.
 *
 * @returns how many pixels that character is from where it was
 */
async function firstLine(): Promise<() => Promise<number>> {
  await resting();
  const mark = await scroller.evaluateHandle((element) => {
    const { top } = element.getBoundingClientRect();
    const range = document.createRange();
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode as Text;
      if (!node.parentElement?.closest(".markdown")) continue;
      range.selectNodeContents(node);
      if (range.getBoundingClientRect().bottom < top) continue;
      for (let at = 0; at < node.length; at++) {
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        const box = range.getBoundingClientRect();
        if (box.height > 0 && box.top >= top) return { range, top: box.top };
      }
    }
    throw new Error("no line is in sight");
  });
  return () => mark.evaluate(({ range, top }) => Math.abs(range.getBoundingClientRect().top - top));
}

/** Lets a reply begin under what is there, and returns what writes more of it. */
async function reply(): Promise<(more: string) => Promise<void>> {
  const { server, stage } = opened;
  const model = server.conversation("long");
  server.world.busy = true;
  await stage.say("And now?");
  await stage.see("queued");
  const { replyId } = model.replies[0];
  model.start(replyId);
  const write = async (more: string) => {
    model.delta(replyId, more);
    const end = /\S+\s*$/.exec(more)?.[0].trim() ?? "";
    await page.waitForFunction(
      (end) =>
        document.querySelector("[data-status=writing] .markdown")?.textContent?.trimEnd().endsWith(end),
      end,
    );
  };
  await write(paragraphs(12));
  await expect.poll(distanceToEnd).toBeLessThan(2);
  return write;
}

/** Puts a finger on the page; `moveTo` draws it along. */
async function finger(): Promise<{ moveTo(y: number): Promise<unknown>; lift(): Promise<unknown> }> {
  const devtools: CDPSession = await page.context().newCDPSession(page);
  const touch = (type: "touchStart" | "touchMove" | "touchEnd", y?: number) =>
    devtools.send("Input.dispatchTouchEvent", { type, touchPoints: y === undefined ? [] : [{ x: 180, y }] });
  await touch("touchStart", 200);
  return { moveTo: (y) => touch("touchMove", y), lift: () => touch("touchEnd") };
}

async function drag(): Promise<void> {
  const { moveTo, lift } = await finger();
  for (let y = 200; y <= 500; y += 20) await moveTo(y);
  await lift();
}

const pressAfterClick = async (key: string): Promise<void> => {
  await page.getByText("Paragraph 11").last().click();
  await page.keyboard.press(key);
};

/** Ways to go up, each from the end of a reply that is being written. */
const WAYS: [string, "page" | "phone", () => Promise<unknown>][] = [
  ["the wheel", "page", () => scroller.hover().then(() => page.mouse.wheel(0, -300))],
  ["PageUp", "page", () => pressAfterClick("PageUp")],
  ["Home", "page", () => pressAfterClick("Home")],
  ["an arrow", "page", () => pressAfterClick("ArrowUp")],
  ["Shift and the space bar", "page", () => pressAfterClick("Shift+Space")],
  ["a finger", "phone", drag],
];

describe.each(WAYS)("who goes up with %s while a reply is written", (_, size, goUp) => {
  test("stays at what they read, and comes back to the end by the button", async () => {
    await read(size, 3);
    const write = await reply();
    // It is written while the way up is still being made.
    const up = goUp();
    for (let at = 0; at < 20; at++) await write(` more${at}`);
    await up;
    await page.getByTestId("to-end").waitFor();
    const moved = await firstLine();
    await write(`\n\n${paragraphs(4)}`);
    await write("\n\n```js\nlet a = 1;\n```\n\nAfter");
    expect(await moved()).toBeLessThanOrEqual(1);
    await page.getByTestId("to-end").click();
    await page.getByTestId("to-end").waitFor({ state: "detached" });
    await expect.poll(distanceToEnd).toBeLessThan(2);
    await write(`\n\n${paragraphs(4)}`);
    await expect.poll(distanceToEnd).toBeLessThan(2);
  });
});

test("a hand that turns the wheel a pixel at a time is not pulled back", async () => {
  await read("page", 3);
  const write = await reply();
  await scroller.hover();
  for (let at = 0; at < 30; at++) {
    await page.mouse.wheel(0, -2);
    await write(`\n\nmore${at}`);
  }
  await page.getByTestId("to-end").waitFor();
  expect(await distanceToEnd()).toBeGreaterThan(100);
});

test("a finger that lies on the page holds what is under it", async () => {
  await read("phone", 3);
  const write = await reply();
  const { lift } = await finger();
  const moved = await firstLine();
  await write(`\n\n${paragraphs(4)}`);
  expect(await moved()).toBeLessThanOrEqual(1);
  await lift();
  await expect.poll(distanceToEnd).toBeLessThan(2);
});

describe.each([
  ["narrower", 700, 760],
  ["wider", 1600, 760],
  ["lower, as by the keyboard of a phone", 1200, 400],
  ["higher", 1200, 1000],
])("when the window becomes %s", (_, width, height) => {
  beforeEach(() => read("page", 8, (at) => paragraphs(3 + (at % 3))));

  test("the end stays in sight", async () => {
    await page.setViewportSize({ width, height });
    await expect.poll(distanceToEnd).toBeLessThan(2);
  });

  test("the line that is read stays where it is, there and back", async () => {
    await scroller.hover();
    await page.mouse.wheel(0, -1111);
    await page.getByTestId("to-end").waitFor();
    const moved = await firstLine();
    await page.setViewportSize({ width, height });
    await resting();
    expect(await moved()).toBeLessThanOrEqual(1);
    await page.setViewportSize({ width: 1200, height: 760 });
    await resting();
    expect(await moved()).toBeLessThanOrEqual(1);
  });
});

test("the keyboard of a phone leaves the end in sight while a reply is written", async () => {
  await read("phone", 3);
  const write = await reply();
  await page.getByTestId("composer").tap();
  await page.setViewportSize({ width: 390, height: 420 });
  await write(`\n\n${paragraphs(2)}`);
  await expect.poll(distanceToEnd).toBeLessThan(2);
});

test("what grows above moves nothing: code that gets its colours, formulas that are set", async () => {
  await read(
    "page",
    12,
    () =>
      `${paragraphs(1)}\n\n$$\\frac{a}{\\frac{b}{c}}$$\n\n\`\`\`js\nlet a = 1;\n\`\`\`\n\n${paragraphs(2)}`,
  );
  await scroller.hover();
  for (let at = 0; at < 6; at++) {
    await page.mouse.wheel(0, -400);
    const moved = await firstLine();
    await scroller.evaluate((element) => {
      const above = [...element.querySelectorAll(".formula, .code")].filter(
        (one) => one.getBoundingClientRect().bottom < element.getBoundingClientRect().top,
      );
      const last = above.at(-1) as HTMLElement | undefined;
      if (last) last.style.paddingBottom = `${Number.parseInt(last.style.paddingBottom || "0", 10) + 37}px`;
    });
    await resting();
    expect(await moved()).toBeLessThanOrEqual(1);
  }
});

test("a sent message goes near the top, and its answer fills the space below", async () => {
  await read("page", 3);
  await opened.stage.asked("Please move my meeting.");
  const question = page.locator("[data-testid=message][data-role=user]").last();
  const top = () => question.evaluate((element) => element.getBoundingClientRect().top);
  await expect.poll(top).toBeLessThan(150);
});

test.each([300, 0])("older messages come as the reader goes up, and nothing jumps (to %i)", async (top) => {
  await read("page", 130, (at) => `Answer ${at}. `.repeat(30));
  const questions = page.locator("[data-testid=message][data-role=user]");
  const older = questions.filter({ hasText: /^Question 60/ });
  const mark = page.locator(`[data-message-id=${await questions.first().getAttribute("data-message-id")}]`);
  const place = () => mark.evaluate((element) => element.getBoundingClientRect().top);
  // They come when the reader has seen where they are: what is laid out for the first time has no place before.
  let come = () => {};
  const asked = new Promise<void>((resolve) => {
    come = resolve;
  });
  await page.route("**/messages?*", async (route) => {
    await asked;
    await route.continue();
  });
  await scroller.evaluate((element, top) => {
    element.scrollTop = top;
  }, top);
  await resting();
  const before = await place();
  expect(await older.count()).toBe(0);
  come();
  await older.waitFor({ state: "attached" });
  await expect.poll(async () => Math.abs((await place()) - before)).toBeLessThanOrEqual(1);
});

test("who is back at the end has only the end in the page, and the rest as soon as they go up", async () => {
  await read("page", 130, (at) => `Answer ${at}. `.repeat(30));
  const questions = page.locator("[data-testid=message][data-role=user]");
  const inPage = () => questions.count();
  const atFirst = await inPage();
  const up = () =>
    scroller.evaluate((element) => {
      element.scrollTop = 0;
    });
  await up();
  await expect.poll(inPage).toBeGreaterThan(atFirst);

  await page.getByTestId("to-end").click();
  await expect.poll(inPage).toBeLessThanOrEqual(atFirst);
  await expect.poll(distanceToEnd).toBeLessThan(2);

  const calls: string[] = [];
  page.on("request", (request) => void calls.push(request.url()));
  await up();
  await expect.poll(inPage).toBeGreaterThan(atFirst);
  expect(calls).toEqual([]);
});

test("however far a reader goes, up and down, so much is in the page, and nothing jumps", async () => {
  await read("page", 260, (at) => `Answer ${at}. `.repeat(30));
  const questions = page.locator("[data-testid=message][data-role=user]");
  const here = (at: number) => page.locator(`[data-message-id=q${at}]`);
  /** Scrolls until a question has come into the page; whatever comes or goes by it, the first line stays. */
  const scrollTo = async (at: number, by: number) => {
    while ((await here(at).count()) === 0) {
      await page.mouse.wheel(0, by);
      const moved = await firstLine();
      await resting();
      expect(await moved()).toBeLessThanOrEqual(1);
      expect(await questions.count()).toBeLessThanOrEqual(110);
    }
  };
  await scroller.hover();
  await scrollTo(120, -4000);
  expect(await here(259).count()).toBe(0);
  await scrollTo(250, 4000);

  await scrollTo(150, -4000);
  // Keys are for what was clicked last.
  await questions.last().click();
  await page.keyboard.press("End");
  await expect.poll(distanceToEnd).toBeLessThan(2);
  await here(259).waitFor();
  await page.getByTestId("to-end").waitFor({ state: "detached" });

  await scrollTo(150, -4000);
  await opened.stage.asked("Please move my meeting.");
  await expect.poll(() => questions.count()).toBeLessThanOrEqual(60);
  await expect.poll(distanceToEnd).toBeLessThan(2);
}, 120_000);

test("the end of what is in the page is not taken for the end of the conversation", async () => {
  await read("page", 260, (at) => `Answer ${at}. `.repeat(30));
  const first = page.locator("[data-message-id=q0]");
  while ((await first.count()) === 0) await scroller.evaluate((element) => element.scrollTo(0, 0));
  await resting();
  const last = () => page.getByTestId("message").last().getAttribute("data-message-id");
  const before = await last();
  // As by the scroll bar.
  await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect.poll(last).not.toBe(before);
  await resting();
  expect(await page.getByTestId("to-end").count()).toBe(1);
  await page.getByTestId("to-end").click();
  await page.locator("[data-message-id=q259]").waitFor();
  await expect.poll(distanceToEnd).toBeLessThan(2);
});

test("a conversation that is left while it scrolls leaves nothing undone", async () => {
  await read("page", 8);
  await scroller.evaluate((element) => {
    element.scrollTop = 0;
    location.hash = "#/";
  });
  await page.getByTestId("greeting").waitFor();
});
