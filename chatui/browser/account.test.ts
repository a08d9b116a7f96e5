/** Signing in and out, and what a page without a session says. */
import { expect, test } from "vitest";
import { useChat } from "./chat";

const chat = useChat();
const ADA = { id: "u2", name: "Ada Lovelace", guest: false };

const texts = () => chat.messages("user").allInnerTexts();

/** Opens the page again, on a server that knows whom its provider signs in. */
async function reopen(provider: typeof ADA | "refused"): Promise<void> {
  chat.server.world.provider = provider;
  await chat.page.reload();
  await chat.connected();
}

test("where nobody can sign in nothing is said of it", async () => {
  await chat.connected();
  await chat.page.getByTestId("settings").click();
  await chat.page.getByTestId("settings-dialog").waitFor();
  expect(await chat.page.getByTestId("sign-in").count()).toBe(0);
});

test("a guest who signs in comes back to the same conversation, and what was not sent yet is there", async () => {
  await reopen({ ...ADA, id: "u1" });
  await chat.say("Please move my meeting.");
  await chat.answered();
  await chat.page.getByTestId("composer").fill("Half a thought");
  await chat.page.locator(".sidebar").getByTestId("sign-in").click();
  await chat.page.getByTestId("sign-in").waitFor({ state: "detached" });
  await chat.answered();
  expect((await texts()).join()).toContain("Please move my meeting.");
  await expect.poll(() => chat.page.getByTestId("composer").inputValue()).toBe("Half a thought");
  await chat.page.getByTestId("settings").click();
  await chat.page.getByText("Signed in as Ada Lovelace").waitFor();
});

test("signing in that fails says so, and goes on as before", async () => {
  await reopen("refused");
  await chat.page.locator(".sidebar").getByTestId("sign-in").click();
  await chat.page.getByText("Signing in did not work").waitFor();
  await chat.connected();
  await expect.poll(() => new URL(chat.page.url()).hash).toBe("#/");
  await chat.say("Please move my meeting.");
  await chat.answered();
});

test.each([
  ["sign-out", ""],
  ["sign-out-everywhere", "?everywhere=true"],
])("%s leaves nothing of the person on the page", async (button, query) => {
  chat.server.world.user = ADA;
  await reopen(ADA);
  await chat.say("A secret of Ada's");
  await chat.answered();
  await chat.page.getByTestId("settings").click();
  await chat.page.getByTestId(button).click();
  await chat.page.locator(".sidebar").getByTestId("sign-in").waitFor();
  expect(chat.server.world.signedOut).toBe(query);
  expect(new URL(chat.page.url()).hash).toBe("#/");
  expect(await texts()).toEqual([]);
});

test("a tab leaves the conversation of whoever was there before", async () => {
  await chat.say("A secret of a guest");
  await chat.answered();
  chat.server.world.user = ADA;
  chat.server.cut();
  await expect.poll(() => new URL(chat.page.url()).hash).toBe("#/");
  expect(await texts()).toEqual([]);
});

test("where guests are not let in what is written waits for who signs in", async () => {
  chat.server.world.provider = ADA;
  chat.server.world.user = null;
  await chat.page.reload();
  const banner = chat.page.getByTestId("signed-out");
  await banner.waitFor();
  await chat.say("Please move my meeting.");
  await banner.getByTestId("sign-in").click();
  await chat.answered();
  expect(chat.sends()).toMatchObject([{ text: "Please move my meeting." }]);
});
