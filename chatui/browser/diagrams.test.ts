/** Diagrams: each is drawn in a frame that can do nothing else, whatever a model wrote into it. */
import { readFile } from "node:fs/promises";
import type { Browser, BrowserContextOptions, Frame } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launch } from "../dev/chromium.mjs";
import { open } from "../dev/scenes.mjs";
import { LONGEST_TEXT, TIME_LIMIT } from "../src/diagram/messages";
import { useStranger } from "./stranger";

let browser: Browser;
let opened: Awaited<ReturnType<typeof open>>;

beforeAll(async () => {
  browser = await launch();
});

afterAll(() => browser.close());

afterEach(async () => {
  await opened.close();
  expect(opened.wrongs).toEqual([]);
});

const TEA = `flowchart TD
  accTitle: How tea is made
  A[Boil water] --> B{Strong?}
  B -->|yes| C[Wait longer]
  B -->|no| D[Drink]
  C --> D`;

const fenced = (text: string) => `\`\`\`mermaid\n${text}\n\`\`\`\n`;

async function ask(text: string): Promise<void> {
  opened.server.world.answer = { text };
  await opened.stage.say("Draw it");
  await opened.stage.see("complete");
}

/** Saves it as a PNG. Says how the file begins. */
async function png(): Promise<string> {
  const [download] = await Promise.all([
    opened.page.waitForEvent("download"),
    opened.page.getByTestId("download-diagram-png").click(),
  ]);
  return (await readFile(await download.path())).toString("latin1", 1, 4);
}

async function start(text: string, options: BrowserContextOptions = {}): Promise<void> {
  opened = await open(browser, { size: "page" }, options);
  await ask(text);
}

const diagram = () => opened.page.getByTestId("diagram").last();
const state = () => diagram().getAttribute("data-state");
const ends = (as: string) => expect.poll(state, { timeout: 25_000 }).toBe(as);
const iframe = () => diagram().locator("iframe");
const inside = () => opened.page.frameLocator(".diagram iframe").last();

function frame(): Frame {
  const found = opened.page.frames().find((one) => one.url().endsWith("/diagram.html"));
  if (!found) throw new Error("there is no frame");
  return found;
}

/** Lets nobody have the frame's page until the test says so. */
async function holdUp() {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let asked = 0;
  await opened.page.route("**/diagram.html", async (route) => {
    asked++;
    await released;
    await route.continue().catch(() => {});
  });
  return { release, asked: () => asked };
}

