import { expect, test } from "vitest";
import { cost, money } from "./cost";

test("an amount of money has as many decimals as say something", () => {
  expect(money(12.345, "USD", "en")).toBe("$12.35");
  expect(money(0.0000215, "USD", "en")).toBe("$0.000022");
  expect(money(0, "USD", "en")).toBe("$0.00");
  expect(money(1234.5, "JPY", "en")).toBe("¥1,235");
});

test("a reply costs what its tokens cost, of which a price is for a million", () => {
  const price = { prompt: 0.25, completion: 2, currency: "USD" };
  expect(cost({ promptTokens: 3, completionTokens: 5 }, price, "en")).toBe("$0.000011");
  expect(cost({ promptTokens: 4_000_000, completionTokens: 0 }, price, "en")).toBe("$1.00");
});
