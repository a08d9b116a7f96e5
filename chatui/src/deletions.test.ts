import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Deletions, UNDO_TIME } from "./deletions.svelte";

/** What the server was asked to delete, and how. */
let asked: string[];
/** Lets the deletions under way end, as when the server can be reached. */
let reached: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  asked = [];
});

afterEach(() => {
  vi.useRealTimers();
});

function opened(): Deletions {
  const server = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const deletions = new Deletions(
    async (id) => {
      asked.push(id);
      await server;
    },
    (id) => asked.push(`${id} on leaving`),
  );
  deletions.resume();
  return deletions;
}

test("is out of sight at once, and asked for when it can no longer be undone", async () => {
  const deletions = opened();
  deletions.begin("a");
  vi.advanceTimersByTime(UNDO_TIME - 1);
  expect([...deletions.ids]).toEqual(["a"]);
  expect(asked).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(asked).toEqual(["a"]);
  expect([...deletions.ids]).toEqual(["a"]);
  reached();
  await vi.waitFor(() => expect([...deletions.ids]).toEqual([]));
});

test("what is undone is in sight again and never asked for; another one goes on", () => {
  const deletions = opened();
  deletions.begin("a");
  deletions.begin("b");
  deletions.undo("a");
  expect([...deletions.ids]).toEqual(["b"]);
  vi.advanceTimersByTime(UNDO_TIME);
  deletions.leave();
  expect(asked).toEqual(["b"]);
});

test("who leaves the page can not undo any more", () => {
  const deletions = opened();
  deletions.begin("a");
  deletions.leave();
  vi.advanceTimersByTime(UNDO_TIME);
  expect(asked).toEqual(["a on leaving"]);
});

test("the next page carries out what is not known to be done, and no more than that", async () => {
  const before = opened();
  before.begin("a");
  before.begin("b");
  before.undo("b");
  const after = opened();
  expect([...after.ids]).toEqual(["a"]);
  expect(asked).toEqual(["a"]);
  reached();
  await vi.waitFor(() => expect([...after.ids]).toEqual([]));
  expect([...opened().ids]).toEqual([]);
});
