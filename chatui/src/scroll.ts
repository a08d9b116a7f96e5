/**
 * Follows the end of a thread while the reader is at the end, and otherwise keeps the line that is read where it is.
 * Every scroll that is made here is remembered by where it goes, so that any other scroll is known to be the reader's.
 */

/** Pixels. */
export const STICK = { unpinAfter: 3, pinWithin: 60 } as const;

export type Scroller = Pick<HTMLElement, "scrollTop" | "scrollHeight" | "clientHeight">;

/** Says how many pixels below the scroller's top a line is; null if the line is gone. */
export type Line = () => number | null;

export class StickToEnd {
  onPinned: (pinned: boolean) => void = () => {};
  pinned = true;

  #scroller: Scroller;
  #lineOnTop: () => Line | null;
  #hasEnd: () => boolean;
  /** What is read, and where it has to stay. */
  #reading: { line: Line; at: number } | null = null;
  #held = false;
  #expected: number | null = null;
  #last: number;

  /**
   * @param lineOnTop finds the first line in sight
   * @param hasEnd whether what can be scrolled to is all that there is at the end
   */
  constructor(scroller: Scroller, lineOnTop: () => Line | null, hasEnd: () => boolean = () => true) {
    this.#scroller = scroller;
    this.#lineOnTop = lineOnTop;
    this.#hasEnd = hasEnd;
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
    if (!own && toEnd > 1 && top < this.#last - STICK.unpinAfter) this.leave();
    else if (!own && toEnd <= STICK.pinWithin && top >= this.#last && this.#hasEnd()) this.#pin(true);
    if (own || Math.abs(top - this.#last) > STICK.unpinAfter || top > this.#last) this.#last = top;
    if (!own && !this.pinned) this.#read();
  }

  /** The content or the window has changed its size. */
  resized(): void {
    if (this.#held) return;
    if (this.pinned) this.toEnd();
    else this.#keepReading();
  }

  /** The reader has put a finger on it, or has hold of the scroll bar or of a selection: nothing may move under it. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.resized();
  }

  /** Goes to the end and stays there. */
  toEnd(): void {
    this.#pin(true);
    this.#reading = null;
    this.#scrollTo(this.#end);
  }

  /** The reader wants to go somewhere else than the end: no word that comes may pull them back. */
  leave(): void {
    if (this.#end > 0) this.#pin(false);
  }

  #read(): void {
    const line = this.#lineOnTop();
    const at = line?.() ?? null;
    this.#reading = line && at !== null ? { line, at } : null;
  }

  #keepReading(): void {
    if (!this.#reading) return;
    const now = this.#reading.line();
    if (now === null) this.#read();
    else this.#scrollTo(this.#scroller.scrollTop + now - this.#reading.at);
  }

  #scrollTo(top: number): void {
    if (Math.abs(this.#scroller.scrollTop - top) <= 1) return;
    this.#expected = top;
    this.#last = top;
    this.#scroller.scrollTop = top;
  }

  #pin(pinned: boolean): void {
    if (pinned === this.pinned) return;
    this.pinned = pinned;
    this.onPinned(pinned);
  }
}
