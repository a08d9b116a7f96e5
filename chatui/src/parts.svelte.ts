/** Parts of the page that are not seen when it opens: each is fetched when the page is idle, or when it is wanted first. */
class Part<T> {
  /** Null until it is here. */
  now = $state.raw<T | null>(null);
  readonly #read: () => Promise<T>;

  constructor(read: () => Promise<T>) {
    this.#read = read;
  }

  /** Rejects if it can't be fetched; the next call tries again. */
  async fetch(): Promise<T> {
    this.now ??= await this.#read();
    return this.now;
  }
}

export const dialogs = new Part(async () => (await import("./components/dialogs")).dialogs);
export const editForm = new Part(async () => (await import("./components/EditMessage.svelte")).default);
export const diagrams = new Part(async () => (await import("./diagram/Diagram.svelte")).default);
export const updates = new Part(async () => (await import("./updates/Updates.svelte")).default);
export const promptMenu = new Part(async () => (await import("./prompts/PromptMenu.svelte")).default);

/** Fetches all parts once the page has nothing else to do, so that they are also there when the network is not. */
export function fetchPartsWhenIdle(): void {
  const fetchAll = () => {
    // What can't be fetched now is asked for again when it is wanted.
    for (const part of [dialogs, editForm, diagrams, updates, promptMenu]) part.fetch().catch(() => {});
  };
  // Safari has no such thing.
  if ("requestIdleCallback" in window) requestIdleCallback(fetchAll, { timeout: 5_000 });
  else setTimeout(fetchAll, 1_000);
}
