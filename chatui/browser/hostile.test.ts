/**
 * What a model or a user writes is hostile: nothing of it runs, loads or leads anywhere by itself. Each text of
 * `hostile/` goes through the page as it is served, under nginx's policies, in every place where a text can come.
 */
import type { Browser, BrowserContext, Frame, Page } from "playwright-core";
import { afterAll, beforeAll, type ExpectStatic, expect, test } from "vitest";
import { launch, PATIENCE } from "../dev/chromium.mjs";
import { startFakeServer } from "../dev/fake-server.mjs";
import { ALLOWED_ATTRIBUTES, ALLOWED_ELEMENTS } from "../src/markdown/testing-allowed";
import { GROUPS } from "./hostile/groups";
import type { Group, Payload } from "./hostile/payload";
import { AROUND, FOUND, IN_FORMULA, watch } from "./hostile/watch";
import { useStranger } from "./stranger";

type Server = Awaited<ReturnType<typeof startFakeServer>>;

const stranger = useStranger({ keep: true });
let browser: Browser;

beforeAll(async () => {
  // The names in the corpus are the stranger's, so whoever asks for them is heard; nobody else is there at all.
  const { host } = new URL(stranger.address());
  browser = await launch([
    `--host-resolver-rules=MAP chat.test 127.0.0.1, MAP *hostile.example ${host}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
  ]);
});

afterAll(() => browser.close());

/** One page and its server, for all texts of a group. */
class Stage {
  readonly server: Server;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page did that it must never do, since it was last looked at. */
  readonly wrongs: string[] = [];
  #documents = 0;

  private constructor(server: Server, context: BrowserContext, page: Page) {
    this.server = server;
    this.context = context;
    this.page = page;
  }

  static async open(): Promise<Stage> {
    const server = await startFakeServer({ tokensPerSecond: 800 });
    const context = await browser.newContext({
      locale: "en-GB",
      viewport: { width: 820, height: 320 },
      // What moves for ever would be drawn for ever, and there are several pages.
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(PATIENCE);
    const stage = new Stage(server, context, await context.newPage());
    await stage.#begin();
    return stage;
  }

  async #begin(): Promise<void> {
    const { page, context, server, wrongs } = this;
    const url = server.url.replace("127.0.0.1", "chat.test");
    page.on("pageerror", (error) => wrongs.push(`${error.stack}`));
    page.on("console", (message) => {
      const text = message.text();
      if (text.startsWith(FOUND) || /Content Security Policy|Trusted ?Type/.test(text)) wrongs.push(text);
    });
    page.on("dialog", (dialog) => {
      wrongs.push(`asks: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("download", (download) => wrongs.push(`saves ${download.suggestedFilename()}`));
    page.on("websocket", (socket) => {
      if (socket.url() !== `${url.replace("http", "ws")}ws`) wrongs.push(`opens ${socket.url()}`);
    });
    context.on("page", (one) => wrongs.push(`opens a window: ${one.url()}`));
    context.on("request", (request) => {
      const { href, pathname } = new URL(request.url());
      const isOwn =
        /^\/(api\/(session|models|conversations|search)|assets\/[\w.-]+|theme\.js|sw\.js|icon[\w-]*\.(svg|png)|manifest\.json|diagram\.html)?$/;
      if (!href.startsWith(url) || !isOwn.test(pathname)) wrongs.push(`asks for ${href}`);
      if (request.isNavigationRequest() && request.frame() === page.mainFrame() && ++this.#documents > 1) {
        wrongs.push(`goes to ${href}`);
      }
    });
    await page.addInitScript(watch, {
      found: FOUND,
      elements: ALLOWED_ELEMENTS,
      // Those of diagrams come with their state.
      attributes: [...ALLOWED_ATTRIBUTES, "hidden", "data-state"],
      formula: IN_FORMULA,
      around: AROUND,
    });
    await page.goto(url);
    await page.locator("[data-testid=connection][data-state=open]").waitFor({ state: "attached" });
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.server.close();
  }

  /** Goes to a conversation without loading the page anew, and waits until all of it is drawn. */
  async read(id: string): Promise<void> {
    const { seq } = this.server.conversation(id);
    await this.page.evaluate(
      ([id, seq]) => {
        location.hash = `#/c/${id}`;
        return window.drawn(id, seq);
      },
      [id, seq] as const,
    );
  }
}

/** Letters alone: what Markdown makes of blanks and line ends is not the matter here. */
const bare = (text: string): string => text.replace(/\s/g, "");

/** Cuts a text into pieces as a model's answer comes: many while it is short, and no more than that if it is long. */
function piecesOf(text: string): string[] {
  const length = Math.max(4, Math.ceil(text.length / 5));
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += length) pieces.push(text.slice(at, at + length));
  return pieces;
}

/** What the policy of the diagram's frame says of a handler in a text that is read to be cleaned. */
const REFUSED =
  /^Executing inline event handler|^hostile: refused in \/diagram\.html: script-src-attr inline/;

/** As long as a title may be. */
const titleOf = ({ text }: Payload): string => text.slice(0, 200);

/** The text comes as a question, as a title, and as an answer that is drawn with each of its pieces. */
async function streamed(stage: Stage, id: string, payload: Payload): Promise<void> {
  const model = stage.server.conversation(id);
  model.send({ messageId: `${id}q`, parentId: null, text: payload.text, replyId: `${id}a` });
  model.conversation = { ...model.conversation, title: titleOf(payload) };
  model.start(`${id}a`);
  await stage.read(id);
  for (const piece of piecesOf(payload.text)) {
    model.delta(`${id}a`, piece);
    await stage.page.evaluate(([id, seq]) => window.drawn(id, seq), [id, model.seq] as const);
  }
  model.end(`${id}a`, "completed");
  await stage.page.evaluate(([id, seq]) => window.drawn(id, seq), [id, model.seq] as const);
  await stage.page.locator("[data-testid=diagram][data-state=drawing]").waitFor({ state: "detached" });
}

/** The text is all there when it is first seen: in an answer that failed, in one under way, and in a question that waits. */
async function whole(stage: Stage, id: string, { text }: Payload): Promise<void> {
  const model = stage.server.conversation(id);
  model.send({ messageId: `${id}q1`, parentId: null, text: "First", replyId: `${id}a1` });
  model.start(`${id}a1`, text.slice(0, 100));
  model.delta(`${id}a1`, text);
  model.end(`${id}a1`, "failed", { code: "other", message: text.slice(0, 500), retryable: true });
  model.send({ messageId: `${id}q2`, parentId: `${id}a1`, text: "Second", replyId: `${id}a2` });
  model.start(`${id}a2`);
  model.delta(`${id}a2`, text);
  model.send({ messageId: `${id}q3`, parentId: `${id}a2`, text, replyId: `${id}a3` });
  await stage.read(id);
  await stage.page.getByTestId("waiting-message").waitFor();
}

/** What a reader of the streamed text sees. */
function seen(page: Page, id: string) {
  return page.evaluate((id) => {
    const answer = document.querySelector(`[data-message-id="${id}a"] [data-testid=message-text]`);
    const links = [...(answer?.querySelectorAll("a") ?? [])];
    return {
      status: document.querySelector(`[data-message-id="${id}a"]`)?.getAttribute("data-status"),
      answer: answer?.textContent ?? "",
      links: links.map((link) => link.href),
      told: [...(answer?.querySelectorAll(".host") ?? [])].map((host) =>
        (host.textContent ?? "").replace(/^ \(|\)$/g, ""),
      ),
      // Where a link leads reads from left to right, whatever its words do.
      turned: [...(answer?.querySelectorAll(".host") ?? [])]
        .map(({ firstChild }) => firstChild as Text)
        .filter((text) => {
          const leftOf = (at: number) => {
            const range = document.createRange();
            range.setStart(text, at);
            range.setEnd(text, at + 1);
            return range.getClientRects()[0];
          };
          const first = leftOf(2);
          const second = leftOf(3);
          return first && second && first.top === second.top && first.left > second.left;
        })
        .map(({ data }) => data),
      // Where a link leads is not hidden by what is beside it.
      covered: [...(answer?.querySelectorAll(".host") ?? [])]
        .filter((host) => {
          host.scrollIntoView({ block: "center", inline: "center" });
          return [...host.getClientRects()].some(
            ({ left, top, width, height }) =>
              document.elementFromPoint(left + width / 2, top + height / 2) !== host,
          );
        })
        .map(({ textContent }) => textContent),
      diagrams: [...(answer?.querySelectorAll("[data-testid=diagram]") ?? [])].map((diagram) =>
        diagram.getAttribute("data-state"),
      ),
      question: document.querySelector(`[data-message-id="${id}q"] [data-testid=message-text]`)?.textContent,
      titles: [
        document.querySelector("[data-testid=header] h1")?.textContent,
        document.querySelector(`[data-conversation-id="${id}"] .item-title`)?.textContent,
      ],
    };
  }, id);
}

/** What mermaid has made in its frame: nothing that leads or loads, also when it is clicked. */
async function lookInto(frame: Frame): Promise<string[]> {
  return frame.evaluate(() => {
    for (const one of document.querySelectorAll("svg *")) {
      one.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
      one.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
    }
    const wrongs: string[] = [];
    if ("polluted" in {}) wrongs.push("a member of all objects");
    for (const element of document.body.querySelectorAll("*")) {
      if (
        /^(script|iframe|object|embed|form|input|img|image|link|base|meta|audio|video)$/i.test(
          element.tagName,
        )
      ) {
        wrongs.push(element.outerHTML);
      }
      for (const { name, value } of element.attributes) {
        const leads = /(^|:)(href|src)$/.test(name) && !value.startsWith("#");
        if (name.startsWith("on") || name === "target" || leads)
          wrongs.push(`${element.tagName} ${name}="${value}"`);
      }
    }
    return wrongs;
  });
}

test("the corpus is large, and no text is in it twice", () => {
  const texts = GROUPS.flatMap(({ payloads }) => payloads.map(({ text }) => text));
  expect(texts.length).toBeGreaterThanOrEqual(200);
  expect(new Set(texts).size).toBe(texts.length);
});

test.concurrent.for(GROUPS)(
  "$name: nothing runs, loads or leads anywhere",
  { timeout: 900_000 },
  async (group, { expect }) => {
    const stage = await Stage.open();
    try {
      for (const [at, payload] of group.payloads.entries()) await tried(stage, group, payload, at, expect);
      await goesOn(stage);
      expect(stage.wrongs).toEqual([]);
    } finally {
      await stage.close();
    }
  },
);

async function tried(
  stage: Stage,
  group: Group,
  payload: Payload,
  at: number,
  expect: ExpectStatic,
): Promise<void> {
  const { page } = stage;
  await streamed(stage, `s${at}`, payload);
  const { status, answer, links, told, turned, covered, diagrams, question, titles } = await seen(
    page,
    `s${at}`,
  );
  const title = titleOf(payload);
  expect.soft({ status, question, titles }, payload.name).toEqual({
    status: "complete",
    question: payload.text,
    titles: [title, title],
  });
  if (payload.undrawn !== undefined) {
    expect.soft(diagrams, payload.name).toEqual([payload.undrawn ? "failed" : "drawn"]);
  }
  const shows = payload.shows ?? (group.verbatim ? payload.text : "");
  expect.soft(bare(answer), payload.name).toContain(bare(shows));
  const leads = payload.links ?? [];
  expect.soft({ links, told, turned, covered }, payload.name).toEqual({
    turned: [],
    covered: [],
    links: leads,
    told: payload.told ?? leads.map((link) => new URL(link).host.replace(/^www\./, "")),
  });
  for (const frame of page.frames()) {
    if (frame !== page.mainFrame()) expect.soft(await lookInto(frame), payload.name).toEqual([]);
  }
  if (!group.dear) await whole(stage, `w${at}`, payload);
  const wrongs = stage.wrongs.splice(0).filter((wrong) => !payload.refused || !REFUSED.test(wrong));
  expect.soft({ wrongs, asked: stranger.asked() }, payload.name).toEqual({ wrongs: [], asked: [] });
}

/** After all of it the page still answers, and finds what was said. */
async function goesOn({ page }: Stage): Promise<void> {
  await page.getByTestId("search").fill("a");
  await page.getByTestId("search-result").first().waitFor();
  await page.getByTestId("search").fill("");
  await page.getByTestId("new-chat").click();
  await page.getByTestId("composer").fill("Please move my meeting.");
  await page.getByTestId("composer").press("Enter");
  await page.locator("[data-role=assistant][data-status=complete]").waitFor();
}

test("the stranger would have been heard", async () => {
  const page = await browser.newPage();
  await page.goto("http://hostile.example/heard").catch(() => {});
  expect(stranger.asked()).toContain("/heard");
  await page.close();
});
