/** The keys of the page. */
export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
export const MOD = isMac ? "⌘" : "Ctrl";

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
