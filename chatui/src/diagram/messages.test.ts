import { describe, expect, test } from "vitest";
import { LONGEST_SVG, LONGEST_TEXT, readFrameMessage, readPageMessage, TALLEST } from "./messages";

describe("the frame does only what a page may ask for", () => {
  const draw = { type: "draw", request: 1, text: "graph TD", theme: "dark" };

  test("a request is read", () => {
    expect(readPageMessage({ ...draw, securityLevel: "loose" })).toEqual(draw);
    expect(readPageMessage({ type: "rasterize", request: 1, scale: 9 })).toEqual({
      type: "rasterize",
      request: 1,
    });
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
    { type: "rasterize" },
    { type: "rasterize", request: "1" },
  ])("%# is refused", (data) => {
    expect(readPageMessage(data)).toBeNull();
  });
});

describe("the page believes a frame nothing that is out of bounds", () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]).buffer;
  const drawn = { type: "drawn", request: 1, height: 99.2, title: "A", svg: "<svg/>" };

  test("answers are read", () => {
    expect(readFrameMessage({ type: "ready" })).toEqual({ type: "ready" });
    expect(readFrameMessage({ type: "failed", request: 2 })).toEqual({ type: "failed", request: 2 });
    expect(readFrameMessage({ type: "resized", height: 7 })).toEqual({ type: "resized", height: 7 });
    for (const file of [png, null]) {
      const rasterized = { type: "rasterized", request: 1, png: file };
      expect(readFrameMessage(rasterized)).toEqual(rasterized);
    }
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
    { type: "rasterized", request: 1 },
    { type: "rasterized", png: null },
    { type: "rasterized", request: 1, png: "data:image/png;base64,AA" },
    { type: "rasterized", request: 1, png: new ArrayBuffer(0) },
    { type: "rasterized", request: 1, png: new TextEncoder().encode("<script>alert(1)</script>").buffer },
  ])("%# is refused", (data) => {
    expect(readFrameMessage(data)).toBeNull();
  });
});
