/** The footnotes of the text that a component is in. */
import { createContext } from "svelte";
import type { Footnotes, Place } from "./footnotes";

export interface FootnotesHere {
  readonly footnotes: Footnotes;
  idOf(number: number): string;
  idOfReference(place: Place): string;
  goTo(id: string): void;
}

export const [footnotesHere, setFootnotesHere] = createContext<FootnotesHere>();
