/** What a model writes: shown as Markdown and never as HTML, copied and saved. */
import { describe, expect, test } from "vitest";
import { useChat } from "./chat";

const chat = useChat();

describe("what a model writes", () => {
  test("never makes the page ask for anything, and never becomes HTML", async () => {
    await chat.say(
      "[echo] ![x](http://127.0.0.1:9/a.png) <img src=http://127.0.0.1:9/b.png> [go](javascript:alert(1)) <script>alert(1)</script>",
    );
    await chat.answered();
    const answer = chat.messages("assistant");
    await expect.poll(() => answer.locator("img, script").count()).toBe(0);
    await expect.poll(() => answer.locator('a[href^="javascript"]').count()).toBe(0);
    await expect.poll(() => answer.innerText()).toContain("<script>alert(1)</script>");
  });

  test("code is coloured once it is whole, and can be copied without a clipboard API", async () => {
    await chat.say("Explain TLS");
    await chat.answered();
    await chat.page.locator(".code .hl-keyword").first().waitFor();
    // It says so for a moment only.
    const copied = chat.page.getByTestId("copy-code").filter({ hasText: "Copied" }).waitFor();
    await chat.page.getByTestId("copy-code").click();
    await copied;
    await chat.page.getByTestId("composer").focus();
    await chat.page.keyboard.press("Control+v");
    await expect.poll(() => chat.page.getByTestId("composer").inputValue()).toContain("def shared_secret");
  });
});

test("an answer is copied as Markdown and as rich text at once", async () => {
  await chat.say("Explain TLS");
  await chat.answered();
  await chat.messages("assistant").getByTestId("copy").click();
  await chat.page.evaluate(() => {
    document.addEventListener("paste", (event) => {
      Object.assign(window, { html: event.clipboardData?.getData("text/html") });
    });
  });
  await chat.page.getByTestId("composer").focus();
  await chat.page.keyboard.press("Control+v");
  await expect
    .poll(() => chat.page.getByTestId("composer").inputValue())
    .toContain("It does **three** things");
  const html = await chat.page.evaluate(() => (window as unknown as { html: string }).html);
  expect(html).toContain("It does <strong>three</strong> things");
  expect(html).toContain("<td");
  expect(html).not.toMatch(/<(button|svg|figcaption)/);
});

test("formulas are set under the page's policy, and nothing in them is a link or an image", async () => {
  await chat.say(
    "[echo] So $e^{i\\pi}+1=0$ \\(\\href{javascript:alert(1)}{x}\\) $$\\frac{a}{b}$$ but $5 or $6, and $\\frac{a$",
  );
  await chat.answered();
  const answer = chat.messages("assistant");
  await answer.locator(".katex-display .mfrac").waitFor();
  await expect.poll(() => answer.locator(".katex math").count()).toBeGreaterThan(1);
  await expect.poll(() => answer.locator("a, img").count()).toBe(0);
  await expect.poll(() => answer.innerText()).toContain("but $5 or $6");
  await expect.poll(() => answer.innerText()).toContain("\\frac{a");
});

test("code can be downloaded under a name that fits its language", async () => {
  await chat.say("Explain TLS");
  await chat.answered();
  const download = chat.page.waitForEvent("download");
  await chat.page.getByTestId("download-code").click();
  expect((await download).suggestedFilename()).toBe("code.py");
});
