import { describe, expect, test } from "vitest";
import type { Message } from "../frames";
import { groupsOf, shownOf } from "./shown";

let clock = 0;
const message = (id: string, parentId: string | null): Message => ({
  id,
  parentId,
  role: id.startsWith("q") ? "user" : "assistant",
  text: id,
  status: "complete",
  createdAt: new Date(++clock).toISOString(),
});

/** In the order in which they were written; a reader gets the newest first. */
const shown = (messages: Message[], more = false, choices: [string, string][] = []) =>
  shownOf([...messages].reverse(), more, new Map(choices)).map(({ id }) => id);

describe("what is shown of a link", () => {
  test("is the newest path, and any other that is chosen", () => {
    const all = [message("q1", null), message("a1", "q1"), message("b1", "q1"), message("q2", "b1")];
    expect(shown(all)).toEqual(["q1", "b1", "q2"]);
    expect(shown(all, false, [["q1", "a1"]])).toEqual(["q1", "a1"]);
    expect(shownOf([...all].reverse(), false, new Map())[1]?.siblings).toEqual(["a1", "b1"]);
  });

  test("has nothing that follows a reply which the link does not show", () => {
    // q2 was written while a1 was still to come, q3 after that.
    const all = [message("q0", null), message("a0", "q0"), message("q1", "a0"), message("q2", "a1")];
    expect(shown(all)).toEqual(["q0", "a0", "q1"]);
    expect(shown([...all, message("a2", "q2")])).toEqual(["q0", "a0", "q1"]);
  });

  test("has a question that was sent while the answer above it was still being written", () => {
    const all = [
      message("q1", null),
      message("q2", "a1"),
      message("q3", "a2"),
      message("a1", "q1"),
      message("a2", "q2"),
    ];
    expect(shown(all)).toEqual(["q1", "a1", "q2", "a2", "q3"]);
    const older = [message("q0", null), message("a0", "q0")];
    const first = { ...all[0], parentId: "a0" } as Message;
    expect(shown([first, ...all.slice(1)], true)).toEqual(["q1", "a1", "q2", "a2", "q3"]);
    expect(shown([...older, first, ...all.slice(1)])).toEqual(["q0", "a0", "q1", "a1", "q2", "a2", "q3"]);
    // Nothing of q2 by itself, though it is the newest.
    const newest = [message("a0", "q0"), first, message("q2", "a1")];
    expect(shown(newest, true)).toEqual(["a0", "q1"]);
  });

  test("has no question that was taken back before its turn, unless something follows it", () => {
    const unsaid = (id: string, parentId: string): Message => ({
      ...message(id, parentId),
      status: "cancelled",
      text: "",
    });
    const all = [message("q1", null), message("a1", "q1"), message("q2", "a1"), unsaid("a2", "q2")];
    expect(shown(all)).toEqual(["q1", "a1"]);
    expect(shown([...all, message("q3", "a2")])).toEqual(["q1", "a1", "q2", "a2", "q3"]);
    expect(shown([...all, message("b2", "q2")])).toEqual(["q1", "a1", "q2", "b2"]);
  });

  test("begins at the oldest that is known where there are older ones", () => {
    const newest = [message("a1", "q1"), message("q2", "a1"), message("a2", "q2")];
    expect(shown(newest, true)).toEqual(["a1", "q2", "a2"]);
    expect(shown([message("q1", null), ...newest])).toEqual(["q1", "a1", "q2", "a2"]);
  });

  test("is nothing where there is nothing", () => {
    expect(shown([])).toEqual([]);
    expect(groupsOf([])).toEqual([]);
  });

  test("keeps the groups at the end when older ones come", () => {
    const all: Message[] = [];
    for (let i = 1; i <= 5; i++) {
      all.push(message(`q${i}`, i === 1 ? null : `a${i - 1}`), message(`a${i}`, `q${i}`));
    }
    const ids = (of: Message[], more: boolean) =>
      groupsOf(shownOf([...of].reverse(), more, new Map()), 2).map((group) =>
        group.map((turn) => turn.map(({ id }) => id).join("+")),
      );
    expect(ids(all.slice(2), true)).toEqual([
      ["q2+a2", "q3+a3"],
      ["q4+a4", "q5+a5"],
    ]);
    expect(ids(all, false)).toEqual([["q1+a1"], ["q2+a2", "q3+a3"], ["q4+a4", "q5+a5"]]);
  });
});
