/** The same conversation in two tabs. */
import { describe, expect, test } from "vitest";
import { useChat } from "./chat";

const chat = useChat();

describe("two tabs", () => {
  test("they show the same, and one of them sends", async () => {
    await chat.say("Begin");
    await chat.answered();
    const other = await chat.openTab();
    await chat.answered(1, other);
    await chat.say("From the second tab", other);
    await chat.answered(2, other);
    await chat.answered(2);
    expect(chat.sends().map(({ text }) => text)).toEqual(["Begin", "From the second tab"]);
  });

  test("when the tab that sends is closed the other takes over", async () => {
    const other = await chat.openTab();
    await chat.connected(other);
    await chat.page.close();
    chat.page = other;
    await chat.say("Still here?");
    await chat.answered();
  });
});
