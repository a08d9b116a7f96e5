import { expect, test } from "vitest";
import { dayOf } from "./day";

test("a day is said also if it is today", () => {
  const now = new Date();
  expect(dayOf(now.toISOString(), "en-GB")).toContain(String(now.getFullYear()));
  expect(dayOf("2026-03-01T12:00:00Z", "de")).toContain("März");
  expect(dayOf("2026-03-01T12:00:00Z", "zh")).toContain("2026年3月1日");
});

test("what is no time is nothing", () => {
  expect(dayOf("", "en")).toBe("");
});
