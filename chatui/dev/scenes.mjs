/**
 * Every state that the page can be in front of a person, each as a short play on the fake server. `npm run screens`
 * takes their pictures for docs/ui.md, and a test looks at each of them with axe, in both themes and at 200 % zoom.
 */
import { answerTo } from "./answers.mjs";
import { PATIENCE } from "./chromium.mjs";
import { startFakeServer } from "./fake-server.mjs";

const SIZES = {
  /** The whole page. */
  page: { width: 1200, height: 760 },
  /** A reply by itself, without the list. */
  reply: { width: 860, height: 440 },
  phone: { width: 390, height: 760 },
  narrow: { width: 320, height: 600 },
};

const PROMPTS = [
  ["Explain simply", "Explain this so that a child of ten understands it, with one example:\n\n"],
  ["Proofread", "Correct spelling and grammar of the following. Keep my words where you can.\n\n"],
  [
    "Review code",
    "Review this code. Say first what could go wrong in production, then what is hard to read.\n\n",
  ],
];

function savePrompts(world) {
  for (const [i, [title, text]] of PROMPTS.entries()) world.prompts.set(`${i}`, { id: `${i}`, title, text });
}

const LIST = [
  ["How TLS keeps a connection private", 0, true],
  ["Anagrams in Python", 0, false],
  ["Moving a meeting", 1, false],
  ["Piano, guitar or ukulele?", 1, false],
  ["A walking tour of Lisbon in two days", 3, false],
  ["Why is the sky blue at noon and red at dusk?", 6, false],
  ["Regular expressions for dates", 9, false],
];

/** Puts some conversations into a server. */
export function fillList(server) {
  LIST.forEach(([title, days, pinned], at) => {
    const model = server.conversation(`seed${at}`);
    model.realTime = false;
    model.clock = Date.now() - days * 86_400_000 - (at + 1) * 600_000;
    model.send({ messageId: `q${at}`, parentId: null, text: `${title}`, replyId: `a${at}` });
    model.start(`a${at}`);
    model.delta(`a${at}`, "A short answer.");
    model.end(`a${at}`, "completed");
    model.conversation = { ...model.conversation, title, pinned };
    model.realTime = true;
  });
}

/** Someone in front of the page of a scene, and whoever makes its trouble. */
class Stage {
  constructor(page, server) {
    this.page = page;
    this.server = server;
    this.composer = page.getByTestId("composer");
  }

  async say(text) {
    await this.composer.fill(text);
    await this.page.getByTestId("send").click();
    await this.page.waitForFunction(() => document.querySelector("[data-testid=composer]")?.value === "");
  }

  /** Waits for the last message with this status. */
  async see(status, role = "assistant") {
    const message = this.page
      .locator(`[data-testid=message][data-role=${role}][data-status=${status}]`)
      .last();
    await message.waitFor();
    return message;
  }

  /** Waits until the words are on the page. */
  async read(text) {
    await this.page.getByText(text).first().waitFor();
  }

  async asked(text = "Explain TLS") {
    await this.say(text);
    await this.see("complete");
  }

  /** Presses a button and waits for what it brings. */
  async press(button, brings) {
    await this.page.getByTestId(button).click();
    await this.page.getByTestId(brings).first().waitFor();
  }

  /** Waits until code has its colours. */
  async coloured() {
    await this.page.locator(".code .hl-keyword").first().waitFor();
  }

  conversationId() {
    return new URL(this.page.url()).hash.replace("#/c/", "");
  }

  async offline() {
    this.server.cut(true);
    await this.page.locator("[data-testid=connection][data-state=waiting]").waitFor({ state: "attached" });
  }

  /** Lets the page's clock go on; the play must have asked for one. */
  async later(milliseconds) {
    await this.page.clock.fastForward(milliseconds);
  }

  /** Shares the conversation in sight, as `share` in the dialog does. */
  async shared() {
    const link = await this.page.evaluate(async (id) => {
      const answer = await fetch(`api/conversations/${id}/share`, { method: "PUT" });
      return answer.json();
    }, this.conversationId());
    return link.token;
  }

  /** Opens what a link shows. */
  async readAsStranger(token, shows = "shared-title") {
    await this.page.goto(new URL(`#/s/${token}`, this.page.url()).href);
    await this.page.getByTestId(shows).waitFor();
  }

  menuOf(index) {
    return this.page.getByTestId("conversation-item").nth(index);
  }

