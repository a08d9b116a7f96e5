/**
 * What a long conversation costs the browser: a thread of many messages, all in sight of the page, and under it a long
 * reply that streams fast. Chromium's own tracing says how long the main thread was busy at a stretch; a frame can't be
 * shorter than that. The page runs on its fake server, because the browser is what is measured.
 *
 *   script/bench frames [--messages 2000] [--words 10000] [--rate 100] [--slowdown 1] [--shape mixed|list|paragraph|code]
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { answerTo } from "../../chatui/dev/answers.mjs";
import { launch } from "../../chatui/dev/chromium.mjs";
import { open } from "../../chatui/dev/scenes.mjs";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "2000" },
    words: { type: "string", default: "10000" },
    rate: { type: "string", default: "100" },
    slowdown: { type: "string", default: "1" },
    shape: { type: "string", default: "mixed" },
    // where the numbers go, for the report
    figures: { type: "string" },
  },
});
const messages = Number(values.messages);
const words = Number(values.words);
const rate = Number(values.rate);
const slowdown = Number(values.slowdown);
/** Milliseconds of one task that are felt as a jerk. */
const LONG = 50;

/** What a task of the page is made of; they are not inside of each other. */
const PARTS = new Set([
  "FunctionCall",
  "FireAnimationFrame",
  "UpdateLayoutTree",
  "Layout",
  "PrePaint",
  "Paint",
  "Layerize",
  "Commit",
  "HitTest",
  "MinorGC",
  "MajorGC",
  "V8.GC_MARK_COMPACTOR",
  "IntersectionObserverController::computeIntersections",
]);

const count = (text) => text.match(/\S+/g)?.length ?? 0;
const SENTENCE = "The quick *brown* fox jumps over the **lazy** dog and `returns` home. ";
/** @type {Record<string, (at: number) => string>} pieces that make a reply */
const SHAPES = {
  mixed: () => `${answerTo("[long]").text}\n\n`,
  list: (at) => `${at === 0 ? "" : "\n"}- ${SENTENCE}`,
  paragraph: () => SENTENCE,
  code: (at) => (at === 0 ? "```js\n" : "const answer = compute(6, 7); // and so on\n"),
};

function reply() {
  const piece = SHAPES[values.shape];
  if (!piece) throw new Error(`There is no shape ${values.shape}`);
  let text = "";
  for (let at = 0, have = 0; have < words; at++) {
    const next = piece(at);
    text += next;
    have += count(next);
  }
  return text;
}

function fill(server) {
  const model = server.conversation("long");
  for (let at = 0; at < messages / 2; at++) {
    model.send({ messageId: `q${at}`, parentId: at ? `a${at - 1}` : null, text: `Question ${at}?`, replyId: `a${at}` });
    model.start(`a${at}`);
    model.delta(`a${at}`, at % 10 === 0 ? answerTo("[long]").text : `Answer ${at}. ${SENTENCE.repeat(3)}`);
    model.end(`a${at}`, "completed");
  }
}

/** Scrolls to the top until the first message is in the page. */
async function readAll(page) {
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        const scroller = document.querySelector("[data-testid=thread-scroll]");
        const step = () => {
          if (document.querySelector("[data-message-id=q0]")) return resolve();
          scroller.scrollTop = 0;
          requestAnimationFrame(step);
        };
        step();
      }),
  );
}

const percentile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;

const browser = await launch();
const { page, server, stage, close } = await open(browser, { size: "page", speed: rate });
server.world.answer = { text: reply() };
fill(server);
await page.goto(`${page.url().split("#")[0]}#/c/long`);
await page.getByTestId("message").first().waitFor();
page.setDefaultTimeout(600_000);
await readAll(page);
const shown = await page.getByTestId("message").count();

