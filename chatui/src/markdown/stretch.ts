/** Code in stretches of whole lines: what is laid out and coloured at a time must not hold up the page. */

export interface Stretch {
  /** Where it begins in the code. */
  readonly start: number;
  readonly text: string;
}

/** Characters that a stretch has at least, if there are that many. */
const LENGTH = 2_000;

export function endOfStretch(code: string, start: number): number {
  const line = code.indexOf("\n", start + LENGTH);
  return line < 0 ? code.length : line + 1;
}

/** A code that grows, of which only the last stretch changes. */
export class Stretches {
  #code = "";
  #finished: Stretch[] = [];
  #start = 0;

  update(code: string): readonly Stretch[] {
    if (!code.startsWith(this.#code)) {
      this.#finished = [];
      this.#start = 0;
    }
    this.#code = code;
    for (let end = endOfStretch(code, this.#start); end < code.length; end = endOfStretch(code, end)) {
      this.#finished.push({ start: this.#start, text: code.slice(this.#start, end) });
      this.#start = end;
    }
    return [...this.#finished, { start: this.#start, text: code.slice(this.#start) }];
  }
}
