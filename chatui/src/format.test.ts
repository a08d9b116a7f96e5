import { expect, test } from "vitest";
import { duration, groupOf, time } from "./format";

const now = new Date(2026, 10, 23, 9, 30);
const at = (day: number, hour: number): string => new Date(2026, 10, day, hour).toISOString();

test("conversations stand under pinned, today, yesterday or earlier", () => {
  expect(groupOf(true, at(1, 0), now)).toBe("pinned");
  expect(groupOf(false, at(23, 0), now)).toBe("today");
  expect(groupOf(false, at(22, 23), now)).toBe("yesterday");
  expect(groupOf(false, at(22, 0), now)).toBe("yesterday");
  expect(groupOf(false, at(21, 23), now)).toBe("earlier");
});

test("a wait is told in seconds, a long one in minutes, never below nothing", () => {
  expect(duration(6_200, "en")).toBe("7s");
  expect(duration(-500, "en")).toBe("0s");
  expect(duration(300_000, "en")).toBe("5 min");
});

test("a time of today needs no date", () => {
  expect(time(at(23, 8), now, "en-GB")).toBe("08:00");
  expect(time(at(3, 8), now, "en-GB")).toContain("3 Nov 2026");
  expect(time("nonsense", now, "en-GB")).toBe("");
});
