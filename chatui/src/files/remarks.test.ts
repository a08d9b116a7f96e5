import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { REMARKS, sentence } from "./remarks";

const JAVA = "../conversation/src/main/java/chat/parley/conversation/archive/Remark.java";
const CODES = [...readFileSync(JAVA, "utf8").matchAll(/^ {4}([A-Z_]+)\(/gm)].map(([, name]) =>
  String(name).toLowerCase(),
);

test("the server's codes are read at all", () => {
  expect(CODES.length).toBeGreaterThan(30);
});

test.each(Object.entries(REMARKS))(
  "%s has a sentence for each thing that a server says, and no two alike",
  (_, texts) => {
    expect(Object.keys(texts).sort()).toEqual([...CODES].sort());
    expect(new Set(Object.values(texts)).size).toBe(CODES.length);
  },
);

test("a note is told in the person's language, with what its thing is called elsewhere", () => {
  const note = {
    conversation: "C",
    what: "content of another kind: x_y",
    code: "other_content",
    detail: "x_y",
    count: 1,
  };
  expect(sentence(note, "de")).toEqual({ text: "Inhalt anderer Art: x_y", lang: "de" });
  expect(sentence(note, "en")).toEqual({ text: "content of another kind: x_y", lang: "en" });
});

test("what is not known is told as the server says it", () => {
  expect(sentence({ conversation: "", what: "a riddle", count: 1 }, "es")).toEqual({
    text: "a riddle",
    lang: "en",
  });
  expect(sentence({ conversation: "", what: "a riddle", code: "riddle", count: 1 }, "zh").text).toBe(
    "a riddle",
  );
});
