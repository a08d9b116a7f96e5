/** The models that can be asked, and which of them a person has chosen. */
import type { Model } from "./api";
import { keep, recall } from "./settings.svelte";

export class Models {
  all = $state.raw<readonly Model[]>([]);
  standard = $derived(this.all.find((model) => model.default)?.id ?? this.all[0]?.id ?? "");

  /** The choice for the next new conversation; null is the standard one. */
  forNew = $state.raw<string | null>(recall("model"));

  readonly #wishes = new Map<string, string>();

  /** A model that was chosen, if it can still be had; null is the standard one. */
  ifOffered(id: string | null | undefined): string | null {
    return this.all.find((model) => model.id === id)?.id ?? null;
  }

  /** Chooses for the next new conversation. */
  choose(id: string): void {
    this.forNew = id === this.standard ? null : id;
    keep("model", this.forNew);
  }

  /** A message's model is for its own reply; what a conversation that does not exist yet is to have is kept for it. */
  wish(conversationId: string, id: string): void {
    this.#wishes.set(conversationId, id);
  }

  /** What was wished for a conversation that exists now; after that nothing is. */
  takeWish(conversationId: string): string | undefined {
    const id = this.#wishes.get(conversationId);
    this.#wishes.delete(conversationId);
    return id;
  }
}
