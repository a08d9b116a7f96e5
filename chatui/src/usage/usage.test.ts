import { expect, test } from "vitest";
import { decodeUsage } from "./usage";

const used = { replies: 1, promptTokens: 2, completionTokens: 3 };

test("what was used is read with its costs", () => {
  expect(
    decodeUsage({
      ...used,
      cost: 0.5,
      currency: "EUR",
      unpriced: 1,
      items: [{ ...used, model: "small", cost: 0.5 }, used],
      later: true,
    }),
  ).toEqual({
    ...used,
    cost: 0.5,
    currency: "EUR",
    unpriced: 1,
    items: [
      { ...used, model: "small", cost: 0.5 },
      { ...used, model: "", cost: null },
    ],
  });
});

test("without prices there is no cost", () => {
  expect(decodeUsage({ ...used, items: [{ ...used, model: "small" }] })).toEqual({
    ...used,
    cost: null,
    currency: "",
    unpriced: 0,
    items: [{ ...used, model: "small", cost: null }],
  });
});

test("what has no numbers is no usage", () => {
  expect(() => decodeUsage({ items: [] })).toThrow();
});
