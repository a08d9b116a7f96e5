import { describe, expect, test } from "vitest";
import { type Piece, pieces } from "./search";

const shown = (list: Piece[]): string =>
  list.map(({ text, marked }) => (marked ? `[${text}]` : text)).join("");

describe("an excerpt", () => {
  test("is cut at its marks", () => {
    expect(
      shown(
        pieces("An old grey whale", [
          [3, 6],
          [7, 11],
          [11, 12],
        ]),
      ),
    ).toBe("An [old] [grey][ ]whale");
    expect(shown(pieces("whale", [[0, 5]]))).toBe("[whale]");
  });

  test("is whole without marks", () => {
    expect(shown(pieces("whale", undefined))).toBe("whale");
    expect(pieces("", [])).toEqual([]);
  });

  test.each([
    [[[3, 2]]],
    [[[0, 99]]],
    [[[-1, 2]]],
    [["0", 2]],
    [[[0.5, 2]]],
    ["no list"],
    [[null]],
    [[[2, 2]]],
  ])("passes over a mark that is none: %j", (marks) => {
    expect(shown(pieces("whale", marks))).toBe("whale");
  });

  test("has each mark once, in their order", () => {
    expect(
      shown(
        pieces("whale", [
          [2, 4],
          [0, 3],
          [4, 5],
        ]),
      ),
    ).toBe("wh[al][e]");
  });
});
