import { expect, test } from "vitest";
import { fileName } from "./save";

test.each([
  ["python", "code.py"],
  ["TypeScript", "code.ts"],
  ["go", "code.go"],
  ["dockerfile", "Dockerfile"],
  ["", "code.txt"],
  ["../../etc/passwd", "code.txt"],
  ["constructor", "code.txt"],
])("code in %j is saved as %s", (language, name) => {
  expect(fileName(language)).toBe(name);
});
