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
    expect(texts.sending("SHARE")).toContain("SHARE");
    expect(texts.imported("COUNT") + texts.unchanged("COUNT") + texts.refused("COUNT")).toMatch(
      /COUNT.*COUNT.*COUNT/,
    );
  },
);
