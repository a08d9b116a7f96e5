/**
 * Makes a PNG of a drawing. A canvas draws an SVG only as an image, so the frame's policy allows images from `blob:`,
 * and no others: such an address is made by this script, and nothing that a model writes can name one.
 */

/** Pixels of the picture for each of the drawing, so that it is sharp on most screens and in print. */
const SCALE = 2;
/** Pixels that every browser's canvas can have. */
export const MOST_PIXELS = 4_096 * 4_096;
/** Of one side. */
const LONGEST_SIDE = 16_384;

/** What leads out of a drawing in CSS; escaped it could be written in any way. `url(#…)` is a part of the drawing. */
const LEADS_OUT = /\\|@import|image-set|src\(|url\((?!["']?#)/i;
/** What changes an attribute after it was looked at. */
const MOVES = /^(set|animate.*)$/i;

/**
 * Whether a drawing refers to nothing but its own parts. An image can't reach the network, but it would decode a picture that
 * is written into it, which the frame's policy keeps from a drawing.
 */
export function isSelfContained(drawing: Element): boolean {
  return [drawing, ...drawing.querySelectorAll("*")].every(
    (element) =>
      !MOVES.test(element.localName) &&
      [...element.attributes].every(({ name, value }) =>
        /href|^src/.test(name) ? value.startsWith("#") : !LEADS_OUT.test(value),
      ) &&
      (element.localName !== "style" || !LEADS_OUT.test(element.textContent ?? "")),
  );
}

/** The pixels of the picture: a large drawing gets fewer for each of its own. */
export function sizeOf(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(
    SCALE,
    Math.sqrt(MOST_PIXELS / (width * height)),
    LONGEST_SIDE / Math.max(width, height),
  );
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

/**
 * @param background without one, what is bright on a dark page could not be read on a white one
 * @returns the file
 * @throws Error if the drawing leads out of itself, or the browser can't draw it
 */
export async function rasterize(drawing: SVGSVGElement, background: string): Promise<ArrayBuffer> {
  if (!isSelfContained(drawing)) throw new Error("The drawing leads out of itself");
  const { width, height } = drawing.viewBox.baseVal;
  const whole = drawing.cloneNode(true) as SVGSVGElement;
  // It fits the drawing into the frame.
  whole.removeAttribute("style");
  whole.setAttribute("width", `${width}`);
  whole.setAttribute("height", `${height}`);
  // A canvas that HTML was drawn on gives nothing away. Beside it mermaid writes text, for programs that know no HTML.
  for (const html of whole.querySelectorAll("switch > foreignObject")) html.remove();
  const canvas = Object.assign(document.createElement("canvas"), sizeOf(width, height));
  const context = canvas.getContext("2d");
  if (!context) throw new Error("There is no canvas");
  context.fillStyle = background;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const svg = new XMLSerializer().serializeToString(whole);
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    await image.decode();
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
  } finally {
    URL.revokeObjectURL(image.src);
  }
  const file = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!file) throw new Error("The canvas is too large");
  return file.arrayBuffer();
}
