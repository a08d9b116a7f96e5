/** Asking: an answer comes, and every way in which it may not come at once says so. */
import { describe, expect, test } from "vitest";
import { useChat } from "./chat";

const chat = useChat();

test("the page is in an insecure context, as most will first open it", async () => {
  await expect.poll(() => chat.page.evaluate(() => isSecureContext)).toBe(false);
});

describe("a conversation", () => {
  test("a question is answered, listed and found again after a reload", async () => {
    await chat.say("Please move my meeting.");
    await chat.answered();
    await expect.poll(() => chat.messages("assistant").innerText()).toContain("Thursday at the same time");
    await chat.page.getByTestId("conversation-item").waitFor();
    await chat.page.reload();
    await chat.answered();
    await expect.poll(() => chat.messages("user").innerText()).toContain("Please move my meeting.");
  });

  test("an answer appears while it is written, and goes on after a reload", async () => {
    chat.server.world.tokensPerSecond = 5;
    await chat.say("Explain TLS");
    await chat.messages("assistant", "writing").waitFor();
    await chat.page.reload();
    await chat.messages("assistant", "writing").waitFor();
    chat.server.world.tokensPerSecond = 500;
    await chat.answered();
    await expect
      .poll(() => chat.page.getByTestId("thread").innerText())
      .toContain("a sealed envelope for every letter after that.");
  });

  test("a socket that breaks in the middle loses nothing, without a reload", async () => {
    chat.server.world.tokensPerSecond = 5;
    await chat.say("Explain TLS");
    await chat.messages("assistant", "writing").waitFor();
    chat.server.cut();
    chat.server.world.tokensPerSecond = 500;
    await chat.answered();
    const whole = chat.server.conversation(chat.conversationId()).snapshot().messages.at(-1).text as string;
    for (const word of ["sealed tunnel", "Diffie", "shared_secret(5, 23, 15, 8)", "sealed envelope"]) {
      expect(whole).toContain(word);
      await expect.poll(() => chat.messages("assistant").innerText()).toContain(word);
    }
    const subscribes = chat.server.world.received.filter(
      (frame: { type: string }) => frame.type === "subscribe",
    );
    expect(subscribes.at(-1)?.after).toBeDefined();
  });

  test("Stop is in the place of Send and keeps what is there", async () => {
    chat.server.world.tokensPerSecond = 20;
    await chat.say("Explain TLS");
    await chat.messages("assistant", "writing").waitFor();
    await expect.poll(() => chat.page.getByTestId("send").count()).toBe(0);
    await chat.page.getByTestId("stop").click();
    await chat.messages("assistant", "cancelled").waitFor();
    await expect.poll(() => chat.messages("assistant").innerText()).toContain("TLS");
    await chat.page.getByTestId("send").waitFor();
  });

  test("a failed answer says why in plain words and can be tried again", async () => {
    await chat.say("[fail] now");
    const failed = chat.messages("assistant", "failed");
    await failed.waitFor();
    await expect
      .poll(() => failed.getByTestId("reply-state").innerText())
      .toContain("The provider refused the key");
    await failed.getByTestId("retry").click();
    await chat.page.getByTestId("versions").waitFor();
    await expect.poll(() => chat.page.getByTestId("version-count").innerText()).toBe("2/2");
  });

  test("an answer that is tried again later says when", async () => {
    await chat.say("[retry] now");
    const state = chat.messages("assistant", "retrying").getByTestId("reply-state");
    await state.waitFor();
    await expect.poll(() => state.innerText()).toMatch(/asks to slow down. Trying again in \ds\./);
    await chat.page.getByTestId("stop").click();
    await chat.messages("assistant", "cancelled").waitFor();
  });

  test("while others are before it a question says how many, until its answer starts", async () => {
    chat.server.world.busy = true;
    await chat.say("Hello?");
    const state = chat.messages("assistant", "queued").getByTestId("reply-state");
    await state.waitFor();
    const id = chat.conversationId();
    const replyId = chat.server.conversation(id).replies[0].replyId;
    chat.server.queue(id, replyId, 12);
    await expect.poll(() => state.innerText()).toContain("about 12 before yours");
    chat.server.queue(id, "of-another", 40);
    chat.server.queue(id, replyId, 3);
    await expect.poll(() => state.innerText()).toContain("about 3 before yours");
    chat.server.queue(id, replyId, 0);
    await expect.poll(() => state.innerText()).toContain("yours is one of the next");
    chat.server.world.busy = false;
    await chat.answered();
    chat.server.queue(id, replyId, 5);
    await chat.say("And now?");
    await chat.answered(2);
    await expect.poll(() => chat.page.getByTestId("thread").innerText()).not.toContain("before yours");
  });

  test("while the assistant is away a question is stored and says so", async () => {
    chat.server.assistant({ state: "down", workers: 0 });
    await chat.say("Hello?");
    const state = chat.messages("assistant", "queued").getByTestId("reply-state");
    await state.waitFor();
    await expect.poll(() => state.innerText()).toContain("The assistant is away");
    chat.server.assistant({ state: "up", workers: 1 });
    await chat.answered();
  });
});

describe("messages that wait", () => {
  test("the next message waits in sight, and is answered in its turn", async () => {
    chat.server.world.tokensPerSecond = 20;
    await chat.say("Explain TLS");
    await chat.messages("assistant", "writing").waitFor();
    await chat.say("Please move my meeting.");
    await chat.page.getByTestId("waiting-message").waitFor();
    chat.server.world.tokensPerSecond = 500;
    await chat.answered(2);
    await expect.poll(() => chat.page.getByTestId("waiting-message").count()).toBe(0);
    await expect.poll(() => chat.messages("user").count()).toBe(2);
  });

  test("the waiting message can be taken back to be changed", async () => {
    chat.server.world.tokensPerSecond = 20;
    await chat.say("Explain TLS");
    await chat.messages("assistant", "writing").waitFor();
    await chat.say("Wrong words");
    await chat.page.getByTestId("edit-waiting").click();
    await chat.page.getByTestId("waiting-message").waitFor({ state: "detached" });
    await expect.poll(() => chat.page.getByTestId("composer").inputValue()).toBe("Wrong words");
    await chat.say("Right words");
    await chat.page.getByTestId("waiting-message").filter({ hasText: "Right words" }).waitFor();
    chat.server.world.tokensPerSecond = 500;
    await chat.answered(2);
    await expect.poll(() => chat.page.getByTestId("thread").innerText()).not.toContain("Wrong words");
  });

  test("while typing during an answer both Send and Stop are there", async () => {
    chat.server.world.tokensPerSecond = 20;
    await chat.say("Explain TLS");
    await chat.messages("assistant", "writing").waitFor();
    await chat.page.getByTestId("composer").fill("more");
    await chat.page.getByTestId("send").waitFor();
    await chat.page.getByTestId("stop").waitFor();
  });
});

test("what happens to an answer is said once, politely", async () => {
  const said = chat.page.getByTestId("announcement");
  await expect.poll(() => said.getAttribute("aria-live")).toBe("polite");
  await expect.poll(() => chat.page.getByTestId("thread").count()).toBe(0);
  await chat.say("Please move my meeting.");
  await chat.answered();
  await expect.poll(() => said.innerText()).toBe("Reply complete");
  await expect.poll(() => chat.page.getByTestId("thread").getAttribute("aria-live")).toBe("off");
});
