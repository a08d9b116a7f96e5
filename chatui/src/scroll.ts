/**
 * Follows the end of a thread while the reader is at the end, and never otherwise. Every scroll that is made here
 * is remembered by where it goes, so that any other scroll is known to be the reader's.
 */

/** Pixels. */
export const STICK = { unpinAfter: 3, pinWithin: 60 } as const;

export type Scroller = Pick<HTMLElement, "scrollTop" | "scrollHeight" | "clientHeight">;

export class StickToEnd {
  onPinned: (pinned: boolean) => void = () => {};
  pinned = true;

  #scroller: Scroller;
  #expected: number | null = null;
  #last: number;

  constructor(scroller: Scroller) {
    this.#scroller = scroller;
    this.#last = scroller.scrollTop;
  }

  get #end(): number {
    return Math.max(0, this.#scroller.scrollHeight - this.#scroller.clientHeight);
  }

  /** To be called on every scroll event. */
  scrolled(): void {
    const top = this.#scroller.scrollTop;
    const own = this.#expected !== null && Math.abs(top - this.#expected) <= 1;
    this.#expected = null;
    const toEnd = this.#end - top;
    // Content that became shorter pushes the reader to its end: that is no wish to leave it.
    if (!own && toEnd > 1 && top < this.#last - STICK.unpinAfter) this.#pin(false);
    else if (!own && toEnd <= STICK.pinWithin && top >= this.#last) this.#pin(true);
    if (own || Math.abs(top - this.#last) > STICK.unpinAfter || top > this.#last) this.#last = top;
  }

  /** The content or the window has changed its size. */
  resized(): void {
    if (this.pinned) this.toEnd();
  }

  /** Goes to the end and stays there. */
  toEnd(): void {
    this.#pin(true);
    const end = this.#end;
    if (Math.abs(this.#scroller.scrollTop - end) <= 1) return;
    this.#expected = end;
    this.#last = end;
    this.#scroller.scrollTop = end;
  }

  /** Goes somewhere else than the end, because the reader wants to. */
  leave(): void {
    this.#pin(false);
  }

  /** Keeps what the reader sees where it is after something was put above it. */
  grewAbove(by: number): void {
    if (by === 0) return;
    this.#expected = this.#scroller.scrollTop + by;
    this.#last = this.#expected;
    this.#scroller.scrollTop = this.#expected;
  }

  #pin(pinned: boolean): void {
    if (pinned === this.pinned) return;
    this.pinned = pinned;
    this.onPinned(pinned);
  }
}
