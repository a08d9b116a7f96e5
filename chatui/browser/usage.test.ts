/** What a conversation used of the model, and what that cost. */
import { describe, expect, test } from "vitest";
import { useChat } from "./chat";

const chat = useChat();

async function openUsage(): Promise<void> {
  await chat.page.getByTestId("conversation-item").hover();
  await chat.page.getByTestId("conversation-menu").click();
  await chat.page.getByTestId("usage").click();
  await chat.page.getByTestId("usage-dialog").waitFor();
}

const rows = (): Promise<string[]> => chat.page.getByTestId("usage-table").locator("tr").allInnerTexts();

describe("usage", () => {
  test("is shown without money where there are no prices", async () => {
    await chat.say("Please move my meeting.");
    await chat.answered();
    expect(await chat.page.getByTestId("cost").count()).toBe(0);
    await openUsage();
    await expect.poll(rows).toHaveLength(3);
    expect((await rows())[0]).toBe("Model\tAnswers\tTokens read\tTokens written");
    await chat.page.keyboard.press("Escape");
    await chat.page.getByTestId("usage-dialog").waitFor({ state: "detached" });
    expect(await chat.page.evaluate(() => document.activeElement?.getAttribute("data-testid"))).toBe(
      "conversation-menu",
    );
  });

  test("has what each answer and all of them cost where there are prices", async () => {
    const price = { prompt: 1000, completion: 0, currency: "EUR" };
    chat.server.world.models = [{ id: "gpt-example", default: true, price }];
    await chat.page.reload();
    await chat.say("Please move my meeting.");
    await chat.answered();
    // 40 tokens of each question, as the fake counts.
    await expect.poll(() => chat.page.getByTestId("cost").allInnerTexts()).toEqual(["€0.04"]);
    await chat.page.getByTestId("regenerate").click();
    await chat.page.getByTestId("version-count").getByText("2/2").waitFor();
    await chat.answered();
    await openUsage();
    await expect.poll(rows).toHaveLength(3);
    const [head, item, total] = await rows();
    expect(head).toContain("Cost");
    expect(item).toMatch(/^gpt-example\t2\t80\t\d+\t€0\.08$/);
    expect(total).toMatch(/^In all\t2\t80\t\d+\t€0\.08$/);
  });

  test("says that it can't be had, and the dialog can be left", async () => {
    await chat.say("Please move my meeting.");
    await chat.answered();
    await chat.page.route("**/usage", (route) => route.abort());
    await openUsage();
    await chat.page.getByTestId("usage-failed").waitFor();
    await chat.page.keyboard.press("Escape");
    await chat.page.getByTestId("usage-dialog").waitFor({ state: "detached" });
  });

  test("says how many answers have no price, and where none was counted", async () => {
    await chat.say("Please move my meeting.");
    await chat.answered();
    const used = { replies: 1200, promptTokens: 2, completionTokens: 3 };
    const items = [{ ...used, model: "small", cost: 1.5 }, used];
    await chat.page.route("**/usage", (route) =>
      route.fulfill({ json: { ...used, items, cost: 1.5, currency: "EUR", unpriced: 1200 } }),
    );
    await openUsage();
    await expect.poll(() => chat.page.getByTestId("usage-unpriced").innerText()).toContain("1,200");
    expect((await rows())[2]).toBe("Not known\t1,200\t2\t3\t–");
    await chat.page.keyboard.press("Escape");
    await chat.page.getByTestId("usage-dialog").waitFor({ state: "detached" });
    await chat.page.unroute("**/usage");
    await chat.page.route("**/usage", (route) =>
      route.fulfill({ json: { items: [], replies: 0, promptTokens: 0, completionTokens: 0 } }),
    );
    await openUsage();
    await chat.page.getByTestId("usage-none").waitFor();
  });
});
