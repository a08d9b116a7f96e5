/** What the page says of a search, in its four languages: read only when something is looked for. */
import type { Language } from "../settings.svelte";

const en = {
  noResults: (query: string) => `Nothing found for “${query}”.`,
  onlyNewest: "Only your newest conversations were searched; you have more than fit into one search.",
};

export type SearchTexts = typeof en;

export const TEXTS: Record<Language, SearchTexts> = {
  en,
  de: {
    noResults: (query) => `Nichts gefunden zu „${query}“.`,
    onlyNewest: "Nur deine neuesten Gespräche wurden durchsucht; du hast mehr, als in eine Suche passen.",
  },
  es: {
    noResults: (query) => `No se encontró nada para «${query}».`,
    onlyNewest:
      "Solo se buscó en tus conversaciones más recientes; tienes más de las que caben en una búsqueda.",
  },
  zh: {
    noResults: (query) => `没有找到“${query}”。`,
    onlyNewest: "只搜索了你最近的对话；你的对话超出了一次搜索的范围。",
  },
};
