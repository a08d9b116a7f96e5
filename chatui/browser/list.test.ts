/** The list of conversations: its menus, its search, and what was deleted. */
import { beforeEach, describe, expect, test } from "vitest";
import { until, useChat } from "./chat";

const chat = useChat();

test("a conversation that is deleted elsewhere while it is read is left", async () => {
  await chat.say("First");
  await chat.answered();
  chat.server.delete(chat.conversationId());
  await chat.page.getByTestId("greeting").waitFor();
  await expect.poll(() => chat.page.getByTestId("notice").innerText()).toContain("deleted elsewhere");
});

describe("the list", () => {
  beforeEach(async () => {
    await chat.say("Please move my meeting.");
    await chat.answered();
    await chat.page.getByTestId("conversation-item").hover();
    await chat.page.getByTestId("conversation-menu").click();
  });

  test("a conversation can be renamed", async () => {
    await chat.page.getByTestId("rename").click();
    await chat.page.getByTestId("rename-field").fill("The meeting");
    await chat.page.getByTestId("rename-field").press("Enter");
    await chat.page.getByTestId("conversation-item").filter({ hasText: "The meeting" }).waitFor();
    await until(() => chat.server.conversation(chat.conversationId()).conversation.title === "The meeting");
  });

  test("a conversation can be pinned", async () => {
    await chat.page.getByTestId("pin").click();
    await chat.page.getByRole("heading", { name: "Pinned" }).waitFor();
  });

  test("a conversation can be exported", async () => {
    const download = chat.page.waitForEvent("download");
    await chat.page.getByTestId("export-markdown").click();
    expect((await download).url()).toContain(
      `/api/conversations/${chat.conversationId()}/export?format=markdown`,
    );
  });

  test("a deletion can be undone", async () => {
    await chat.page.getByTestId("delete").click();
    await chat.page.getByTestId("conversation-item").waitFor({ state: "detached" });
    await chat.page.getByTestId("undo").click();
    await chat.page.getByTestId("conversation-item").waitFor();
  });

  test("a deletion that is not undone is carried out after 8 s, or when the page is left", async () => {
    const id = chat.conversationId();
    await chat.page.getByTestId("delete").click();
    await chat.page.getByTestId("undo").waitFor();
    expect(chat.server.conversation(id).gone).toBeUndefined();
    await chat.page.goto("about:blank");
    await until(() => chat.server.conversation(id).gone === true);
  });

  test("the menu can be used and left by keyboard", async () => {
    await chat.page.keyboard.press("ArrowDown");
    await expect
      .poll(() => chat.page.evaluate(() => document.activeElement?.getAttribute("data-testid")))
      .toBe("rename");
    await chat.page.keyboard.press("Escape");
    await expect
      .poll(() => chat.page.evaluate(() => document.activeElement?.getAttribute("data-testid")))
      .toBe("conversation-menu");
  });

  test("what a search finds is shown in its place, on another version too", async () => {
    await chat.page.keyboard.press("Escape");
    await chat.messages("user").first().hover();
    await chat.messages("user").first().getByTestId("edit").click();
    await chat.page.getByTestId("edit-field").fill("Quite another question");
    await chat.page.getByTestId("edit-send").click();
    await chat.messages("user").filter({ hasText: "Quite another" }).waitFor();
    await chat.answered();
    await chat.page.getByTestId("search").fill("my meeting");
    await chat.page.getByTestId("search-result").first().click();
    await chat.messages("user").filter({ hasText: "Please move my meeting." }).waitFor();
    await expect.poll(() => chat.page.locator(".message.found").count()).toBe(1);
  });

  test("a search finds words inside of conversations", async () => {
    await chat.page.keyboard.press("Escape");
    await chat.page.keyboard.press("Control+k");
    await chat.page.keyboard.type("meeting");
    await chat.page.getByTestId("search-result").first().click();
    await chat.messages("user").waitFor();
  });

  test("what was looked for is marked in each result", async () => {
    await chat.page.keyboard.press("Escape");
    await chat.page.getByTestId("search").fill("meeting move");
    const marks = chat.page.getByTestId("search-result").locator("mark");
    await expect.poll(() => marks.allInnerTexts()).toEqual(["move", "meeting"]);
    expect(await chat.page.getByTestId("search-incomplete").count()).toBe(0);
    chat.server.world.searchesAll = false;
    await chat.page.getByTestId("search").fill("meeting");
    await chat.page.getByTestId("search-incomplete").waitFor();
  });

  test("an answer that comes late does not replace a newer one", async () => {
    await chat.page.keyboard.press("Escape");
    let answer = (): void => {};
    chat.server.world.searchHold = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const asked = chat.page.waitForRequest(/search\?q=nowhere/);
    const late = chat.page.waitForResponse(/search\?q=nowhere/);
    await chat.page.getByTestId("search").fill("nowhere");
    await asked;
    chat.server.world.searchHold = Promise.resolve();
    await chat.page.getByTestId("search").fill("meeting");
    await chat.page.getByTestId("search-result").waitFor();
    answer();
    await (await late).finished();
    await chat.page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    expect(await chat.page.getByTestId("search-result").count()).toBe(1);
  });
});
