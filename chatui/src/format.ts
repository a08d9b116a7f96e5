/** Times and numbers as people read them. */

export type Group = "pinned" | "today" | "yesterday" | "earlier";

/** Under which heading of the list a conversation stands. */
export function groupOf(pinned: boolean, updatedAt: string, now: Date): Group {
  if (pinned) return "pinned";
  const at = new Date(updatedAt);
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  if (at >= midnight) return "today";
  const yesterday = new Date(midnight);
  yesterday.setDate(yesterday.getDate() - 1);
  return at >= yesterday ? "yesterday" : "earlier";
}

/** Whole seconds or minutes, with their unit. */
export function duration(milliseconds: number, language: string): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  const [value, unit] = seconds < 90 ? [seconds, "second"] : [Math.round(seconds / 60), "minute"];
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit,
    unitDisplay: seconds < 90 ? "narrow" : "short",
  }).format(value);
}

/** A time of day; with its date if it was not today. */
export function time(at: string, now: Date, language: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  const today = date.toDateString() === now.toDateString();
  const options: Intl.DateTimeFormatOptions = today
    ? { timeStyle: "short" }
    : { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(language, options).format(date);
}