  async openMenu(index) {
    await this.menuOf(index).hover();
    await this.menuOf(index).getByTestId("conversation-menu").click();
  }
}

/**
 * @typedef {object} Scene
 * @property {string} name of the picture
 * @property {keyof typeof SIZES} size
 * @property {(stage: Stage) => Promise<unknown>} play ends when the state is there
 * @property {boolean} [clock] the play moves the page's clock
 * @property {boolean} [empty] the list has nothing in it
 * @property {boolean} [demo] the demo model answers
 * @property {number} [speed] words per second
 * @property {string} [locale] of the browser
 * @property {boolean} [reading] nothing can be written there
 * @property {"light" | "dark"} [only] a picture in one theme is enough
 */

/** @type {Scene[]} */
export const SCENES = [
  // What a person has written.
  {
    name: "message-saved",
    size: "reply",
    async play(stage) {
      await stage.asked("Please move my meeting.");
      await stage.offline();
      await stage.say("And tell Ada that I am sorry.");
      await stage.see("saved", "user");
    },
  },
  {
    name: "message-held",
    size: "reply",
    async play(stage) {
      stage.server.world.refusal = "unavailable";
      await stage.say("Please move my meeting.");
      await stage.read("cannot store it");
    },
  },
  {
    name: "message-refused",
    size: "reply",
    async play(stage) {
      await stage.asked("Please move my meeting.");
      const id = stage.conversationId();
      await stage.offline();
      await stage.say("And tell Ada that I am sorry.");
      stage.server.delete(id);
      stage.server.restore();
      await stage.page.getByTestId("send-anew").waitFor();
    },
  },
  {
    name: "message-waiting",
    size: "reply",
    speed: 15,
    async play(stage) {
      await stage.say("Explain TLS");
      await stage.see("writing");
      await stage.say("And who invented it?");
      await stage.say("Then make me a quiz of five questions.");
      await stage.page.getByTestId("waiting-message").nth(1).waitFor();
    },
  },
  // A reply, in the order of its life.
  {
    name: "reply-queued",
    size: "reply",
    async play(stage) {
      stage.server.world.busy = true;
      await stage.say("How do I prune an apple tree?");
      await stage.see("queued");
      stage.server.queue(
        stage.conversationId(),
        stage.server.conversation(stage.conversationId()).replies[0].replyId,
        12,
      );
      await stage.read("about 12 before yours");
    },
  },
  {
    name: "reply-away",
    size: "reply",
    async play(stage) {
      stage.server.assistant({ state: "down", workers: 0 });
      await stage.say("How do I prune an apple tree?");
      await stage.read("The assistant is away");
    },
  },
  {
    name: "reply-provider",
    size: "reply",
    async play(stage) {
      stage.server.world.busy = true;
      stage.server.assistant({ state: "degraded" });
      await stage.say("How do I prune an apple tree?");
      await stage.read("cannot be reached just now");
    },
  },
  {
    name: "reply-starting",
    size: "reply",
    async play(stage) {
      stage.server.world.answer = answerTo("[start]");
      await stage.say("How do I prune an apple tree?");
      await stage.see("starting");
    },
  },
  {
    name: "reply-writing",
    size: "reply",
    speed: 25,
    async play(stage) {
      await stage.say("Explain TLS");
      await stage.see("writing");
      await stage.read("each has its own tool");
    },
  },
  {
    name: "reply-stalled",
    size: "reply",
    clock: true,
    async play(stage) {
      stage.server.world.answer = answerTo("[hang]");
      await stage.say("Explain TLS");
      await stage.read("each has its own tool");
      await stage.later(14_000);
      await stage.see("stalled");
    },
  },
  {
    name: "reply-retrying",
    size: "reply",
    async play(stage) {
      stage.server.world.answer = answerTo("[retry]");
      await stage.say("Please move my meeting.");
      await stage.see("retrying");
    },
  },
  {
    name: "reply-unreachable",
    size: "reply",
    speed: 25,
    clock: true,
    async play(stage) {
      await stage.say("Explain TLS");
      await stage.read("each has its own tool");
      await stage.offline();
      await stage.later(6_000);
      await stage.see("unreachable");
      await stage.page.getByTestId("banner").waitFor();
    },
  },
  {
    name: "reply-stopped",
    size: "reply",
    speed: 25,
    async play(stage) {
      await stage.say("Explain TLS");
      await stage.read("each has its own tool");
      await stage.page.getByTestId("stop").click();
      await stage.see("cancelled");
    },
  },
  {
    name: "reply-failed",
    size: "reply",
    async play(stage) {
      stage.server.world.answer = answerTo("[refuse]");
      await stage.say("Please move my meeting.");
      await stage.see("failed");
    },
  },
  {
    name: "reply-broke-off",
    size: "reply",
    async play(stage) {
      stage.server.world.answer = answerTo("[fail]");
      await stage.say("Please move my meeting.");
      await stage.see("failed");
    },
  },
  {
    name: "reply-complete",
    size: "reply",
    async play(stage) {
      await stage.asked("Please move my meeting.");
      await (await stage.see("complete")).hover();
    },
  },
  {
    name: "versions",
    size: "reply",
    async play(stage) {
      await stage.asked("Please move my meeting.");
      await stage.press("regenerate", "versions");
      await stage.see("complete");
      await stage.page.getByTestId("message").first().hover();
      await stage.press("edit", "edit-field");
    },
  },
  // The whole page.
  { name: "first-visit", size: "page", empty: true, demo: true, play: async () => {} },
  {
    name: "answer",
    size: "page",
    async play(stage) {
      await stage.asked("Explain how TLS keeps a connection private, as if I were a curious ten-year-old.");
      await stage.coloured();
      await stage.page.getByTestId("thread-scroll").evaluate((element) => element.scrollTo(0, 90));
    },
  },
  {
    name: "code-and-table",
    size: "page",
    async play(stage) {
      await stage.asked();
      await stage.coloured();
    },
  },
  {
    name: "formulas",
    size: "page",
    async play(stage) {
      await stage.asked("How do I solve a quadratic equation?");
      await stage.page.locator(".formula.display.set").nth(1).waitFor();
      await stage.page.locator(".formula:not(.set)").waitFor({ state: "detached" });
    },
  },
  {
    name: "diagram",
    size: "page",
    async play(stage) {
      stage.server.world.answer = answerTo("[diagram]");
      await stage.asked("Draw how a message is answered.");
      await stage.page.locator("[data-testid=diagram][data-state=drawn]").waitFor();
    },
  },
  {
    name: "diagram-failed",
    size: "reply",
    async play(stage) {
      stage.server.world.answer = { text: "```mermaid\nflowchart LR\n  Page --> \n```\n" };
      await stage.asked("Draw it.");
      await stage.read("could not be drawn");
    },
  },
  {
    name: "footnotes",
    size: "page",
    async play(stage) {
      stage.server.world.answer = answerTo("[footnotes]");
      await stage.asked("When did people begin to drink tea?");
    },
  },
  {
    name: "right-to-left",
    size: "page",
    async play(stage) {
      const text =
        "## مرحبا\n\nهذه **إجابة** قصيرة، وفيها رابط إلى [الموسوعة](https://ar.wikipedia.org) وكلمة `code`.\n\n1. واحد\n2. اثنان\n\n> اقتباس قصير\n\n| الأداة | الغرض |\n| --- | --- |\n| شهادة | هوية |\n| مفتاح | سر |\n\nAnd English below, from left to right.";
      stage.server.world.answer = { text };
      await stage.asked("اشرح لي كيف يحفظ TLS سرية الاتصال");
    },
  },
  {
    name: "menu",
    size: "page",
    play: (stage) => stage.openMenu(1),
  },
  {
    name: "deleted",
    size: "page",
    async play(stage) {
      await stage.openMenu(1);
      await stage.press("delete", "undo");
      await stage.composer.hover();
    },
  },
  {
    name: "search",
    size: "page",
    async play(stage) {
      await stage.page.getByTestId("search").fill("an");
      await stage.page.getByTestId("search-result").first().waitFor();
    },
  },
  {
    name: "usage",
    size: "page",
    async play(stage) {
      const price = { prompt: 25, completion: 200, currency: "USD" };
      stage.server.world.models = [{ id: "gpt-example", default: true, price }];
      await stage.page.reload();
      await stage.asked();
      await stage.page.getByTestId("cost").waitFor();
      await stage.openMenu(1);
      await stage.press("usage", "usage-table");
    },
  },
  {
    name: "help",
    size: "page",
    play: (stage) => stage.press("help", "help-dialog"),
  },
  {
    name: "settings",
    size: "page",
    play: (stage) => stage.press("settings", "import"),
  },
  {
    name: "prompt-menu",
    size: "page",
    async play(stage) {
      savePrompts(stage.server.world);
      await stage.page.getByTestId("new-chat").click();
      await stage.page.getByTestId("composer").pressSequentially("/");
      await stage.page.getByTestId("prompt-option").nth(2).waitFor();
      await stage.page.getByTestId("composer").press("ArrowDown");
    },
  },
  {
    name: "prompts",
    size: "page",
    async play(stage) {
      savePrompts(stage.server.world);
      await stage.press("settings", "prompt-new");
      await stage.page.getByTestId("prompt-edit").first().click();
      await stage.page.getByTestId("prompt-cancel").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "share",
    size: "page",
    async play(stage) {
      await stage.asked();
      await stage.openMenu(1);
      await stage.press("share", "create-link");
    },
  },
  {
    name: "share-link",
    size: "page",
    async play(stage) {
      await stage.asked();
      const token = await stage.shared();
      // A picture shows the same link each time.
      const link = stage.server.world.links.get(token);
      stage.server.world.links.set(token, { ...link, token: "0769f3b71c02d84e5a9b6f0c3d21e8a745", count: 1 });
      await stage.openMenu(1);
      await stage.press("share", "update-link");
    },
  },
  {
    name: "shared",
    size: "page",
    reading: true,
    async play(stage) {
      await stage.asked();
      await stage.readAsStranger(await stage.shared());
      await stage.coloured();
    },
  },
  {
    name: "shared-phone",
    size: "phone",
    reading: true,
    async play(stage) {
      await stage.asked("Please move my meeting.");
      await stage.press("regenerate", "versions");
      await stage.see("complete");
      await stage.readAsStranger(await stage.shared());
    },
  },
  {
    name: "shared-gone",
    size: "page",
    reading: true,
    play: (stage) => stage.readAsStranger("0700", "nothing-shared"),
  },
  {
    name: "links",
    size: "page",
    async play(stage) {
      await stage.asked();
      await stage.shared();
      await stage.press("settings", "share-item");
    },
  },
  {
    name: "imported",
    size: "page",
    async play(stage) {
      stage.server.world.importAnswer = {
        status: 200,
        imported: 41,
        unchanged: 2,
        messages: 380,
        refused: 1,
        notes: [
          { conversation: "Whales on a photograph", what: "an image", count: 2 },
          { conversation: "Train times", what: "a result of a tool", count: 4 },
          { conversation: "Draft", what: "not imported: there are no messages in it", count: 1 },
        ],
      };
      await stage.press("settings", "import");
      const file = { name: "conversations.json", mimeType: "application/json", buffer: Buffer.from("[]") };
      await stage.page.getByTestId("import-file").setInputFiles(file);
      await stage.press("import-notes", "import-notes");
      await stage.page.getByTestId("import-notes").scrollIntoViewIfNeeded();
    },
  },
  {
    name: "account",
    size: "page",
    async play(stage) {
      stage.server.world.provider = { id: "u1", name: "Ada Lovelace", guest: false };
      await stage.page.reload();
      await stage.press("sign-in", "sidebar");
      await stage.page.getByTestId("sign-in").waitFor({ state: "detached" });
      await stage.press("settings", "import");
    },
  },
  {
    name: "instructions",
    size: "page",
    async play(stage) {
      await stage.asked("Please move my meeting.");
      await stage.press("instructions", "instructions-dialog");
    },
  },
  {
    name: "signed-out",
    size: "page",
    empty: true,
    async play(stage) {
      stage.server.world.provider = { id: "u1", name: "Ada Lovelace", guest: false };
      stage.server.world.user = null;
      await stage.page.reload();
      await stage.page.getByTestId("signed-out").waitFor();
    },
  },
  // The connection.
  {
    name: "connection-connecting",
    size: "page",
    async play(stage) {
      await stage.offline();
      await stage.read("Connecting");
    },
  },
  {
    name: "connection-away",
    size: "page",
    clock: true,
    async play(stage) {
      await stage.offline();
      await stage.later(6_000);
      await stage.page.getByTestId("away-tag").waitFor();
    },
  },
  {
    name: "connection-offline",
    size: "page",
    clock: true,
    async play(stage) {
      await stage.asked("Please move my meeting.");
      await stage.page.context().setOffline(true);
      await stage.offline();
      await stage.say("And tell Ada that I am sorry.");
      await stage.later(6_000);
      await stage.page.getByTestId("banner").waitFor();
    },
  },
  {
    name: "connection-back",
    size: "page",
    async play(stage) {
      await stage.asked("Please move my meeting.");
      await stage.offline();
      await stage.say("Please move my other meeting.");
      await stage.see("saved", "user");
      stage.server.restore();
      await stage.page.locator("[data-role=assistant][data-status=complete]").nth(1).waitFor();
    },
  },
  {
    name: "connection-refused",
    size: "page",
    async play(stage) {
      stage.server.refuseFrames();
      await stage.page.getByTestId("banner").waitFor();
    },
  },
  // On a phone.
  { name: "phone-first-visit", size: "phone", empty: true, demo: true, play: async () => {} },
  {
    name: "phone-answer",
    size: "phone",
    async play(stage) {
      await stage.asked();
      await stage.coloured();
    },
  },
  {
    name: "phone-list",
    size: "phone",
    play: (stage) => stage.press("open-sidebar", "settings"),
  },
  {
    name: "phone-waiting",
    size: "phone",
    speed: 15,
    async play(stage) {
      await stage.say("Explain TLS");
      await stage.see("writing");
      await stage.composer.fill("And who invented it?");
      await stage.press("send", "waiting-message");
      await stage.composer.fill("Also");
    },
  },
  {
    name: "narrow-answer",
    size: "narrow",
    async play(stage) {
      await stage.asked();
    },
  },
];

/** Resolves when nothing moves any more, except what moves for ever, and nothing is drawn anew. */
export const settled = async (page) => {
  await page.evaluate(async () => {
    // What changes with the colours of the system changes with the next frame.
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    await Promise.all(
      document
        .getAnimations()
        .filter((one) => one.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY)
        .map((one) => one.finished.catch(() => {})),
    );
  });
  await page.locator("[data-testid=diagram][data-state=drawing]").waitFor({ state: "detached" });
};

/**
 * Opens the page on a server of its own, as most will first open it: by plain http, under a name that is not localhost.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {Omit<Scene, "name" | "play">} scene
 * @param {import("playwright-core").BrowserContextOptions} options
 */
export async function open(browser, scene, options = {}) {
  const server = await startFakeServer({ tokensPerSecond: scene.speed ?? 800 });
  const url = server.url.replace("127.0.0.1", "chat.test");
  if (!scene.empty) fillList(server);
  if (scene.demo) server.world.assistant.demo = true;
  const onPhone = scene.size === "phone" || scene.size === "narrow";
  const context = await browser.newContext({
    viewport: SIZES[scene.size],
    hasTouch: onPhone,
    isMobile: onPhone,
    locale: scene.locale ?? "en-GB",
    ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  /** What the page did that it must never do, in whatever tab. */
  const wrongs = [];
  context.on("weberror", (problem) => wrongs.push(`${problem.error().stack}`));
  context.on("console", (message) => {
    if (/Content Security Policy|Trusted ?Type/.test(message.text())) wrongs.push(message.text());
  });
  context.on("request", (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith("http") && host !== new URL(url).host) wrongs.push(`asked for ${request.url()}`);
  });
  const page = await context.newPage();
  const close = async () => {
    await context.close();
    await server.close();
  };
  try {
    if (scene.clock) await page.clock.install();
    if (scene.size === "reply") {
      // Not in the frames of diagrams, which have no storage.
      await page.addInitScript(() => self === top && localStorage.setItem("parley.sidebar", "hidden"));
    }
    await page.goto(url);
    await page.locator("[data-testid=connection][data-state=open]").waitFor({ state: "attached" });
    await page.evaluate(() => document.fonts.ready);
    return { page, server, stage: new Stage(page, server), wrongs, close };
  } catch (problem) {
    await close();
    throw problem;
  }
}

/**
 * Plays a scene.
 *
 * @param {import("playwright-core").Browser} browser
 * @param {Scene} scene
 * @param {import("playwright-core").BrowserContextOptions} options
 */
export async function play(browser, scene, options = {}) {
  const opened = await open(browser, scene, options);
  try {
    await scene.play(opened.stage);
    await settled(opened.page);
    return opened;
  } catch (problem) {
    await opened.close();
    throw new Error(`${scene.name}: ${problem instanceof Error ? problem.message : problem}`);
  }
}
