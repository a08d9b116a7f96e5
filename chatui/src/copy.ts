/**
 * Puts a text on the clipboard; also where there is no clipboard API, as on plain http.
 *
 * @param html the same for programs that know more than plain text
 */
export async function copyText(text: string, html?: string): Promise<boolean> {
  try {
    if (navigator.clipboard) {
      if (html === undefined) await navigator.clipboard.writeText(text);
      else {
        const types = { "text/plain": text, "text/html": html };
        const blobs = Object.entries(types).map(([type, of]) => [type, new Blob([of], { type })]);
        await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
      }
      return true;
    }
  } catch {
    // Not allowed: try the old way.
  }
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  area.className = "offscreen";
  // Inside an open dialog everything outside it cannot be selected.
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const both = (event: ClipboardEvent) => {
    if (html === undefined || !event.clipboardData) return;
    event.clipboardData.setData("text/plain", text);
    event.clipboardData.setData("text/html", html);
    event.preventDefault();
  };
  area.addEventListener("copy", both);
  const copied = document.execCommand("copy");
  area.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return copied;
}
