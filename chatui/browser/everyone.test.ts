/** For those who use no mouse, who listen, who want less motion, and who read what a stranger's model wrote. */
import { describe, expect, test } from "vitest";
import { type Opened, useBrowser } from "./opened";
import { useStranger } from "./stranger";

const open = useBrowser();
let opened: Opened;

/** The `data-testid` of what has the focus; its tag if it has none. */
const focus = () =>
  opened.page.evaluate(
    () => document.activeElement?.getAttribute("data-testid") ?? document.activeElement?.tagName ?? "",
  );
const focused = (testid: string) => expect.poll(focus).toBe(testid);
const press = (...keys: string[]) =>
  keys.reduce((before, key) => before.then(() => opened.page.keyboard.press(key)), Promise.resolve());

/** Goes on with Tab until something has the focus. */
async function tabTo(testid: string, key = "Tab"): Promise<void> {
  for (let steps = 0; steps < 80; steps++) {
    await press(key);
    if ((await focus()) === testid) return;
  }
  throw new Error(`${testid} is not reached with ${key}`);
}

describe("by keyboard alone", () => {
  const ask = async (text: string) => {
    await focused("composer");
    await opened.page.keyboard.type(text);
    await press("Enter");
  };

  test("a question is changed, given up, changed again and sent", async () => {
    opened = await open({ size: "page" });
    await ask("First question");
    await opened.stage.see("complete");
    await tabTo("edit", "Shift+Tab");
    await press("Enter");
    await focused("edit-field");
    await press("Escape");
    await focused("edit");
    await press("Enter");
    await opened.page.keyboard.type(", changed");
    await press("Enter");
    await opened.page.getByText("First question, changed").first().waitFor();
    await opened.page.getByTestId("versions").waitFor();
    await focused("composer");
  });

  test("an answer is written again, and its versions are gone through", async () => {
    opened = await open({ size: "page" });
    await ask("A question");
    await opened.stage.see("complete");
    await tabTo("regenerate", "Shift+Tab");
    await press("Enter");
    await focused("composer");
    await opened.stage.see("complete");
    await tabTo("previous-version", "Shift+Tab");
    await press("Enter");
    await opened.page.getByTestId("version-count").getByText("1/2").waitFor();
    // The way back stays ready, although there is no earlier version to go to.
    await focused("next-version");
    await press("Enter");
    await opened.page.getByTestId("version-count").getByText("2/2").waitFor();
    await focused("previous-version");
  });

  test("an answer that failed is tried again", async () => {
    opened = await open({ size: "page" });
    await ask("[refuse] A question");
    await opened.stage.see("failed");
    await tabTo("retry", "Shift+Tab");
    await press("Enter");
    await opened.page.getByTestId("version-count").getByText("2/2").waitFor();
    await focused("composer");
  });

  test("messages that wait are removed and changed", async () => {
    opened = await open({ size: "page", speed: 10 });
    await ask("Explain TLS");
    await opened.stage.see("writing");
    await ask("Second");
    await ask("Third");
    await opened.page.getByTestId("waiting-message").nth(1).waitFor();
    await tabTo("remove-waiting", "Shift+Tab");
    await press("Enter");
    await expect.poll(() => opened.page.getByTestId("waiting-message").count()).toBe(1);
    await focused("composer");
    await tabTo("edit-waiting", "Shift+Tab");
    await press("Enter");
    await focused("composer");
    await expect.poll(() => opened.stage.composer.inputValue()).toBe("Second");
    await press("Escape");
    await opened.stage.see("cancelled");
    await focused("composer");
  });

  test("a conversation is opened, renamed, pinned, deleted and brought back", async () => {
    opened = await open({ size: "page" });
    const first = () => opened.page.getByTestId("conversation-item").nth(1);
    const menu = async (...keys: string[]) => {
      await first().getByTestId("conversation-menu").focus();
      await press("Enter", ...keys, "Enter");
    };
    await menu("ArrowDown");
    await focused("rename-field");
    await opened.page.keyboard.type("Another name");
    await press("Enter");
    await opened.page.getByTestId("conversation-item").filter({ hasText: "Another name" }).waitFor();
    await focused("conversation-link");
    await press("Enter");
    await opened.page.getByTestId("thread").waitFor();
    await focused("composer");
    await menu();
    await expect.poll(() => opened.page.getByRole("heading", { name: "Today" }).count()).toBe(0);
    await focused("conversation-menu");
    await menu("End");
    await opened.page.getByTestId("undo").waitFor();
    await focused("composer");
    await tabTo("undo");
    await press("Enter");
    await opened.page.getByTestId("conversation-item").filter({ hasText: "Another name" }).waitFor();
    await focused("composer");
    // One that is not in sight: the focus goes on to its neighbour.
    await opened.page.getByTestId("conversation-menu").nth(3).focus();
    await press("Enter", "End", "Enter");
    await expect.poll(() => opened.page.getByTestId("conversation-item").count()).toBe(6);
    await focused("conversation-link");
  });

  test("a search is made, its result opened", async () => {
    opened = await open({ size: "page" });
    await press("Control+k");
    await focused("search");
    await opened.page.keyboard.type("ukulele");
    await opened.page.getByTestId("search-result").first().waitFor();
    await press("Tab", "Enter");
    await opened.page.locator(".message.found").waitFor();
  });

  test("settings are changed, everything is deleted", async () => {
    opened = await open({ size: "page" });
    await tabTo("settings", "Shift+Tab");
    await press("Enter");
    await opened.page.getByTestId("settings-dialog").waitFor();
    await tabTo("delete-all");
    await press("Enter");
    await focused("delete-all-sure");
    await press("Enter");
    await expect.poll(() => opened.page.getByTestId("conversation-item").count()).toBe(0);
    await expect
      .poll(() => opened.page.getByTestId("notice").innerText())
      .toContain("All conversations were deleted");
    await focused("settings");
  });

  test("instructions are given and a model is chosen", async () => {
    opened = await open({ size: "page" });
    opened.server.world.models = [
      { id: "big", default: true },
      { id: "small", default: false },
    ];
    await opened.page.reload();
    await ask("A question");
    await opened.stage.see("complete");
    await tabTo("model-choice");
    await press("Enter", "ArrowDown", "Enter");
    await expect.poll(() => opened.page.getByTestId("model-choice").innerText()).toContain("small");
    await focused("model-choice");
    await tabTo("instructions", "Shift+Tab");
    await press("Enter");
    await focused("instructions-field");
    await opened.page.keyboard.type("In verse.");
    await press("Tab", "Tab", "Enter");
    await opened.page.getByTestId("instructions-dialog").waitFor({ state: "detached" });
    await focused("instructions");
  });

  test("whoever types faster than messages are stored loses no key", async () => {
    opened = await open({ size: "page", speed: 20 });
    await focused("composer");
    for (const text of ["Explain TLS", "two", "three", "four"]) {
      await opened.page.keyboard.type(text);
      await press("Enter");
    }
    await expect
      .poll(() => opened.page.getByTestId("waiting-message").allInnerTexts())
      .toEqual(["two", "three", "four"]);
    await expect.poll(() => opened.stage.composer.inputValue()).toBe("");
  });

  test("code is wrapped and copied", async () => {
    opened = await open({ size: "page" });
    await ask("Explain TLS");
    await opened.stage.see("complete");
    await tabTo("copy-code", "Shift+Tab");
    // It says so for a moment only.
    const copied = opened.page.getByTestId("copy-code").filter({ hasText: "Copied" }).waitFor();
    await press("Enter");
    await copied;
    await focused("copy-code");
    await press("Shift+Tab", "Shift+Tab", "Enter");
    await opened.page.locator(".code.wrapped").waitFor();
  });
});

