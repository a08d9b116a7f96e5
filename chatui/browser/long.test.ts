/** Long conversations and long replies cost as much per word as short ones. Counted, not timed. */
import { expect, test } from "vitest";
import { type Opened, useBrowser } from "./opened";

const open = useBrowser();
let opened: Opened;

/** Opens a conversation with so many messages, all of which were in the page, and a reply that has begun with a text. */
async function reading(messages: number, text: string): Promise<(more: string) => Promise<void>> {
  opened = await open({ size: "page" });
  const { page, server, stage } = opened;
  const model = server.conversation("long");
  for (let at = 0; at < messages / 2; at++) {
    model.send({
      messageId: `q${at}`,
      parentId: at ? `a${at - 1}` : null,
      text: `Question ${at}?`,
      replyId: `a${at}`,
    });
    model.start(`a${at}`);
    model.delta(`a${at}`, `Answer ${at}.`);
    model.end(`a${at}`, "completed");
  }
  server.world.busy = true;
  await page.goto(`${page.url().split("#")[0]}#/c/long`);
  await page.getByTestId("message").first().waitFor();
  const scroller = page.getByTestId("thread-scroll");
  while ((await page.locator("[data-message-id=q0]").count()) === 0) {
    await scroller.evaluate((element) => element.scrollTo(0, 0));
  }
  await stage.say("And now?");
  await stage.see("queued");
  // What was read far up leaves the page in steps, which are not what a word costs.
  await settled();
  const { replyId } = model.replies[0];
  let written = "";
  const write = async (more: string) => {
    written += more;
    model.delta(replyId, more);
    const end = /\S+$/.exec(written)?.[0] ?? "";
    await page.waitForFunction(
      (end) =>
        document.querySelector("[data-status=writing] .markdown")?.textContent?.trimEnd().endsWith(end),
      end,
    );
  };
  model.start(replyId);
  await write(text);
  return write;
}

/** Waits until ten frames have gone by in which no group has come into the page or left it. */
async function settled(): Promise<void> {
  await opened.page.evaluate(async () => {
    const groups = () => [...document.querySelectorAll(".group")];
    let before = groups();
    for (let frames = 0; frames < 10; frames++) {
      await new Promise(requestAnimationFrame);
      const now = groups();
      if (now.length !== before.length || now.some((group, at) => group !== before[at])) frames = 0;
      before = now;
    }
  });
}

/** How many calls of functions of the page one more word costs. */
async function callsPerWord(messages: number, text: string): Promise<number> {
  const write = await reading(messages, text);
  const devtools = await opened.page.context().newCDPSession(opened.page);
  await devtools.send("Profiler.enable");
  await devtools.send("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const words = 40;
  for (let at = 0; at < words; at++) await write(` word${at}`);
  const { result } = await devtools.send("Profiler.takePreciseCoverage");
  const calls = result
    .filter(({ url }) => url.startsWith("http"))
    .flatMap(({ functions }) => functions)
    .reduce((sum, { ranges }) => sum + (ranges[0]?.count ?? 0), 0);
  await opened.close();
  return calls / words;
}

const paragraphs = (count: number) =>
  Array.from({ length: count }, (_, at) => `Paragraph ${at} with *some* words and \`code\` in it.`).join(
    "\n\n",
  );

test("a word costs the same under many messages as under few", async () => {
  const few = await callsPerWord(10, paragraphs(3));
  const many = await callsPerWord(300, paragraphs(3));
  // One call for each message would be 290 more, for each that is in the page 90.
  expect(many, `${few} calls under 10 messages`).toBeLessThan(few + 60);
}, 120_000);

test("a word costs the same at the end of a long reply as at that of a short one", async () => {
  const short = await callsPerWord(2, paragraphs(3));
  const long = await callsPerWord(2, paragraphs(600));
  // One call for each paragraph would be 597 more.
  expect(long, `${short} calls at the end of a short one`).toBeLessThan(short + 60);
}, 120_000);

test("the page is written at most once for each frame of the screen, however fast words come", async () => {
  opened = await open({ size: "page", speed: 100_000 });
  const { page, server, stage } = opened;
  server.world.answer = { text: paragraphs(400) };
  await page.evaluate(() => {
    const counts = { frames: 0, writes: 0 };
    Object.assign(window, { counts });
    const frame = () => {
      counts.frames++;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    let last = -1;
    new MutationObserver((records) => {
      const ofReply = records.some(({ target }) => target.parentElement?.closest(".markdown.writing"));
      // More than one turn of the loop within a frame is more than one render.
      if (ofReply && last === counts.frames) counts.writes++;
      if (ofReply) last = counts.frames;
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
  await stage.say("Quickly, please");
  await stage.see("complete");
  const counts = await page.evaluate(
    () => (window as unknown as { counts: { frames: number; writes: number } }).counts,
  );
  expect(counts.frames).toBeGreaterThan(5);
  // The end of a reply and the first of its frames may share one.
  expect(counts.writes).toBeLessThanOrEqual(2);
});
