/** What one hostile text is. The texts are data: `groups.ts` has all of them, and `hostile.test.ts` the page. */

/**
 * Something that a model or a user may write. Where it would run it calls `pwned()` or `alert()`, and where it would
 * load or lead it names `hostile.example`: the browser of the tests takes every foreign name to the stranger.
 */
export interface Payload {
  readonly name: string;
  readonly text: string;
  /** What a reader must find in the answer, blanks aside. By default what its group says. */
  readonly shows?: string;
  /** Where all links of the answer lead, in their order. By default there are none. */
  readonly links?: readonly string[];
  /** What is said beside those links about where they lead. By default their hosts. */
  readonly told?: readonly string[];
  /** Its diagram can't be read, so that its text is shown. */
  readonly undrawn?: boolean;
  /**
   * The policy of the diagram's frame refuses a handler of events in it: DOMPurify reads what mermaid wrote into a
   * document that is never shown, and the browser says so there already. What is shown has no handler.
   */
  readonly refused?: boolean;
}

export interface Group {
  readonly name: string;
  /** The answer shows each payload as it was written, unless the payload says something else. */
  readonly verbatim?: true;
  /** Its texts take long to draw: each is tried as it is streamed, and not once more as a whole. */
  readonly dear?: true;
  readonly payloads: readonly Payload[];
}

export const times = (text: string, count: number): string => text.repeat(count);

/** Names and texts, for payloads of which nothing more is to be said. */
export const plain = (texts: Readonly<Record<string, string>>): Payload[] =>
  Object.entries(texts).map(([name, text]) => ({ name, text }));
