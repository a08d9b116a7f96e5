/** What the page shows of money: read only where there are prices. */
import type { Price } from "../api";
import type { Usage } from "../frames";

/** An amount of money; of less than one the first two digits that say something. */
export function money(amount: number, currency: string, language: string): string {
  const small = amount > 0 && amount < 1 ? { maximumSignificantDigits: 2 } : {};
  return new Intl.NumberFormat(language, { style: "currency", currency, ...small }).format(amount);
}

/** What a reply cost. */
export function cost(usage: Usage, price: Price, language: string): string {
  const amount = (usage.promptTokens * price.prompt + usage.completionTokens * price.completion) / 1e6;
  return money(amount, price.currency, language);
}
