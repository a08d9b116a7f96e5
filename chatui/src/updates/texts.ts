/** What the page says of a new version of itself, in its four languages: read only when the page is idle. */
import type { Language } from "../settings.svelte";

const en = {
  ready: "A new version of this page is ready. What you have written stays.",
  load: "Load it",
};

export type UpdateTexts = typeof en;

export const TEXTS: Record<Language, UpdateTexts> = {
  en,
  de: {
    ready: "Eine neue Fassung dieser Seite ist bereit. Was du geschrieben hast, bleibt.",
    load: "Laden",
  },
  es: {
    ready: "Hay una nueva versión de esta página. Lo que has escrito se conserva.",
    load: "Cargarla",
  },
  zh: {
    ready: "此页面的新版本已就绪。你写的内容会保留。",
    load: "加载",
  },
};
