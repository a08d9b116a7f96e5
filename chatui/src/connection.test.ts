import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Connection, LONG_AFTER } from "./connection.svelte";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("a connection that breaks for a moment is not worth a word", () => {
  const connection = new Connection();
  connection.update({ kind: "open" });
  connection.update({ kind: "waiting", until: 0 });
  vi.advanceTimersByTime(LONG_AFTER - 1);
  expect(connection.long).toBe(false);
  connection.update({ kind: "open" });
  vi.advanceTimersByTime(LONG_AFTER);
  expect(connection.long).toBe(false);
  expect(connection.open).toBe(true);
});

test("the time counts from when it broke, over every attempt to connect, and ends when it is back", () => {
  const connection = new Connection();
  connection.update({ kind: "waiting", until: 0 });
  vi.advanceTimersByTime(LONG_AFTER - 1);
  connection.update({ kind: "connecting" });
  vi.advanceTimersByTime(1);
  expect(connection.long).toBe(true);
  connection.update({ kind: "open" });
  expect(connection.long).toBe(false);
  connection.update({ kind: "connecting" });
  expect(connection.long).toBe(false);
  vi.advanceTimersByTime(LONG_AFTER);
  expect(connection.long).toBe(true);
});
