/** What is written while the server cannot be reached, or cannot keep it. */
import { describe, expect, test } from "vitest";
import { until, useChat } from "./chat";

const chat = useChat();

test("while the server cannot store a message it says so, and Stop gives the words back", async () => {
  chat.server.world.refusal = "unavailable";
  await chat.say("Hold this");
  const state = chat
    .messages("user", "sending")
    .getByTestId("reply-state")
    .filter({ hasText: "cannot store it" });
  await state.waitFor();
  await chat.page.getByTestId("stop").click();
  await chat.messages("user").waitFor({ state: "detached" });
  await expect.poll(() => chat.page.getByTestId("composer").inputValue()).toBe("Hold this");
});

describe("without a network", () => {
  test("what is written is kept over a reload and sent in order when the network is back", async () => {
    await chat.say("Begin");
    await chat.answered();
    chat.server.cut(true);
    await chat.disconnected();
    await chat.say("First offline");
    await chat.say("Second offline");
    await chat.messages("user", "saved").waitFor();
    await expect
      .poll(() => chat.messages("user", "saved").getByTestId("reply-state").innerText())
      .toContain("Saved here");
    await chat.page.reload();
    await chat.page.getByTestId("waiting-message").filter({ hasText: "Second offline" }).waitFor();
    await chat.page.getByTestId("conversation-item").waitFor();
    chat.server.restore();
    await chat.answered(3);
    expect(chat.sends().map(({ text }) => text)).toEqual(["Begin", "First offline", "Second offline"]);
    await expect.poll(() => chat.messages("user").allInnerTexts()).toHaveLength(3);
  });

  test("a new conversation can begin offline", async () => {
    chat.server.cut(true);
    await chat.disconnected();
    await chat.say("A new thought");
    await chat.messages("user", "saved").waitFor();
    await chat.page.getByTestId("conversation-item").filter({ hasText: "A new thought" }).waitFor();
    chat.server.restore();
    await chat.answered();
  });

  test("the banner comes after 5 s and only while something waits", async () => {
    chat.server.cut(true);
    await chat.page.getByTestId("away-tag").waitFor();
    await expect.poll(() => chat.page.getByTestId("banner").count()).toBe(0);
    await chat.say("Hello?");
    await chat.page.getByTestId("banner").waitFor();
    chat.server.restore();
    await chat.page.getByTestId("banner").waitFor({ state: "detached" });
  });

  test("after the store came back older, what was lost is sent again", async () => {
    await chat.say("First");
    await chat.answered();
    const seq = chat.server.conversation(chat.conversationId()).seq;
    await chat.say("Second");
    await chat.answered(2);
    chat.server.rollBack(chat.conversationId(), seq);
    await until(() => chat.sends().length === 3);
    await chat.answered(2);
    expect(chat.sends()[2]).toEqual({ ...chat.sends()[1], id: expect.any(String) });
    await expect.poll(() => chat.messages("user").count()).toBe(2);
  });

  test("a message to a conversation that was deleted elsewhere is offered as a new one", async () => {
    await chat.say("First");
    await chat.answered();
    const id = chat.conversationId();
    chat.server.cut(true);
    await chat.disconnected();
    await chat.say("Too late?");
    chat.server.delete(id);
    chat.server.restore();
    await chat.page.getByTestId("send-anew").waitFor();
    // Nothing is being written that could be stopped.
    await expect.poll(() => chat.page.getByTestId("stop").count()).toBe(0);
    await chat.page.getByTestId("send-anew").click();
    await chat.answered();
    expect(chat.conversationId()).not.toBe(id);
    await expect.poll(() => chat.messages("user").innerText()).toContain("Too late?");
  });
});
