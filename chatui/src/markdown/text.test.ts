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

const leadsTo = (href: string, label: string) => safeLink(href, label)?.leadsTo;

test.each([
  ["https://www.example.org/a?b=1#c", "docs", "example.org"],
  ["https://example.org/a", "https://example.org/a", null],
  ["https://example.org/a", "www.example.org", null],
  ["https://example.org/", " Example.org ", null],
  ["mailto:ada@example.org", "write", "ada@example.org"],
  ["mailto:ada@example.org", "ada@example.org", null],
  ["mailto:ada@example.org?cc=eve@evil.test", "ada@example.org", "ada@example.org?cc=eve@evil.test"],
])("a link to %s says where it leads, unless its text %j does", (href, label, expected) => {
  expect(safeLink(href, label)).toEqual({ href, leadsTo: expected });
});

test.each([
  ["https://evil.test/", "https://bank.example"],
  ["https://evil.test/", "https://bank.example/?from=evil.test"],
  ["https://evil.test/", "bank.example, not evil.test"],
  ["https://evil.test/", "notevil.test"],
  ["https://evil.test/", "evil.test.bank.example"],
  ["https://evil.test/", "evil.test@bank.example"],
  ["https://evil.test/", "evil.test bank.example"],
  ["https://evil.test/", "evil.test\\.bank.example"],
  ["https://evil.test/", "\u202etset.live"],
  ["https://bank.example@evil.test/", "https://bank.example@evil.test/"],
  ["https://a.test@evil.test/", "a.test"],
  ["https://evil.test/", "evil.test/\u05d0.bank.example"],
])("to %s a text that names another host, %j, does not hide where it leads", (href, label) => {
  expect(leadsTo(href, label)).toBe("evil.test");
});

test("character references become characters, and others stay", () => {
  expect(decodeEntities("a &amp; b &lt;c&gt; &#65;&#x42; &copy; &nope; &")).toBe("a & b <c> AB © &nope; &");
  expect(decodeEntities("&constructor; &toString;")).toBe("&constructor; &toString;");
  expect(decodeEntities("&#0; &#xD800; &#x110000;")).toBe("\ufffd \ufffd \ufffd");
});

test("the text between the marks", () => {
  const tokens = [
    { type: "text", raw: "a ", text: "a " },
    { type: "strong", raw: "**b**", text: "b", tokens: [{ type: "text", raw: "b", text: "b" }] },
  ];
  expect(plainText(tokens)).toBe("a b");
});

test("what can look like any words is none", () => {
  const tokens = ["math", "image", "footnoteReference"].map((type) => ({
    type,
    raw: "$evil.test$",
    text: "evil.test",
  }));
  expect(plainText(tokens)).toBe("\ufffc\ufffc\ufffc");
  expect(leadsTo("https://evil.test/", plainText(tokens.slice(0, 1)))).toBe("evil.test");
});
