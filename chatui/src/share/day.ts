/** When something was shared, as people read it: with its day, also today, since who reads may do so much later. */
export function dayOf(at: string, language: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(date);
}
