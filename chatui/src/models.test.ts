import { beforeEach, expect, test } from "vitest";
import { Models } from "./models.svelte";

beforeEach(() => localStorage.clear());

function offered(): Models {
  const models = new Models();
  models.all = [
    { id: "small", default: false },
    { id: "big", default: true },
  ];
  return models;
}

test("the standard one is what the server says, else the first, else none", () => {
  const models = offered();
  expect(models.standard).toBe("big");
  models.all = [{ id: "small", default: false }];
  expect(models.standard).toBe("small");
  models.all = [];
  expect(models.standard).toBe("");
});

test("the choice for new conversations is kept, and the standard one is no choice", () => {
  offered().choose("small");
  const later = offered();
  expect(later.forNew).toBe("small");
  later.choose("big");
  expect(later.forNew).toBeNull();
  expect(offered().forNew).toBeNull();
});

test("a model that is no longer offered is not asked", () => {
  const models = offered();
  expect(models.ifOffered("small")).toBe("small");
  for (const id of ["gone", "", null, undefined]) expect(models.ifOffered(id)).toBeNull();
});

test("a wish for a conversation is granted once", () => {
  const models = offered();
  models.wish("c1", "small");
  expect(models.takeWish("c2")).toBeUndefined();
  expect(models.takeWish("c1")).toBe("small");
  expect(models.takeWish("c1")).toBeUndefined();
});
