import type { Line } from "./scroll";

/** Pixels from one look for a line to the next. */
const STEP = 12;

/**
 * The first line that is wholly in sight. It is known by one of its characters, which is found again when the window
 * is narrower and the lines are others; by its group, where the browser has not laid out what that holds.
 */
export function lineOnTop(scroller: HTMLElement): Line | null {
  const { top, left, width, height } = scroller.getBoundingClientRect();
  let cutOff: Line | null = null;
  for (let y = top + 1; y < top + height; y += STEP) {
    const topOf = placeAt(left + width / 2, y);
    if (!topOf) continue;
    const line = () => {
      const now = topOf();
      return now === null ? null : now - scroller.getBoundingClientRect().top;
    };
    if ((line() ?? -1) >= 0) return line;
    cutOff ??= line;
  }
  return cutOff;
}

/** Says where the top of what is at a point is now. */
function placeAt(x: number, y: number): (() => number | null) | null {
  const caret = document.caretPositionFromPoint?.(x, y);
  const range = caret ? null : document.caretRangeFromPoint?.(x, y);
  const node = caret?.offsetNode ?? range?.startContainer;
  const offset = caret?.offset ?? range?.startOffset ?? 0;
  const element = node instanceof Element ? node : node?.parentElement;
  if (!node || !element?.closest(".group")) return null;
  return () => {
    if (!node.isConnected) return null;
    return node instanceof Text ? topOfCharacter(node, offset) : element.getBoundingClientRect().top;
  };
}

function topOfCharacter(node: Text, offset: number): number {
  const range = document.createRange();
  const start = Math.max(0, Math.min(offset, node.length - 1));
  range.setStart(node, start);
  range.setEnd(node, Math.min(start + 1, node.length));
  return range.getBoundingClientRect().top;
}
