/** Versions of questions and of answers. */
import { describe, expect, test } from "vitest";
import { until, useChat } from "./chat";

const chat = useChat();

describe("versions", () => {
  test("writing again makes a second version, and both can be read", async () => {
    await chat.say("Please move my meeting.");
    await chat.answered();
    await chat.page.getByTestId("regenerate").click();
    await chat.page.getByTestId("versions").waitFor();
    await chat.page.getByRole("button", { name: "Previous version" }).click();
    await expect.poll(() => chat.page.getByTestId("version-count").innerText()).toBe("1/2");
  });

  test("an edited question is a branch of its own", async () => {
    await chat.say("First question");
    await chat.answered();
    await chat.say("Second question");
    await chat.answered(2);
    await chat.messages("user").first().hover();
    await chat.messages("user").first().getByTestId("edit").click();
    await chat.page.getByTestId("edit-field").fill("Another first question");
    await chat.page.getByTestId("edit-send").click();
    await chat.messages("user").filter({ hasText: "Another first question" }).waitFor();
    await chat.answered();
    await expect.poll(() => chat.messages("user").count()).toBe(1);
    await chat.page.getByRole("button", { name: "Previous version" }).click();
    await chat.messages("user").filter({ hasText: "Second question" }).waitFor();
  });

  test("what is sent next goes under the version in sight", async () => {
    await chat.say("First question");
    await chat.answered();
    await chat.page.getByTestId("regenerate").click();
    await chat.page.getByTestId("versions").waitFor();
    await chat.answered();
    await chat.page.getByRole("button", { name: "Previous version" }).click();
    await chat.page.getByTestId("version-count").getByText("1/2").waitFor();
    const shown = await chat.messages("assistant").getAttribute("data-message-id");
    await chat.say("And then?");
    await until(() => chat.sends().length === 2);
    expect(chat.sends()[1]).toMatchObject({ parentId: shown });
  });
});