describe("a reader", () => {
  test("sees the drawing by its name, in a frame that belongs to nobody", async () => {
    await start(fenced(TEA));
    await ends("drawn");
    await inside().getByText("Boil water").waitFor();
    expect(await iframe().getAttribute("title")).toBe("How tea is made");
    expect(await iframe().getAttribute("sandbox")).toBe("allow-scripts");
    expect(await frame().evaluate(() => self.origin)).toBe("null");
    const box = await iframe().boundingBox();
    const drawing = await inside().locator("svg").boundingBox();
    expect(drawing?.height).toBeGreaterThan(100);
    expect(box?.height).toBe(Math.ceil((drawing?.height ?? 0) + 32));
    expect(await diagram().locator("pre").isVisible()).toBe(false);
  });

  test("sees one without a name as a diagram", async () => {
    await start(fenced('pie\n  "a" : 1\n  "b" : 2'));
    await ends("drawn");
    expect(await iframe().getAttribute("title")).toBe("Diagram");
  });

  test("sees the code while it is written, and then the drawing", async () => {
    opened = await open(browser, { size: "page", speed: 2 });
    const rest = "That is all there is to say about tea. ".repeat(30);
    opened.server.world.answer = { text: `So:\n\n${fenced(TEA)}\n${rest}` };
    await opened.stage.say("Draw it");
    await opened.page.locator("pre", { hasText: "Boil water" }).waitFor();
    expect(await opened.page.getByTestId("diagram").count()).toBe(0);
    opened.server.world.tokensPerSecond = 10;
    await ends("drawn");
    expect(await opened.page.getByTestId("message").last().getAttribute("data-status")).toBe("writing");
  });

  test("goes to the code and back by keyboard, copies it, saves the drawing", async () => {
    await start(fenced(TEA));
    await ends("drawn");
    const toCode = opened.page.getByTestId("diagram-as-code");
    const pre = diagram().locator("pre");
    await toCode.focus();
    await opened.page.keyboard.press("Enter");
    await pre.waitFor();
    expect(await pre.innerText()).toBe(TEA);
    expect(await iframe().isVisible()).toBe(false);
    expect(await toCode.getAttribute("aria-pressed")).toBe("true");
    await opened.page.keyboard.press("Enter");
    await iframe().waitFor();
    expect(await toCode.evaluate((button) => button === document.activeElement)).toBe(true);
    const [download] = await Promise.all([
      opened.page.waitForEvent("download"),
      opened.page.getByTestId("download-diagram").click(),
    ]);
    expect(download.suggestedFilename()).toBe("diagram.svg");
    const svg = await readFile(await download.path(), "utf8");
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"[\s\S]*>Boil</);
    // It says so for a moment only.
    const copied = opened.page.getByTestId("copy-code").filter({ hasText: "Copied" }).waitFor();
    await opened.page.getByTestId("copy-code").click();
    await copied;
  });

  test("sees it in the page's colours", async () => {
    await start(fenced(TEA), { colorScheme: "light" });
    await ends("drawn");
    const fill = () =>
      inside()
        .locator(".node rect")
        .first()
        .evaluate((node) => getComputedStyle(node).fill);
    await expect.poll(fill).toBe("rgb(209, 239, 234)");
    await opened.page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(fill).toBe("rgb(19, 56, 55)");
    await opened.page.evaluate(() => localStorage.setItem("parley.theme", "light"));
    await opened.page.reload();
    await ends("drawn");
    await expect.poll(fill).toBe("rgb(209, 239, 234)");
  });

  test("who wants less motion gets none", async () => {
    await start(fenced("flowchart LR\n  A e1@--> B\n  e1@{ animate: true }"), { reducedMotion: "reduce" });
    await ends("drawn");
    const moving = () => frame().evaluate(() => document.getAnimations().length);
    expect(await moving()).toBe(0);
    await opened.page.emulateMedia({ reducedMotion: "no-preference" });
    await expect.poll(moving).toBeGreaterThan(0);
  });

  test("scrolls a wide one sideways on a phone", async () => {
    const steps = Array.from({ length: 12 }, (_, at) => `S${at}[Step ${at}] --> S${at + 1}[Step ${at + 1}]`);
    opened = await open(browser, { size: "phone" });
    opened.server.world.answer = { text: fenced(`flowchart LR\n${steps.join("\n")}`) };
    await opened.stage.composer.fill("Draw it");
    await opened.page.getByTestId("send").click();
    await ends("drawn");
    const scroller = inside().locator("body > div").first();
    expect(await scroller.evaluate((one) => one.scrollWidth > one.clientWidth)).toBe(true);
    expect(await scroller.getAttribute("tabindex")).toBe("0");
    expect(await opened.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });

  test("is told in a sentence that it can't be drawn, and reads the code", async () => {
    await start(fenced("flowchart TD\n  A -->"));
    await ends("failed");
    expect(await diagram().innerText()).toContain("This diagram could not be drawn.");
    expect(await diagram().locator("pre").innerText()).toBe("flowchart TD\n  A -->");
    expect(await iframe().count()).toBe(0);
  });

  test("is told that it is too long", async () => {
    await start(fenced(`flowchart TD\n  A[${"x".repeat(LONGEST_TEXT)}]`));
    await ends("failed");
    expect(await diagram().innerText()).toContain("too long");
  });

  test("is told when the frame does not answer in time, and no one else can answer for it", async () => {
    opened = await open(browser, { size: "page", clock: true });
    await holdUp();
    await ask(fenced(TEA));
    await iframe().waitFor({ state: "attached" });
    await opened.page.evaluate(() => {
      const drawn = { type: "drawn", request: 1, height: 99, title: "", svg: "<svg/>" };
      for (const message of [{ type: "ready" }, drawn]) window.postMessage(message, "*");
    });
    await opened.stage.later(TIME_LIMIT - 1_000);
    expect(await state()).toBe("drawing");
    await opened.stage.later(2_000);
    await ends("failed");
    expect(await diagram().locator("pre").innerText()).toBe(TEA);
  });

  test("stays where they are while one above is drawn, and at the end if they are there", async () => {
    const paragraphs = (name: string) =>
      Array.from({ length: 14 }, (_, at) => `${name} ${at}: ${"some words ".repeat(20)}`).join("\n\n");
    opened = await open(browser, { size: "page" });
    const { release, asked } = await holdUp();
    await ask(`${paragraphs("First")}\n\n${fenced(TEA)}\n${paragraphs("Second")}`);
    const paragraph = opened.page.getByText("Second 5:");
    await paragraph.evaluate((one) => one.scrollIntoView({ block: "center" }));
    await expect.poll(asked).toBe(1);
    const before = await paragraph.boundingBox();
    expect((await diagram().boundingBox())?.y, "the diagram is above what is in sight").toBeLessThan(-100);
    const height = (await diagram().boundingBox())?.height;
    release();
    await ends("drawn");
    await expect.poll(async () => (await diagram().boundingBox())?.height).not.toBe(height);
    expect(Math.abs(((await paragraph.boundingBox())?.y ?? 0) - (before?.y ?? 0))).toBeLessThanOrEqual(1);
    // And at the end: the same question again, whose drawing comes while the reader is there.
    await ask(fenced(TEA));
    await ends("drawn");
    const fromEnd = () =>
      opened.page
        .getByTestId("thread-scroll")
        .evaluate((one) => one.scrollHeight - one.clientHeight - one.scrollTop);
    await expect.poll(fromEnd).toBeLessThanOrEqual(1);
  });

  test("who meets no diagram loads nothing for them", async () => {
    opened = await open(browser, { size: "page" });
    const loaded: string[] = [];
    opened.page.on("request", (request) => loaded.push(new URL(request.url()).pathname));
    await opened.page.reload();
    await ask("```js\nlet mermaid;\n```");
    await opened.page.locator(".code .hl-keyword").waitFor();
    expect(loaded.filter((path) => path.includes("diagram"))).toEqual([]);
    await ask(fenced(TEA));
    await ends("drawn");
    expect(loaded.filter((path) => path.includes("diagram"))).toHaveLength(2);
  });
});

describe("every kind is drawn under the policy", () => {
  test.each<[string, string]>([
    [
      "sequence",
      "sequenceDiagram\n  participant A as Ada\n  A->>B: Hello <b>there</b>\n  Note over A,B: both\n  B-->>A: Hi",
    ],
    ["class", "classDiagram\n  class Shape {\n    +area() double\n  }\n  Shape <|-- Circle"],
    ["state", "stateDiagram-v2\n  [*] --> Open\n  Open --> Closed : close\n  Closed --> [*]"],
    ["entities", "erDiagram\n  PERSON ||--o{ ORDER : places\n  PERSON {\n    string name\n  }"],
    [
      "gantt",
      "gantt\n  dateFormat YYYY-MM-DD\n  section A\n  One :a1, 2026-01-01, 30d\n  Two :after a1, 20d",
    ],
    ["pie", 'pie title Pets\n  "Dogs" : 386\n  "Cats" : 85'],
    ["mind map", "mindmap\n  root((Tea))\n    Green\n    Black"],
    ["timeline", "timeline\n  title History\n  2002 : LinkedIn\n  2004 : Facebook"],
    ["journey", "journey\n  title My day\n  section Work\n    Make tea: 5: Me"],
    ["git", "gitGraph\n  commit\n  branch develop\n  commit\n  checkout main\n  merge develop"],
    ["quadrant", 'quadrantChart\n  x-axis Low --> High\n  y-axis Low --> High\n  "A": [0.3, 0.6]'],
    ["bars", "xychart-beta\n  x-axis [a, b]\n  bar [1, 2]"],
    ["blocks", "block-beta\n  columns 2\n  a b"],
    [
      "architecture",
      "architecture-beta\n  service db(database)[Database]\n  service web(server)[Web]\n  web:R --> L:db",
    ],
    ["kanban", "kanban\n  Todo\n    [Write]\n  Done\n    [Read]"],
    ["subgraphs", "flowchart LR\n  subgraph one\n    a --> b\n  end\n  b --> c((end))"],
  ])("%s", async (kind, text) => {
    await start(fenced(text));
    await ends("drawn");
    const drawing = inside().locator("div > svg");
    expect((await drawing.boundingBox())?.height).toBeGreaterThan(20);
    expect(await drawing.locator("text").count()).toBeGreaterThan(0);
    // What mermaid writes as markup is still there: one picture for each service.
    if (kind === "architecture") expect(await drawing.locator("svg path").count()).toBeGreaterThan(1);
    expect(await png()).toBe("PNG");
  });
});

describe("what a model writes into it", () => {
  const stranger = useStranger();

  // What the frame's policy had to refuse is no fault of the page; the last of it is told late, but not of a closed page.
  afterEach(async () => {
    await opened.page.close();
    opened.wrongs.length = 0;
  });

  const directive = (config: object, rest: string) => `%%{init: ${JSON.stringify(config)}}%%\n${rest}`;
  const LOOSE = { securityLevel: "loose", htmlLabels: true, flowchart: { htmlLabels: true } };
  const SCRIPT = "parent.pwned=1;self.pwned=1";

  test.each<[string, string]>([
    ["a label in HTML", `flowchart TD\n  A["<img src='AT/img.png' onerror='${SCRIPT}'>"] --> B["<b>x</b>"]`],
    ["a script", `flowchart TD\n  A["<script>${SCRIPT}</script><iframe src='AT/frame'></iframe>"]`],
    ["a link", 'flowchart TD\n  A[to go] --> B\n  click A href "AT/click" "tip" _self'],
    ["a link elsewhere", 'flowchart TD\n  A[to go] --> B\n  click A "AT/click" _top'],
    ["a link that runs", `flowchart TD\n  A[to go] --> B\n  click A href "javascript:${SCRIPT}"`],
    ["a call", `flowchart TD\n  A[to go] --> B\n  click A call fetch("AT/call")`],
    [
      "a directive",
      directive(
        LOOSE,
        `flowchart TD\n  A["<img src='AT/img.png' onerror='${SCRIPT}'>"]\n  click A href "javascript:${SCRIPT}"`,
      ),
    ],
    [
      "front matter",
      `---\nconfig:\n  securityLevel: loose\n  htmlLabels: true\n---\nflowchart TD\n  A["<img src=x onerror='${SCRIPT}'>"]\n  click A call fetch("AT/call")`,
    ],
    [
      "a style sheet",
      directive(
        { themeCSS: "@import url(AT/theme.css); * { background: url(AT/bg.png) }" },
        "flowchart TD\n  A",
      ),
    ],
    [
      "a font",
      directive(
        {
          fontFamily: "x; src: url(AT/font.woff)",
          themeVariables: { fontFamily: "x}@font-face{font-family:x;src:url(AT/f.woff)}" },
        },
        "flowchart TD\n  A",
      ),
    ],
    [
      "a style of a state",
      "stateDiagram-v2\n  classDef c mask:url(AT/mask.svg),cursor:url(AT/c.cur)\n  a --> b\n  class a c",
    ],
    [
      "a style of a class",
      "classDiagram\n  class A\n  style A mask:url(AT/mask.svg),background-image:url(AT/bg.png)",
    ],
    ["a style of a block", "block-beta\n  a b\n  style a mask:url(AT/mask.svg),filter:url(AT/filter.svg)"],
    [
      "a link of a task",
      'gantt\n  dateFormat YYYY-MM-DD\n  section A\n  One :a1, 2026-01-01, 30d\n  click a1 href "AT/gantt"',
    ],
    ["an image", 'flowchart TD\n  A@{ img: "AT/shape.png", label: "x", w: 60, h: 60 }'],
    ["an icon", 'flowchart TD\n  A@{ icon: "fa:AT/icon", label: "x" }\n  B["fa:fa-car AT"]'],
    ["a link of a class", 'classDiagram\n  class A\n  link A "AT/link"\n  click A href "AT/href"'],
    ["a formula", 'flowchart TD\n  A["$$\\\\href{AT/math}{x}\\\\includegraphics{AT/math.png}$$"]'],
    ["markdown", 'flowchart TD\n  A["`![x](AT/md.png) [y](AT/md)`"]'],
  ])("%s asks nobody, runs nothing and leads nowhere", async (what, text) => {
    opened = await open(browser, { size: "page" });
    await ask(fenced(text.replaceAll("AT", stranger.address())));
    // Mermaid waits for an image, and never gets it.
    const isDrawn = what !== "an image";
    await ends(isDrawn ? "drawn" : "failed");
    if (isDrawn) {
      const address = frame().url();
      for (const part of await inside().locator("svg :is(a, .clickable, .node, text)").all()) {
        await part.click({ force: true, timeout: 1_000 }).catch(() => {});
      }
      expect(
        await inside().locator("body :is([href^='http'], [target], script, iframe, [onerror])").count(),
      ).toBe(0);
      expect(await frame().evaluate(() => "pwned" in self)).toBe(false);
      expect(frame().url()).toBe(address);
      // Saved as a picture or not, it asks nobody either.
      let pictures = 0;
      opened.page.on("download", () => pictures++);
      await opened.page.getByTestId("download-diagram-png").click();
      const refused = diagram().getByText("That did not work just now.");
      await expect.poll(async () => pictures + (await refused.count())).toBe(1);
    }
    expect(await opened.page.evaluate(() => "pwned" in window)).toBe(false);
    expect(opened.page.context().pages()).toHaveLength(1);
    expect(stranger.asked()).toEqual([]);
    // It would have been heard.
    await fetch(`${stranger.address()}/heard`);
    expect(stranger.asked()).toContain("/heard");
  });

  test("even a script in the frame would be held", async () => {
    await start(fenced(TEA));
    await ends("drawn");
    const held = await frame().evaluate(async (address) => {
      const tries = {
        fetch: () => fetch(`${address}/fetch`),
        markup: () => {
          document.body.insertAdjacentHTML("beforeend", `<img src="x" onerror="self.pwned=1">`);
          return document.querySelector("[onerror]") ? "let in" : Promise.reject("cleaned");
        },
        // Later, since what a debugger asks for is let through.
        eval: () =>
          new Promise((resolve, reject) =>
            setTimeout(() => {
              try {
                resolve(new Function("return 1")());
              } catch (refused) {
                reject(refused);
              }
            }),
          ),
        script: () => Object.assign(document.createElement("script"), { src: `${address}/s.js` }),
        page: () => parent.document.title,
        storage: () => localStorage.length,
        cookie: () => document.cookie,
        window: () => window.open(`${address}/open`) ?? Promise.reject("refused"),
        top: () => {
          if (top) top.location.href = `${address}/top`;
        },
      };
      const letIn: string[] = [];
      for (const [name, attempt] of Object.entries(tries)) {
        try {
          await attempt();
          letIn.push(name);
        } catch {
          // As it should be.
        }
      }
      return letIn;
    }, stranger.address());
    expect(held).toEqual([]);
    await frame().evaluate((address) => {
      location.href = `${address}/self`;
    }, stranger.address());
    // The browser connects before it asks the page's policy, but then sends nothing.
    await expect.poll(() => opened.wrongs.join()).toContain(`Framing '${stranger.address()}/' violates`);
    expect(stranger.asked().filter((what) => what !== "a connection")).toEqual([]);
  });
});
