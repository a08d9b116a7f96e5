/** What the page says of diagrams, in its four languages: read only when there is one. */
import type { Language } from "../settings.svelte";

const en = {
  diagram: "Diagram",
  showCode: "Show code",
  showDiagram: "Show diagram",
  downloadDiagram: "Download as SVG",
  downloadDiagramPng: "Download as PNG",
  diagramFailed: "This diagram could not be drawn. Here is its code.",
  diagramTooLong: "This diagram is too long to be drawn. Here is its code.",
};

export type DiagramTexts = typeof en;

export const TEXTS: Record<Language, DiagramTexts> = {
  en,
  de: {
    diagram: "Diagramm",
    showCode: "Code zeigen",
    showDiagram: "Diagramm zeigen",
    downloadDiagram: "Als SVG herunterladen",
    downloadDiagramPng: "Als PNG herunterladen",
    diagramFailed: "Dieses Diagramm lässt sich nicht zeichnen. Hier ist sein Code.",
    diagramTooLong: "Dieses Diagramm ist zu lang, um gezeichnet zu werden. Hier ist sein Code.",
  },
  es: {
    diagram: "Diagrama",
    showCode: "Mostrar el código",
    showDiagram: "Mostrar el diagrama",
    downloadDiagram: "Descargar como SVG",
    downloadDiagramPng: "Descargar como PNG",
    diagramFailed: "Este diagrama no se puede dibujar. Aquí está su código.",
    diagramTooLong: "Este diagrama es demasiado largo para dibujarlo. Aquí está su código.",
  },
  zh: {
    diagram: "图表",
    showCode: "显示代码",
    showDiagram: "显示图表",
    downloadDiagram: "下载为 SVG",
    downloadDiagramPng: "下载为 PNG",
    diagramFailed: "无法绘制此图表，以下是其代码。",
    diagramTooLong: "此图表过长，无法绘制，以下是其代码。",
  },
};
