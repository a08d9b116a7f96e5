import { expect, test } from "vitest";
import { TEXTS } from "./texts";

test.each(Object.entries(TEXTS).filter(([language]) => language !== "en"))(
  "%s says everything in its own words",
  (_, texts) => {
    expect(texts.onlyNewest).not.toBe(TEXTS.en.onlyNewest);
    expect(texts.noResults("QUERY")).toContain("QUERY");
    expect(texts.noResults("QUERY")).not.toBe(TEXTS.en.noResults("QUERY"));
  },
);
