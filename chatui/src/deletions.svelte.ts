/** Deletions of conversations that can be undone for a while: until then they are only out of sight. */
import { keep, recall } from "./settings.svelte";

/** Milliseconds until a deletion can no longer be undone. */
export const UNDO_TIME = 8_000;

export class Deletions {
  /** The conversations that are out of sight. */
  ids = $state.raw<ReadonlySet<string>>(new Set());

  readonly #delete: (id: string) => Promise<void>;
  readonly #deleteOnLeaving: (id: string) => void;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /**
   * @param deleteNow ends when it is done, however long the server is away
   * @param deleteOnLeaving asks the server while the page is going away
   */
  constructor(deleteNow: (id: string) => Promise<void>, deleteOnLeaving: (id: string) => void) {
    this.#delete = deleteNow;
    this.#deleteOnLeaving = deleteOnLeaving;
  }

  begin(id: string): void {
    this.#set(new Set(this.ids).add(id));
    this.#timers.set(
      id,
      setTimeout(() => void this.#carryOut(id), UNDO_TIME),
    );
  }

  undo(id: string): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#end(id);
  }

  /** Carries out what an earlier page could not before it was closed. */
  resume(): void {
    const ids = (recall("deleting") ?? "").split(",").filter((id) => id !== "");
    this.ids = new Set(ids);
    for (const id of ids) void this.#carryOut(id);
  }

  /** The page is being left: nobody can undo any more. */
  leave(): void {
    for (const [id, timer] of this.#timers) {
      clearTimeout(timer);
      this.#deleteOnLeaving(id);
    }
  }

  async #carryOut(id: string): Promise<void> {
    this.#timers.delete(id);
    await this.#delete(id);
    this.#end(id);
  }

  #end(id: string): void {
    const ids = new Set(this.ids);
    ids.delete(id);
    this.#set(ids);
  }

  #set(ids: ReadonlySet<string>): void {
    this.ids = ids;
    keep("deleting", ids.size === 0 ? null : [...ids].join());
  }
}
