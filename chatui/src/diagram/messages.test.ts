import { describe, expect, test } from "vitest";
import { LONGEST_SVG, LONGEST_TEXT, readDraw, readFrameMessage, TALLEST } from "./messages";

describe("the frame draws only what a page may ask for", () => {
  const draw = { type: "draw", request: 1, text: "graph TD", theme: "dark" };

  test("a request is read", () => {
    expect(readDraw({ ...draw, securityLevel: "loose" })).toEqual(draw);
  });

  test.each([
    null,
    "draw",
    [],
    { ...draw, type: "eval" },
    { ...draw, request: -1 },
    { ...draw, request: "1" },
    { ...draw, text: ["graph TD"] },
    { ...draw, text: "x".repeat(LONGEST_TEXT + 1) },
    { ...draw, theme: "forest" },
  ])("%# is refused", (data) => {
    expect(readDraw(data)).toBeNull();
  });
});

describe("the page believes a frame nothing that is out of bounds", () => {
  const drawn = { type: "drawn", request: 1, height: 99.2, title: "A", svg: "<svg/>" };

  test("answers are read", () => {
    expect(readFrameMessage({ type: "ready" })).toEqual({ type: "ready" });
    expect(readFrameMessage({ type: "failed", request: 2 })).toEqual({ type: "failed", request: 2 });
    expect(readFrameMessage({ type: "resized", height: 7 })).toEqual({ type: "resized", height: 7 });
    expect(readFrameMessage(drawn)).toEqual({ ...drawn, height: 100 });
  });

  test("what is too tall is cut, and so is a long name", () => {
    expect(readFrameMessage({ ...drawn, height: 1e9 })).toMatchObject({ height: TALLEST });
    expect(readFrameMessage({ ...drawn, height: Number.POSITIVE_INFINITY })).toMatchObject({
      height: TALLEST,
    });
    expect(readFrameMessage({ ...drawn, title: "x".repeat(9_999) })).toMatchObject({
      title: "x".repeat(200),
    });
  });

  test.each([
    null,
    "ready",
    { type: "navigate" },
    { type: "failed" },
    { type: "resized", height: 0 },
    { type: "resized", height: Number.NaN },
    { type: "resized", height: "99" },
    { ...drawn, request: 1.5 },
    { ...drawn, height: -1 },
    { ...drawn, title: ["A"] },
    { ...drawn, svg: "x".repeat(LONGEST_SVG + 1) },
    { ...drawn, svg: undefined },
  ])("%# is refused", (data) => {
    expect(readFrameMessage(data)).toBeNull();
  });
});
