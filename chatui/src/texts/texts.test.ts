import { describe, expect, test } from "vitest";
import { de } from "./de";
import { en } from "./en";
import { es } from "./es";
import { zh } from "./zh";

describe.each(Object.entries({ de, es, zh }))("%s", (_, texts) => {
  test("says everything that English says, in its own words", () => {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(en).sort());
    expect(Object.keys(texts.reasons).sort()).toEqual(Object.keys(en.reasons).sort());
    expect(texts.starters).toHaveLength(en.starters.length);
    const same = Object.entries(en).filter(
      ([name, text]) =>
        typeof text === "string" && text.length > 12 && texts[name as keyof typeof en] === text,
    );
    expect(same).toEqual([]);
  });

  test("has no reason twice", () => {
    const reasons = Object.entries(texts.reasons).filter(([code]) => code !== "bad_frame");
    expect(new Set(reasons.map(([, text]) => text)).size).toBe(reasons.length);
  });

  test("puts in what it is given", () => {
    expect(texts.retrying("REASON", "TIME")).toMatch(/REASON.*TIME/);
    expect(texts.queuedBehind("COUNT")).toContain("COUNT");
    expect(texts.version(2, 3)).toMatch(/2.*3/);
    expect(texts.demoNote("NAME", "FILE")).toHaveLength(5);
    expect(texts.demoNote("NAME", "FILE").join("")).toMatch(/NAME|FILE/);
  });
});
