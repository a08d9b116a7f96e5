/** The texts of the parts that come later. Those of files have a test of their own. */
import { describe, expect, test } from "vitest";
import { TEXTS as DIALOGS } from "../components/dialog-texts";
import { TEXTS as DIAGRAMS } from "../diagram/texts";
import { TEXTS as UPDATES } from "../updates/texts";

describe.each(Object.entries({ DIALOGS, DIAGRAMS, UPDATES }))("%s", (_, all) => {
  test.each(["de", "es", "zh"] as const)(
    "%s says everything that English says, in its own words",
    (language) => {
      const english: Record<string, unknown> = all.en;
      const own: Record<string, unknown> = all[language];
      expect(Object.keys(own).sort()).toEqual(Object.keys(english).sort());
      const same = Object.entries(english).filter(
        ([name, text]) => typeof text === "string" && text.length > 8 && own[name] === text,
      );
      expect(same).toEqual([]);
    },
  );
});

test.each(Object.entries(DIALOGS))("%s puts in what it is given", (_, texts) => {
  expect(texts.signedInAs("NAME")).toContain("NAME");
  expect(texts.sendKeyMod("KEY")).toContain("KEY");
});
