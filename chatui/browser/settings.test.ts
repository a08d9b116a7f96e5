/** What can be set, for the browser and for a conversation. */
import { describe, expect, test } from "vitest";
import { until, useChat } from "./chat";

const chat = useChat();

describe("settings", () => {
  test("the theme is chosen and kept", async () => {
    await chat.page.getByTestId("settings").click();
    await chat.page.getByText("Dark", { exact: true }).click();
    const scheme = () => chat.page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
    await expect.poll(scheme).toBe("dark");
    await chat.page.reload();
    await expect.poll(scheme).toBe("dark");
  });

  test("the demo says that it is one and how to end it", async () => {
    await expect.poll(() => chat.page.getByTestId("demo-notice").count()).toBe(0);
    chat.server.assistant({ demo: true });
    const notice = chat.page.getByTestId("demo-notice");
    await notice.waitFor();
    await expect.poll(() => notice.innerText()).toContain("set OPENAI_API_KEY in .env");
    await notice.getByRole("button").click();
    await notice.waitFor({ state: "detached" });
    await chat.page.getByTestId("demo-tag").waitFor();
  });

  async function askTheSmallModel(): Promise<void> {
    chat.server.world.models = [
      { id: "big", default: true },
      { id: "small", default: false },
    ];
    await chat.page.reload();
    await chat.page.getByTestId("model-choice").click();
    await chat.page.getByTestId("model-option").filter({ hasText: "small" }).click();
    await chat.say("Please move my meeting.");
    await chat.answered();
  }

  test("models are a choice only if there are several", async () => {
    await expect.poll(() => chat.page.getByTestId("model-choice").count()).toBe(0);
    await askTheSmallModel();
    expect(chat.sends()[0]).toMatchObject({ model: "small" });
  });

  test("a chosen model stays that of its conversation", async () => {
    await askTheSmallModel();
    await until(() => chat.server.conversation(chat.conversationId()).conversation.model === "small");
  });

  test.each([
    ["de-DE", "Frag, was du willst", "de"],
    ["es-MX", "Pregunta lo que quieras", "es"],
    ["zh-CN", "想问什么都可以", "zh"],
    ["fr-FR", "Ask anything", "en"],
  ])("the page speaks the language of the browser (%s)", async (locale, placeholder, lang) => {
    await chat.open({ locale });
    await expect.poll(() => chat.page.getByTestId("composer").getAttribute("placeholder")).toBe(placeholder);
    await expect.poll(() => chat.page.evaluate(() => document.documentElement.lang)).toBe(lang);
  });

  test("a conversation has its own instructions", async () => {
    await chat.say("Please move my meeting.");
    await chat.answered();
    await chat.page.getByTestId("instructions").click();
    await chat.page.getByTestId("instructions-field").fill("Answer in verse.");
    await chat.page.getByTestId("instructions-save").click();
    await chat.page.getByTestId("instructions-dialog").waitFor({ state: "detached" });
    await until(
      () => chat.server.conversation(chat.conversationId()).conversation.systemPrompt === "Answer in verse.",
    );
  });
});
