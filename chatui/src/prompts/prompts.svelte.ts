/** The texts that a person keeps, to ask with them again. The server has them, so they are the same in every browser. */
import { callInSession, items } from "../api";

export interface Prompt {
  id: string;
  title: string;
  text: string;
}

function decode(item: unknown): Prompt {
  const { id, title, text } = item as Record<string, unknown>;
  if (typeof id !== "string" || typeof title !== "string" || typeof text !== "string") {
    throw new TypeError("no prompt");
  }
  return { id, title, text };
}

/** For looking a word up: without case and accents. */
const folded = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

class Prompts {
  /** The one that is being written; it stays until it is saved or given up, whatever is closed around it. */
  edited = $state<Prompt | null>(null);
  /** Null as long as nothing is known of them. */
  all = $state.raw<readonly Prompt[] | null>(null);

  /** Reads them from the server. Rejects where that could not be done; what was known stays. */
  async load(): Promise<void> {
    this.#show(items(await callInSession("GET", "prompts"), decode));
  }

  /** Keeps one, in place of the one with its id. */
  async keep(prompt: Prompt): Promise<void> {
    const { id, title, text } = prompt;
    const kept = decode(await callInSession("PUT", `prompts/${encodeURIComponent(id)}`, { title, text }));
    if (this.all) this.#show([...this.all.filter((one) => one.id !== id), kept]);
    else await this.load();
  }

  async delete(id: string): Promise<void> {
    await callInSession("DELETE", `prompts/${encodeURIComponent(id)}`);
    if (this.all) this.#show(this.all.filter((one) => one.id !== id));
  }

  /** Those with these letters in their titles; those first whose titles begin with them. */
  matching(sought: string): Prompt[] {
    const wanted = folded(sought);
    const found = (this.all ?? []).flatMap((prompt) => {
      const at = folded(prompt.title).indexOf(wanted);
      return at < 0 ? [] : [{ prompt, later: at > 0 }];
    });
    return found.sort((a, b) => Number(a.later) - Number(b.later)).map(({ prompt }) => prompt);
  }

  #show(prompts: Prompt[]): void {
    this.all = prompts.sort((a, b) => a.title.localeCompare(b.title) || (a.id < b.id ? -1 : 1));
  }
}

export const prompts = new Prompts();