const devtools = await page.context().newCDPSession(page);
if (slowdown > 1) await devtools.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
const events = [];
devtools.on("Tracing.dataCollected", ({ value }) => events.push(...value));
const traced = new Promise((resolve) => devtools.once("Tracing.tracingComplete", resolve));
await devtools.send("Tracing.start", {
  transferMode: "ReportEvents",
  traceConfig: { includedCategories: ["disabled-by-default-devtools.timeline", "devtools.timeline", "__metadata"] },
});
const began = Date.now();
await stage.composer.fill("Write a very long answer");
await page.getByTestId("send").click();
const answer = page.locator("[data-testid=message][data-role=assistant]").last();
// Asked of the server: to ask the page again and again would be work that it does not have otherwise.
const model = server.conversation("long");
while (model.messages.size < messages + 2) await new Promise((resolve) => setTimeout(resolve, 200));
await answer.locator("xpath=self::*[@data-status='complete']").waitFor();
const seconds = (Date.now() - began) / 1000;
await devtools.send("Tracing.end");
await traced;
const length = await answer.locator(".markdown").evaluate((element) => element.textContent.length);
await close();
await browser.close();

const main = events.find((one) => one.name === "thread_name" && one.args.name === "CrRendererMain");
const onMain = events.filter((one) => one.pid === main.pid && one.tid === main.tid && one.ph === "X");
// The time that the thread had the processor: what other programs took away in between is not the page's.
const tasks = onMain
  .filter((one) => one.name === "RunTask")
  .map((one) => (one.tdur ?? one.dur) / 1000)
  .sort((a, b) => a - b);
if (tasks.length === 0) throw new Error("the trace has no tasks of the page");
const frames = onMain.filter((one) => one.name === "FireAnimationFrame").length;
const busy = tasks.reduce((sum, one) => sum + one, 0) / 1000;
const long = tasks.filter((one) => one > LONG);
console.log(
  `${values.shape}: ${messages} messages, ${shown} of them in the page, a reply of ${length} characters at ${rate} words/s in ${seconds.toFixed(0)} s, CPU slowed ${slowdown}×`,
);
console.log(
  `tasks of the main thread: p50 ${percentile(tasks.filter((one) => one > 0.5), 0.5).toFixed(1)} ms of those over 0.5 ms, p99 ${percentile(tasks, 0.99).toFixed(1)} ms, longest ${tasks.at(-1).toFixed(1)} ms`,
);
console.log(`over ${LONG} ms: ${long.length} (${long.slice(-5).map((one) => one.toFixed(0)).join(", ")})`);
const parts = new Map();
for (const task of onMain.filter((one) => one.name === "RunTask" && (one.tdur ?? one.dur) / 1000 > LONG)) {
  for (const one of onMain) {
    if (!PARTS.has(one.name) || one.ts < task.ts || one.ts >= task.ts + task.dur) continue;
    parts.set(one.name, (parts.get(one.name) ?? 0) + (one.tdur ?? one.dur) / 1000 / long.length);
  }
}
const named = [...parts].sort(([, a], [, b]) => b - a).map(([name, time]) => `${name} ${time.toFixed(1)}`);
if (long.length > 0) console.log(`in each of them, in ms: ${named.join(", ")}`);
console.log(`busy ${((busy / seconds) * 100).toFixed(0)} % of the time; ${frames} animation frames asked for`);
if (values.figures) {
  const p50 = percentile(tasks.filter((one) => one > 0.5), 0.5);
  const figures = [
    { name: "p50 of those over 0.5 ms", value: p50, unit: "ms" },
    { name: "p99", value: percentile(tasks, 0.99), unit: "ms" },
    { name: "longest", value: tasks.at(-1), unit: "ms" },
    { name: `over ${LONG} ms`, value: long.length, unit: "" },
    { name: "busy", value: (busy / seconds) * 100, unit: "%" },
    { name: "animation frames", value: frames, unit: "" },
  ];
  const name = `${values.shape}, ${messages} messages, ${length} characters at ${rate} words/s, slowed ${slowdown}×`;
  writeFileSync(values.figures, JSON.stringify({ table: "Tasks of the main thread", name, figures }));
}
process.exitCode = long.length > 0 ? 1 : 0;
