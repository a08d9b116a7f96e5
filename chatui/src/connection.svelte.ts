/** What a person is told of the connection. */
import type { ConnectionState } from "./socket";

/** Milliseconds of a broken connection until the page says so, if something waits for it. */
export const LONG_AFTER = 5_000;

export class Connection {
  state = $state.raw<ConnectionState>({ kind: "connecting" });
  /** It has been broken for so long that it is worth a word. */
  long = $state(false);
  /** Whether this machine has a network at all, as far as the browser knows. */
  online = $state(navigator.onLine);

  #timer: ReturnType<typeof setTimeout> | undefined;

  get open(): boolean {
    return this.state.kind === "open";
  }

  update(state: ConnectionState): void {
    this.state = state;
    if (state.kind === "open") {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.long = false;
    } else {
      this.#timer ??= setTimeout(() => {
        this.long = true;
      }, LONG_AFTER);
    }
  }
}
