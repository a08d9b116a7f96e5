/**
 * What the page and the frame of a diagram say to each other. Each believes nothing that the other says: the frame
 * works on what a model wrote, and the page's sender could be any window that got hold of the frame.
 */

export type DiagramTheme = "light" | "dark";

/** The page asks for a diagram. A later one replaces those before it. */
export interface Draw {
  type: "draw";
  /** Comes back with the answer. */
  request: number;
  text: string;
  theme: DiagramTheme;
}

/** The page asks for a PNG of what is drawn. */
export interface Rasterize {
  type: "rasterize";
  /** That of the drawing; comes back with the answer. */
  request: number;
}

export interface Drawn {
  type: "drawn";
  request: number;
  /** CSS pixels at the frame's width. */
  height: number;
  /** The name that the diagram gives itself (`accTitle`); empty if it has none. */
  title: string;
  /** The drawing as a file. */
  svg: string;
}

export type FrameMessage =
  /** The frame can draw now. */
  | { type: "ready" }
  | Drawn
  /** It can't be read, or not drawn. */
  | { type: "failed"; request: number }
  /** The file that was asked for; null if it can't be made. */
  | { type: "rasterized"; request: number; png: ArrayBuffer | null }
  /** The frame's width has changed, and its height with it. */
  | { type: "resized"; height: number };

/** Characters; longer text stays code. Above it drawing takes seconds, during which the page may stand still. */
export const LONGEST_TEXT = 20_000;
/** Characters of the drawing as a file. */
export const LONGEST_SVG = 4_000_000;
/** Bytes. */
const LARGEST_PNG = 64_000_000;
/** How each PNG begins. */
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const LONGEST_TITLE = 200;
/** CSS pixels; a taller diagram is scrolled inside its frame. */
export const TALLEST = 2_000;
/** Milliseconds for loading the frame and drawing. */
export const TIME_LIMIT = 20_000;

const isObject = (data: unknown): data is Record<string, unknown> =>
  typeof data === "object" && data !== null;
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isText = (value: unknown, longest: number): value is string =>
  typeof value === "string" && value.length <= longest;
const heightOf = (value: unknown): number | null =>
  typeof value === "number" && value >= 1 ? Math.min(Math.ceil(value), TALLEST) : null;

const isPng = (value: unknown): value is ArrayBuffer =>
  value instanceof ArrayBuffer &&
  value.byteLength <= LARGEST_PNG &&
  PNG.every((byte, at) => new Uint8Array(value)[at] === byte);

/** What the page said, or null if it is not what a page says. */
export function readPageMessage(data: unknown): Draw | Rasterize | null {
  if (!isObject(data)) return null;
  const { type, request, text, theme } = data;
  if (type === "rasterize" && isCount(request)) return { type, request };
  if (
    type !== "draw" ||
    !isCount(request) ||
    !isText(text, LONGEST_TEXT) ||
    (theme !== "light" && theme !== "dark")
  )
    return null;
  return { type: "draw", request, text, theme };
}

/** What the frame said, or null if it is not what a frame says. */
export function readFrameMessage(data: unknown): FrameMessage | null {
  if (!isObject(data)) return null;
  const { type, request, title, svg, png } = data;
  const height = heightOf(data.height);
  if (type === "ready") return { type };
  if (type === "failed" && isCount(request)) return { type, request };
  if (type === "rasterized" && isCount(request) && (png === null || isPng(png)))
    return { type, request, png };
  if (type === "resized" && height !== null) return { type, height };
  if (type !== "drawn" || !isCount(request) || height === null) return null;
  if (typeof title !== "string" || !isText(svg, LONGEST_SVG)) return null;
  return { type, request, height, title: title.slice(0, LONGEST_TITLE), svg };
}
