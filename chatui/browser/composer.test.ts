/** The field for the next message, and the keyboard. */
import { describe, expect, test } from "vitest";
import { useChat } from "./chat";

const chat = useChat();

describe("the composer", () => {
  test("a draft is kept per conversation and over a reload", async () => {
    await chat.say("Please move my meeting.");
    await chat.answered();
    await chat.page.getByTestId("composer").fill("half a thou");
    await chat.page.getByTestId("new-chat").click();
    await expect.poll(() => chat.page.getByTestId("composer").inputValue()).toBe("");
    await chat.page.getByTestId("composer").fill("something else");
    await chat.page.getByTestId("conversation-item").getByRole("link").click();
    await expect.poll(() => chat.page.getByTestId("composer").inputValue()).toBe("half a thou");
    await chat.page.reload();
    await chat.connected();
    await expect.poll(() => chat.page.getByTestId("composer").inputValue()).toBe("half a thou");
  });

  test("Shift+Enter breaks the line", async () => {
    await chat.page.getByTestId("composer").focus();
    await chat.page.keyboard.type("one");
    await chat.page.keyboard.press("Shift+Enter");
    await chat.page.keyboard.type("two");
    await expect.poll(() => chat.page.getByTestId("composer").inputValue()).toBe("one\ntwo");
    expect(chat.sends()).toEqual([]);
  });

  test("a starter does not destroy a draft", async () => {
    await chat.page.getByTestId("composer").fill("my own words");
    await chat.page.getByTestId("starter").first().click();
    await expect
      .poll(() => chat.page.getByTestId("composer").inputValue())
      .toMatch(/^my own words\n\nExplain/);
  });

  test("a message over the limit is not sent and says by how much", async () => {
    chat.server.world.limits = { messageChars: 10, frameBytes: 65_536, messagesPerMinute: 60 };
    chat.server.cut(true);
    await chat.disconnected();
    chat.server.restore();
    await chat.connected();
    await chat.page.getByTestId("composer").fill("twelve chars");
    await expect.poll(() => chat.page.getByRole("alert").innerText()).toBe("Too long by 2 characters.");
    await expect.poll(() => chat.page.getByTestId("send").isDisabled()).toBe(true);
  });

  test("all of it works by keyboard alone", async () => {
    await expect
      .poll(() => chat.page.evaluate(() => document.activeElement?.getAttribute("data-testid")))
      .toBe("composer");
    await chat.page.keyboard.type("Please move my meeting.");
    await chat.page.keyboard.press("Enter");
    await chat.answered();
    await expect
      .poll(() => chat.page.evaluate(() => document.activeElement?.getAttribute("data-testid")))
      .toBe("composer");
    chat.server.world.tokensPerSecond = 20;
    await chat.page.keyboard.type("Explain TLS");
    await chat.page.keyboard.press("Enter");
    await chat.messages("assistant", "writing").waitFor();
    await chat.page.keyboard.press("Escape");
    await chat.messages("assistant", "cancelled").waitFor();
    await chat.page.keyboard.press("Control+Shift+O");
    await chat.page.getByTestId("greeting").waitFor();
    await chat.page.keyboard.press("Control+/");
    await chat.page.getByTestId("help-dialog").waitFor();
    await chat.page.keyboard.press("Escape");
    await chat.page.getByTestId("help-dialog").waitFor({ state: "detached" });
  });
});
