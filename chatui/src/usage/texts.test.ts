import { expect, test } from "vitest";
import { TEXTS } from "./texts";

test.each(Object.entries(TEXTS).filter(([language]) => language !== "en"))(
  "%s says everything in its own words",
  (_, texts) => {
    for (const [name, text] of Object.entries(TEXTS.en)) {
      const own: unknown = texts[name as keyof typeof texts];
      expect(own).toBeTypeOf(typeof text);
      expect(own).not.toBe(text);
    }
    expect(texts.unpriced("COUNT")).toContain("COUNT");
  },
);
