import { expect, test } from "vitest";
import { isId, newId } from "./ids";

test("an id is one that the protocol takes, and never the same", () => {
  const ids = Array.from({ length: 500 }, newId);
  expect(ids.every(isId)).toBe(true);
  expect(ids.every((id) => id.length === 22)).toBe(true);
  expect(new Set(ids).size).toBe(500);
});

test("what is no id of the protocol is told apart", () => {
  expect(["", "a b", "a/b", "ä", "a".repeat(65)].filter(isId)).toEqual([]);
  expect(["a", "A-Z_09", "a".repeat(64)].filter(isId)).toHaveLength(3);
});