describe("those who listen", () => {
  /** Everything that the status region said, in its order. */
  const listen = () =>
    opened.page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      const region = document.querySelector("[data-testid=announcement]");
      if (!region) throw new Error("there is no status region");
      new MutationObserver(() => said.push(region.textContent ?? "")).observe(region, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
  const said = () => opened.page.evaluate(() => (window as unknown as { said: string[] }).said);

  test("hear what happens to each answer, once, and never the words as they come", async () => {
    opened = await open({ size: "page" });
    await listen();
    await opened.stage.say("Explain TLS");
    await opened.stage.see("complete");
    await expect.poll(said).toEqual(["Generating", "Reply complete"]);
    await opened.stage.say("[refuse] again");
    await opened.stage.see("failed");
    await expect.poll(said).toEqual(["Generating", "Reply complete", "Generating", "Failed"]);
    opened.server.world.tokensPerSecond = 10;
    await opened.stage.say("Explain TLS");
    await opened.stage.see("writing");
    await opened.page.keyboard.press("Escape");
    await opened.stage.see("cancelled");
    await expect
      .poll(said)
      .toEqual(["Generating", "Reply complete", "Generating", "Failed", "Generating", "Stopped"]);
    // The thread is a log that does not speak by itself, and no other region in the page speaks of answers.
    expect(
      await opened.page.evaluate(() =>
        [...document.querySelectorAll("main [aria-live], main [role=status], main [role=alert]")].map(
          (element) => element.getAttribute("aria-live") ?? element.getAttribute("role"),
        ),
      ),
    ).toEqual(["off"]);
  });
});

test("who wants less motion gets none that goes on", async () => {
  opened = await open({ size: "page" }, { reducedMotion: "reduce" });
  await opened.stage.say("[start] A question");
  await opened.stage.see("starting");
  const moving = () =>
    opened.page.evaluate(
      () =>
        document.getAnimations().filter((one) => {
          const timing = one.effect?.getComputedTiming();
          return timing?.endTime === Number.POSITIVE_INFINITY || Number(timing?.endTime) > 1_000;
        }).length,
    );
  expect(await moving()).toBe(0);
  // With motion the same place has some: the test sees what it looks for.
  await opened.page.emulateMedia({ reducedMotion: "no-preference" });
  await expect.poll(moving).toBeGreaterThan(0);
});

describe("what a model writes never makes the page ask anyone for anything", () => {
  const stranger = useStranger();

  const temptations = (at: string) => `
![an image](${at}/image.png) ![by reference][pic] <${at}/autolink> ${at}/bare www.127.0.0.1/www
[a link](${at}/link "with a title") [pic]

<img src="${at}/html.png"><iframe src="${at}/frame"></iframe><link rel="prefetch" href="${at}/prefetch">
<script src="${at}/script.js"></script><style>@import url(${at}/style.css); p{background:url(${at}/bg.png)}</style>
<svg><image href="${at}/svg.png"/><use href="${at}/use.svg#a"/></svg><video poster="${at}/poster.png" src="${at}/video"></video>
<object data="${at}/object"></object><embed src="${at}/embed"><form action="${at}/form"><button>go</button></form>
<meta http-equiv="refresh" content="0;url=${at}/refresh"><base href="${at}/base/"><p style="background:url(${at}/inline.png)">x</p>

$\\includegraphics{${at}/math.png}$ $\\href{${at}/href}{x}$ $$\\htmlStyle{background:url(${at}/htmlstyle.png)}{x}$$ \\(\\url{${at}/url}\\)

| ![in a table](${at}/table.png) | [x](${at}/cell) |
| - | - |
| > ![quoted](${at}/quoted.png) | ![](${at}/empty.png) |

- [ ] ![task](${at}/task.png)

\`\`\`html
<img src="${at}/code.png">
\`\`\`

\`\`\`mermaid
graph TD; A["<img src='${at}/mermaid.png'>"] --> B; click B "${at}/click"
\`\`\`

\`\`\`svg
<svg xmlns="http://www.w3.org/2000/svg"><image href="${at}/svgcode.png"/></svg>
\`\`\`

[pic]: ${at}/reference.png
`;

  // Without the policy, too: it is the last wall, not the only one.
  test.each([false, true])(
    "while it comes, when it is there, after a reload (policy off: %s)",
    async (bypassCSP) => {
      opened = await open({ size: "page", speed: 300 }, { bypassCSP });
      const elsewhere: string[] = [];
      const { host } = new URL(opened.page.url());
      opened.page.on("request", (request) => {
        if (new URL(request.url()).host !== host) elsewhere.push(request.url());
      });
      const address = stranger.address();
      opened.server.world.answer = { text: temptations(address) };
      await opened.stage.say("Tempt me");
      await opened.stage.see("complete");
      await opened.page.locator(".code .hl-keyword, .code .hl-name, .code .hl-tag").first().waitFor();
      await opened.page.locator("[data-testid=diagram][data-state=drawn]").waitFor();
      await opened.page.getByText("Image: an image").hover();
      await opened.page.reload();
      await opened.stage.see("complete");
      await opened.page.locator(".markdown").hover();
      await opened.page.locator("[data-testid=diagram][data-state=drawn]").waitFor();
      expect(
        await opened.page
          .locator(
            ".markdown :is(img, iframe:not(.diagram iframe), object, embed, video, form, script, style, link, meta, base, svg image)",
          )
          .count(),
      ).toBe(0);
      expect(elsewhere).toEqual([]);
      expect(stranger.asked()).toEqual([]);
      // It would have been heard.
      await fetch(`${address}/heard`);
      expect(stranger.asked()).toContain("/heard");
    },
  );
});
