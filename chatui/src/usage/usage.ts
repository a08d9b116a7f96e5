/** What a conversation used of the model, as the protocol tells it. */
import { callInSession, conversationPath, items } from "../api";

export interface Used {
  replies: number;
  promptTokens: number;
  completionTokens: number;
  /** In the currency of the whole; null if no price is known. */
  cost: number | null;
}

export interface UsageOfModel extends Used {
  /** Empty if it is not known. */
  model: string;
}

export interface Usage extends Used {
  items: UsageOfModel[];
  /** ISO 4217; empty without a cost. */
  currency: string;
  /** Replies whose price is not known. */
  unpriced: number;
}

export async function readUsage(id: string): Promise<Usage> {
  return decodeUsage(await callInSession("GET", `${conversationPath(id)}/usage`));
}

export function decodeUsage(answer: unknown): Usage {
  const { currency, unpriced } = answer as Record<string, unknown>;
  return {
    ...decodeUsed(answer),
    items: items(answer, (item) => {
      const { model } = item as Record<string, unknown>;
      return { ...decodeUsed(item), model: typeof model === "string" ? model : "" };
    }),
    currency: typeof currency === "string" ? currency : "",
    unpriced: count(unpriced ?? 0),
  };
}

function decodeUsed(from: unknown): Used {
  const { replies, promptTokens, completionTokens, cost } = from as Record<string, unknown>;
  return {
    replies: count(replies),
    promptTokens: count(promptTokens),
    completionTokens: count(completionTokens),
    cost: typeof cost === "number" ? cost : null,
  };
}

function count(value: unknown): number {
  if (typeof value !== "number") throw new TypeError("no number");
  return value;
}
