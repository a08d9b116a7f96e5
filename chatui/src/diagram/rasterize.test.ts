import { describe, expect, test } from "vitest";
import { isSelfContained, MOST_PIXELS, sizeOf } from "./rasterize";

function drawing(inside: string): Element {
  const place = document.createElement("div");
  place.innerHTML = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">${inside}</svg>`;
  return place.firstElementChild as Element;
}

describe("only a drawing that refers to nothing but its own parts becomes a picture", () => {
  test.each([
    '<path marker-end="url(#arrow)" style="fill:none;filter:url(&quot;#shadow&quot;)"/><use href="#part"/>',
    "<text>C:\\dir url(data:x) @import</text>",
    "<a><text>a link that was taken away</text></a>",
  ])("%s", (inside) => {
    expect(isSelfContained(drawing(inside))).toBe(true);
  });

  test.each([
    '<image href="data:image/png;base64,AA"/>',
    '<image xlink:href="https://example.com/a.png"/>',
    '<foreignObject><img src="data:image/png;base64,AA"></foreignObject>',
    '<foreignObject><img srcset="data:image/png;base64,AA 2x"></foreignObject>',
    '<g style="mask:url(data:image/png;base64,AA)"></g>',
    `<g style="mask: URL( 'data:image/png;base64,AA')"></g>`,
    '<g mask="u\\72l(data:image/png;base64,AA)"></g>',
    '<path><set attributeName="mask" to="x"/></path>',
    '<use href="#part"><animate attributeName="href" values="#part;data:x"/></use>',
    '<g><animateTransform attributeName="transform" to="x"/></g>',
    '<g style="mask:image-set(&quot;data:image/png;base64,AA&quot; 1x)"></g>',
  ])("not %s", (inside) => {
    expect(isSelfContained(drawing(inside))).toBe(false);
  });

  test.each([
    ["#drawing .node { fill: url(#gradient); }", true],
    ['@import "https://example.com/a.css";', false],
    [".a { cursor: url(https://example.com/a.png), auto; }", false],
  ])("a style sheet with %s: %s", (css, isOne) => {
    const svg = drawing("<style></style>");
    // The DOM of these tests reads no text into it.
    svg.firstElementChild?.append(css);
    expect(isSelfContained(svg)).toBe(isOne);
  });
});

describe("the picture", () => {
  test("has two pixels for each of the drawing", () => {
    expect(sizeOf(300, 200.6)).toEqual({ width: 600, height: 401 });
  });

  test.each([
    [5_000, 5_000],
    [100, 60_000],
    [60_000, 100],
  ])("of a drawing of %i by %i is one that a canvas can have", (width, height) => {
    const size = sizeOf(width, height);
    expect(size.width * size.height).toBeLessThanOrEqual(MOST_PIXELS);
    expect(Math.max(size.width, size.height)).toBeLessThanOrEqual(16_384);
    // But for what whole pixels make of it.
    expect(size.width / size.height / (width / height)).toBeCloseTo(1, 1);
  });

  test("is never empty", () => {
    expect(sizeOf(100_000, 1)).toMatchObject({ height: 1 });
  });
});
