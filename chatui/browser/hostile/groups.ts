/** The whole corpus. */
import { CODE, DIRECTION, LOOKALIKES } from "./code";
import { CSS } from "./css";
import { DIAGRAMS } from "./diagrams";
import { FORMULAS } from "./formulas";
import { HTML, HTML_IN_MARKDOWN } from "./html";
import { IMAGES, LINKS } from "./links";
import { LOADING } from "./loading";
import { NAMES } from "./names";
import type { Group } from "./payload";
import { SIZES } from "./sizes";
import { SVG } from "./svg";
import { TEMPLATES } from "./templates";

export const GROUPS: readonly Group[] = [
  DIAGRAMS,
  SIZES,
  FORMULAS,
  LINKS,
  HTML,
  HTML_IN_MARKDOWN,
  SVG,
  IMAGES,
  LOADING,
  CSS,
  CODE,
  DIRECTION,
  LOOKALIKES,
  NAMES,
  TEMPLATES,
];
