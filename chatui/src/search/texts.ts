/** What the page says of a search, in its four languages: read only when something is looked for. */
import type { Language } from "../settings.svelte";

const en = {
  results: (count: string) => `Messages found: ${count}`,
  noResults: (query: string) => `Nothing found for “${query}”.`,
  onlyNewest:
    "Only your pinned and newest conversations were searched; you have more than fit into one search.",
};

export type SearchTexts = typeof en;

export const TEXTS: Record<Language, SearchTexts> = {
  en,
  de: {
    results: (count) => `Gefundene Nachrichten: ${count}`,
    noResults: (query) => `Nichts gefunden zu „${query}“.`,
    onlyNewest:
      "Nur deine angehefteten und neuesten Gespräche wurden durchsucht; du hast mehr, als in eine Suche passen.",
  },
  es: {
    results: (count) => `Mensajes encontrados: ${count}`,
    noResults: (query) => `No se encontró nada para «${query}».`,
    onlyNewest:
      "Solo se buscó en tus conversaciones fijadas y más recientes; tienes más de las que caben en una búsqueda.",
  },
  zh: {
    results: (count) => `找到的消息：${count}`,
    noResults: (query) => `没有找到“${query}”。`,
    onlyNewest: "只搜索了你置顶和最近的对话；你的对话超出了一次搜索的范围。",
  },
};
