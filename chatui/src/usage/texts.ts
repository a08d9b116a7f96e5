/** What the page says of what a conversation used, in its four languages: read only when it is wanted. */
import type { Language } from "../settings.svelte";

const en = {
  model: "Model",
  replies: "Answers",
  promptTokens: "Tokens read",
  completionTokens: "Tokens written",
  cost: "Cost",
  unknownModel: "Not known",
  total: "In all",
  note: "All versions of all answers, as far as the model’s provider has counted them.",
  none: "No answer has been counted yet.",
  unpriced: (count: string) => `Answers without a known price, not in the cost: ${count}.`,
  reading: "Adding up…",
};

export type UsageTexts = typeof en;

export const TEXTS: Record<Language, UsageTexts> = {
  en,
  de: {
    model: "Modell",
    replies: "Antworten",
    promptTokens: "Tokens gelesen",
    completionTokens: "Tokens geschrieben",
    cost: "Kosten",
    unknownModel: "Nicht bekannt",
    total: "Zusammen",
    note: "Alle Fassungen aller Antworten, soweit der Anbieter des Modells sie gezählt hat.",
    none: "Noch wurde keine Antwort gezählt.",
    unpriced: (count) => `Antworten ohne bekannten Preis, nicht in den Kosten: ${count}.`,
    reading: "Wird zusammengezählt…",
  },
  es: {
    model: "Modelo",
    replies: "Respuestas",
    promptTokens: "Tokens leídos",
    completionTokens: "Tokens escritos",
    cost: "Coste",
    unknownModel: "Desconocido",
    total: "En total",
    note: "Todas las versiones de todas las respuestas, hasta donde las ha contado el proveedor del modelo.",
    none: "Todavía no se ha contado ninguna respuesta.",
    unpriced: (count) => `Respuestas sin precio conocido, no incluidas en el coste: ${count}.`,
    reading: "Sumando…",
  },
  zh: {
    model: "模型",
    replies: "回答",
    promptTokens: "读取的词元",
    completionTokens: "写出的词元",
    cost: "费用",
    unknownModel: "未知",
    total: "合计",
    note: "所有回答的所有版本，以模型提供方的计数为准。",
    none: "还没有计数的回答。",
    unpriced: (count) => `没有已知价格、未计入费用的回答：${count}。`,
    reading: "正在合计…",
  },
};
