import { expect, test } from "vitest";
import { decodeEntities, plainText, safeLink } from "./text";

test.each([
  "javascript:alert(1)",
  "JAVASCRIPT:alert(1)",
  "data:text/html,x",
  "vbscript:x",
  "file:///etc/passwd",
  "//example.org",
  "/local",
  "#x",
  "blob:https://x/y",
  "java&#115;cript:alert(1)",
  "ftp://example.org",
  "",
])("%j is no link that may be followed", (href) => {
  expect(safeLink(href, "x")).toBeNull();
});

test("a link says where it leads, unless its text does", () => {
  expect(safeLink("https://www.example.org/a?b=1#c", "docs")).toEqual({
    href: "https://www.example.org/a?b=1#c",
    host: "example.org",
  });
  expect(safeLink("https://example.org/a", "https://example.org/a")?.host).toBeNull();
  expect(safeLink("mailto:ada@example.org", "write")).toEqual({ href: "mailto:ada@example.org", host: null });
});

test("a text that names another host does not hide where the link leads", () => {
  expect(safeLink("https://evil.test/", "https://bank.example")?.host).toBe("evil.test");
  expect(safeLink("https://a.test@evil.test/", "a.test")?.host).toBe("evil.test");
});

test("character references become characters, and others stay", () => {
  expect(decodeEntities("a &amp; b &lt;c&gt; &#65;&#x42; &copy; &nope; &")).toBe("a & b <c> AB © &nope; &");
  expect(decodeEntities("&#0; &#xD800; &#x110000;")).toBe("\ufffd \ufffd \ufffd");
});

test("the text between the marks", () => {
  const tokens = [
    { type: "text", raw: "a ", text: "a " },
    { type: "strong", raw: "**b**", text: "b", tokens: [{ type: "text", raw: "b", text: "b" }] },
  ];
  expect(plainText(tokens)).toBe("a b");
});
