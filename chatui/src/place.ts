/** Where a person was reading, kept in this tab over one reload. */
export interface Place {
  conversationId: string;
  messageId: string;
  /** Pixels from the top of what is in sight to the top of the message. */
  top: number;
}

const NAME = "parley.place";

/** Keeps the first message in sight; nothing at the end, where every conversation begins. */
export function keepPlace(conversationId: string | null): void {
  const scroller = document.querySelector(".thread-scroll");
  if (conversationId === null || !scroller || !document.querySelector(".to-end")) return;
  const { top } = scroller.getBoundingClientRect();
  const messages = [...scroller.querySelectorAll<HTMLElement>("[data-message-id]")];
  const first = messages.find((message) => message.getBoundingClientRect().bottom > top);
  if (!first) return;
  const place: Place = {
    conversationId,
    messageId: first.dataset.messageId ?? "",
    top: first.getBoundingClientRect().top - top,
  };
  try {
    sessionStorage.setItem(NAME, JSON.stringify(place));
  } catch {
    // A browser that keeps nothing begins at the end.
  }
}

/** Gives what was kept, once. */
export function takePlace(): Place | null {
  try {
    const kept = sessionStorage.getItem(NAME);
    sessionStorage.removeItem(NAME);
    return kept === null ? null : (JSON.parse(kept) as Place);
  } catch {
    return null;
  }
}
