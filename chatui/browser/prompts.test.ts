/** Texts that a person asks with again and again. */
import { AxeBuilder } from "@axe-core/playwright";
import { beforeEach, describe, expect, test } from "vitest";
import { useChat } from "./chat";

const chat = useChat();
const menu = () => chat.page.getByTestId("prompt-menu");
const options = () => chat.page.getByTestId("prompt-option");
const composer = () => chat.page.getByTestId("composer");
const chosen = () => chat.page.locator("[data-testid=prompt-option][aria-selected=true]").innerText();

const KEPT = [
  { id: "1", title: "Übersetze", text: "Translate into German:\n\n" },
  { id: "2", title: "Summary", text: "Sum up in three sentences: " },
  { id: "3", title: "In short: Sum", text: "Shorter, please." },
];

beforeEach(() => {
  for (const prompt of KEPT) chat.server.world.prompts.set(prompt.id, prompt);
});

describe("in the composer", () => {
  test("a slash offers all, letters those that have them, and Enter takes one and sends nothing", async () => {
    await composer().press("/");
    await expect.poll(() => options().count()).toBe(3);
    expect((await new AxeBuilder({ page: chat.page }).analyze()).violations).toEqual([]);
    await composer().pressSequentially("SÜM");
    await expect.poll(() => options().locator("b").allInnerTexts()).toEqual(["Summary", "In short: Sum"]);
    expect(await chosen()).toContain("Summary");
    await composer().press("ArrowDown");
    await expect.poll(chosen).toContain("Shorter, please.");
    const active = await composer().getAttribute("aria-activedescendant");
    expect(await chat.page.locator(`#${active}`).innerText()).toContain("Shorter, please.");
    await composer().press("Enter");
    await expect.poll(() => composer().inputValue()).toBe("Shorter, please.");
    await menu().waitFor({ state: "detached" });
    expect(await composer().getAttribute("aria-activedescendant")).toBeNull();
    await composer().pressSequentially(" Now!");
    await composer().press("Enter");
    await chat.answered();
    expect(chat.sends().map(({ text }) => text)).toEqual(["Shorter, please. Now!"]);
  });

  test("the arrows go round, and a click takes one and leaves the focus", async () => {
    await composer().press("/");
    await options().nth(2).waitFor();
    await composer().press("ArrowUp");
    await expect.poll(chosen).toContain("Übersetze");
    await composer().press("ArrowDown");
    await expect.poll(chosen).toContain("In short");
    await options().nth(1).click();
    await expect.poll(() => composer().inputValue()).toBe("Sum up in three sentences: ");
    expect(await composer().evaluate((field) => field === document.activeElement)).toBe(true);
  });

  test("Escape shuts it, and a slash is a slash again", async () => {
    await composer().pressSequentially("/s");
    await menu().waitFor();
    await composer().press("Escape");
    await menu().waitFor({ state: "detached" });
    await composer().press("Enter");
    await chat.answered();
    expect(chat.sends().map(({ text }) => text)).toEqual(["/s"]);
  });

  test("what names none is sent as it stands, also where the server has nothing to say of them", async () => {
    await chat.say("/etc/passwd: what is it?");
    await chat.answered();
    chat.server.world.promptsFail = true;
    await chat.page.reload();
    await chat.connected();
    await chat.say("/sum");
    await chat.answered(2);
    expect(chat.sends().map(({ text }) => text)).toEqual(["/etc/passwd: what is it?", "/sum"]);
  });
});

describe("in the settings", () => {
  const rows = () => chat.page.getByTestId("prompt");
  const focused = () => chat.page.evaluate(() => document.activeElement?.getAttribute("data-testid"));

  beforeEach(async () => {
    await chat.page.getByTestId("settings").click();
    await rows().nth(2).waitFor();
  });

  test("one is written, changed and deleted by keyboard alone", async () => {
    await chat.page.getByTestId("prompt-new").press("Enter");
    await expect.poll(focused).toBe("prompt-title");
    await chat.page.keyboard.type("  Ask kindly ");
    await chat.page.keyboard.press("Tab");
    await chat.page.keyboard.type("Please: ");
    expect((await new AxeBuilder({ page: chat.page }).analyze()).violations).toEqual([]);
    await chat.page.keyboard.press("Tab");
    await chat.page.keyboard.press("Enter");
    await expect.poll(() => rows().count()).toBe(4);
    await expect.poll(focused).toBe("prompt-new");
    expect([...chat.server.world.prompts.values()].at(-1)).toMatchObject({
      title: "Ask kindly",
      text: "Please: ",
    });
    await chat.page.getByRole("button", { name: "Edit “Ask kindly”" }).press("Enter");
    await chat.page.getByTestId("prompt-text").fill("Pretty please: ");
    await chat.page.getByTestId("prompt-title").press("Enter");
    await expect.poll(() => [...chat.server.world.prompts.values()].at(-1)?.text).toBe("Pretty please: ");
    await chat.page.getByRole("button", { name: "Delete “Ask kindly”" }).press("Enter");
    await expect.poll(focused).toBe("prompt-delete-sure");
    await chat.page.keyboard.press("Enter");
    await expect.poll(() => rows().count()).toBe(3);
    expect(chat.server.world.prompts.size).toBe(3);
  });

  test("what the server does not take stays in its fields, and is told of", async () => {
    await chat.page.getByTestId("prompt-new").click();
    await chat.page.getByTestId("prompt-title").fill("T");
    await chat.page.getByTestId("prompt-text").fill("Long and dear words");
    chat.server.world.promptsFail = true;
    await chat.page.getByTestId("prompt-save").click();
    await expect
      .poll(() => chat.page.getByTestId("prompts-status").innerText())
      .toContain("Please try again");
    expect(await chat.page.getByTestId("prompt-text").inputValue()).toBe("Long and dear words");
    chat.server.world.promptsFail = false;
    await chat.page.getByTestId("prompt-save").click();
    await expect.poll(() => rows().count()).toBe(4);
    await expect.poll(() => chat.page.getByTestId("prompts-status").innerText()).toBe("");
  });
});
