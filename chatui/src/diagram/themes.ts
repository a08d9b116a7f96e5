/** The colours of diagrams: those of `styles/tokens.css`, in the notation that mermaid can calculate with. */
import type { DiagramTheme } from "./messages";

interface Palette {
  darkMode: boolean;
  background: string;
  primaryColor: string;
  primaryTextColor: string;
  primaryBorderColor: string;
  secondaryColor: string;
  secondaryTextColor: string;
  tertiaryColor: string;
  tertiaryTextColor: string;
  lineColor: string;
  textColor: string;
  actorLineColor: string;
  labelBoxBorderColor: string;
  noteBkgColor: string;
  noteTextColor: string;
  noteBorderColor: string;
}

export const PALETTES: Record<DiagramTheme, Palette> = {
  light: {
    darkMode: false,
    background: "#fafdfc",
    primaryColor: "#d1efea",
    primaryTextColor: "#162629",
    primaryBorderColor: "#047169",
    secondaryColor: "#deedff",
    secondaryTextColor: "#162629",
    tertiaryColor: "#f0f6f5",
    tertiaryTextColor: "#162629",
    lineColor: "#495a5e",
    textColor: "#162629",
    actorLineColor: "#bfcaca",
    labelBoxBorderColor: "#bfcaca",
    noteBkgColor: "#fdf2dd",
    noteTextColor: "#162629",
    noteBorderColor: "#bfcaca",
  },
  dark: {
    darkMode: true,
    background: "#11191b",
    primaryColor: "#133837",
    primaryTextColor: "#e0e8e8",
    primaryBorderColor: "#6dc9bc",
    secondaryColor: "#223144",
    secondaryTextColor: "#e0e8e8",
    tertiaryColor: "#192225",
    tertiaryTextColor: "#e0e8e8",
    lineColor: "#a6b2b4",
    textColor: "#e0e8e8",
    actorLineColor: "#425053",
    labelBoxBorderColor: "#425053",
    noteBkgColor: "#34291a",
    noteTextColor: "#e0e8e8",
    noteBorderColor: "#425053",
  },
};
