/** Narrow windows and phones. */
import { describe, expect, test } from "vitest";
import { useChat } from "./chat";

const chat = useChat();

describe("a narrow window", () => {
  test.each([
    [320, 560],
    [390, 780],
    [768, 900],
  ])("at %i pixels nothing is wider than the page", async (width, height) => {
    await chat.open({ viewport: { width, height } });
    await chat.say("Explain TLS");
    await chat.answered();
    await expect.poll(() => chat.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });

  test("on a phone the list is a drawer", async () => {
    await chat.open({ viewport: { width: 390, height: 780 } });
    await expect.poll(() => chat.page.getByTestId("sidebar").isVisible()).toBe(false);
    await chat.page.getByTestId("open-sidebar").click();
    await chat.page.getByTestId("new-chat").click();
    await expect.poll(() => chat.page.getByTestId("sidebar").isVisible()).toBe(false);
  });
});
