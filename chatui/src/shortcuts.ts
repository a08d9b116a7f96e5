/** The keys of the page, and what they are called. */
import type { Texts } from "./texts/en";

type Name = Extract<keyof Texts, `shortcut${string}`>;

export interface Shortcut {
  name: Name;
  /** As they are shown. */
  keys: string[];
}

export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
export const MOD = isMac ? "⌘" : "Ctrl";

export const SHORTCUTS: Shortcut[] = [
  { name: "shortcutSend", keys: ["Enter"] },
  { name: "shortcutBreak", keys: ["Shift", "Enter"] },
  { name: "shortcutNew", keys: [MOD, "Shift", "O"] },
  { name: "shortcutSearch", keys: [MOD, "K"] },
  { name: "shortcutFocus", keys: ["/"] },
  { name: "shortcutCopy", keys: [MOD, "Shift", "C"] },
  { name: "shortcutStop", keys: ["Esc"] },
  { name: "shortcutSidebar", keys: [MOD, "Shift", "S"] },
  { name: "shortcutHelp", keys: ["?"] },
];

export type Action = "new" | "search" | "focus" | "copy" | "stop" | "sidebar" | "help";

/** Which action a key asks for, if any. In a text field only keys that write nothing count. */
export function actionOf(event: KeyboardEvent, inField: boolean): Action | null {
  const mod = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (mod && !event.altKey) {
    if (event.shiftKey) {
      const action = { o: "new", c: "copy", s: "sidebar" }[key];
      return (action as Action | undefined) ?? null;
    }
    return key === "k" ? "search" : key === "/" ? "help" : null;
  }
  if (event.key === "Escape") return "stop";
  if (inField || mod || event.altKey) return null;
  return event.key === "/" ? "focus" : event.key === "?" ? "help" : null;
}
