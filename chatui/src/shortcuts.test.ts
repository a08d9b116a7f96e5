import { expect, test } from "vitest";
import { actionOf } from "./shortcuts";

const press = (key: string, more: KeyboardEventInit = {}): KeyboardEvent =>
  new KeyboardEvent("keydown", { key, ...more });

test("keys with Ctrl or ⌘ count everywhere", () => {
  for (const mod of [{ ctrlKey: true }, { metaKey: true }]) {
    expect(actionOf(press("O", { ...mod, shiftKey: true }), true)).toBe("new");
    expect(actionOf(press("c", { ...mod, shiftKey: true }), true)).toBe("copy");
    expect(actionOf(press("S", { ...mod, shiftKey: true }), true)).toBe("sidebar");
    expect(actionOf(press("k", mod), true)).toBe("search");
  }
});

test("keys that write something count outside of fields only", () => {
  expect(actionOf(press("/"), false)).toBe("focus");
  expect(actionOf(press("?", { shiftKey: true }), false)).toBe("help");
  expect(actionOf(press("/"), true)).toBeNull();
  expect(actionOf(press("?", { shiftKey: true }), true)).toBeNull();
});

test("Escape stops, also from within a field", () => {
  expect(actionOf(press("Escape"), true)).toBe("stop");
});

test("the browser keeps its own keys", () => {
  for (const key of ["c", "v", "o", "s", "t"])
    expect(actionOf(press(key, { ctrlKey: true }), false)).toBeNull();
});
