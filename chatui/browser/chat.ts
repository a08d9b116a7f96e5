/** What the files of tests share in which a person writes messages, from an empty page on. */
import type { Locator, Page } from "playwright-core";
import { beforeEach, expect } from "vitest";
import { type Opened, useBrowser } from "./opened";

type Options = Parameters<ReturnType<typeof useBrowser>>[1];

/** Waits until something holds that is not on the page. */
export const until = (check: () => boolean) => expect.poll(check).toBe(true);

/** Opens an empty page on a server of its own before each test of the file. */
export function useChat(): Chat {
  const chat = new Chat(useBrowser());
  beforeEach(() => chat.open());
  return chat;
}

/** A person in front of the page. What takes a page is about the first one unless another is named. */
class Chat {
  /** What is asked for is asked of this one. */
  page!: Page;
  server!: Opened["server"];
  readonly #open: ReturnType<typeof useBrowser>;

  constructor(open: ReturnType<typeof useBrowser>) {
    this.#open = open;
  }

  /** Opens the page anew, in a browser with other options, and on another server. */
  async open(options: Options = {}): Promise<void> {
    const { page, server } = await this.#open({ size: "page", empty: true, speed: 300 }, options);
    this.page = page;
    this.server = server;
  }

  /** Opens the page in a second tab. */
  async openTab(): Promise<Page> {
    const tab = await this.page.context().newPage();
    await tab.goto(this.page.url());
    return tab;
  }

  async connected(page = this.page): Promise<void> {
    await page.locator("[data-testid=connection][data-state=open]").waitFor({ state: "attached" });
  }

  async disconnected(): Promise<void> {
    await this.page.locator("[data-testid=connection][data-state=waiting]").waitFor({ state: "attached" });
  }

  messages(role: "user" | "assistant", status = "", page = this.page): Locator {
    return page.locator(`[data-testid=message][data-role=${role}]${status && `[data-status=${status}]`}`);
  }

  /** Waits for so many whole answers. */
  async answered(count = 1, page = this.page): Promise<void> {
    await this.messages("assistant", "complete", page)
      .nth(count - 1)
      .waitFor();
  }

  /** Sends a message. Returns when the composer is empty: the message is safe. */
  async say(text: string, page = this.page): Promise<void> {
    const composer = page.getByTestId("composer");
    await composer.fill(text);
    await composer.press("Enter");
    await expect.poll(() => composer.inputValue()).toBe("");
  }

  conversationId(): string {
    return new URL(this.page.url()).hash.replace("#/c/", "");
  }

  /** The messages that the server was sent. */
  sends() {
    return this.server.world.received.filter(({ type }) => type === "send");
  }
}
