/**
 * Draws one diagram, in a frame of its own: no network, an origin that is nobody's, and only its own script (see
 * `frame.html`, and the policies of the servers). It knows nothing but the text that the page sends.
 */
import "./trusted-types";
import mermaid, { type MermaidConfig } from "mermaid";
import {
  type DiagramTheme,
  type Draw,
  type FrameMessage,
  LONGEST_TEXT,
  type Rasterize,
  readPageMessage,
  TALLEST,
} from "./messages";
import { rasterize } from "./rasterize";
import { PALETTES } from "./themes";

/** A wide diagram is made smaller down to this, then scrolled, so that it can still be read on a phone. */
const SMALLEST_SCALE = 0.6;

const config = (theme: DiagramTheme): MermaidConfig => ({
  startOnLoad: false,
  securityLevel: "strict",
  // What a diagram may not change about itself: besides what would make it unsafe, what would make it unreadable here.
  secure: [
    "secure",
    "securityLevel",
    "startOnLoad",
    "maxTextSize",
    "maxEdges",
    "suppressErrorRendering",
    "htmlLabels",
    "dompurifyConfig",
    "themeCSS",
    "theme",
    "themeVariables",
    "darkMode",
    "fontFamily",
    "altFontFamily",
    "logLevel",
  ],
  suppressErrorRendering: true,
  maxTextSize: LONGEST_TEXT,
  // Labels are text of the drawing: nothing is read as HTML, and the file that is saved works in other programs.
  htmlLabels: false,
  // A menu that opens on a click would do so by a script in an attribute, which is refused.
  sequence: { forceMenus: true },
  fontFamily: "system-ui, sans-serif",
  theme: "base",
  themeVariables: PALETTES[theme],
});

const place = document.createElement("div");
place.style.maxHeight = `${TALLEST}px`;
document.body.append(place);
let latest = 0;
/** What is in the place now, and in which colours. */
let shown: { drawing: SVGSVGElement; theme: DiagramTheme } | null = null;

/** The page's origin: this document was loaded from it, though it does not belong to it. */
const { origin } = location;
const say = (message: FrameMessage) => parent.postMessage(message, origin);

const heightOfPlace = (): number => place.getBoundingClientRect().height;

/** Links would lead out of the frame, where nobody could tell what led there. */
function removeLinks(drawing: Element): void {
  for (const link of drawing.querySelectorAll("a")) {
    for (const { name } of [...link.attributes]) if (/href|target/.test(name)) link.removeAttribute(name);
  }
}

function show(svg: string): SVGSVGElement {
  place.innerHTML = svg;
  const drawing = place.querySelector("svg");
  if (!drawing) throw new Error("Nothing was drawn");
  removeLinks(drawing);
  drawing.style.minWidth = `${Math.floor(drawing.viewBox.baseVal.width * SMALLEST_SCALE)}px`;
  return drawing;
}

async function draw({ request, text, theme }: Draw): Promise<void> {
  latest = request;
  try {
    mermaid.initialize(config(theme));
    const { svg } = await mermaid.render("drawing", text);
    if (request !== latest) return;
    document.documentElement.style.colorScheme = theme;
    const drawing = show(svg);
    shown = { drawing, theme };
    say({
      type: "drawn",
      request,
      height: heightOfPlace(),
      title: drawing.querySelector(":scope > title")?.textContent?.trim() ?? "",
      svg: new XMLSerializer().serializeToString(drawing),
    });
  } catch {
    if (request === latest) say({ type: "failed", request });
  }
}

async function save({ request }: Rasterize): Promise<void> {
  const png = shown && (await rasterize(shown.drawing, PALETTES[shown.theme].background).catch(() => null));
  say({ type: "rasterized", request, png });
}

addEventListener("message", (event) => {
  if (event.source !== parent || event.origin !== origin) return;
  const message = readPageMessage(event.data);
  if (message?.type === "draw") void draw(message);
  else if (message) void save(message);
});

new ResizeObserver(() => {
  // Only what has to be scrolled is a stop for the keyboard.
  place.tabIndex = place.scrollWidth > place.clientWidth ? 0 : -1;
  if (place.firstElementChild) say({ type: "resized", height: heightOfPlace() });
}).observe(place);

say({ type: "ready" });
