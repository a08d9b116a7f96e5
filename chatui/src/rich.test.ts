import { expect, test } from "vitest";
import { withRendered } from "./markdown/testing";
import { richText } from "./rich";

function rich(markdown: string): string {
  let html = "";
  withRendered(markdown, true, (place) => {
    html = richText(place.querySelector(".markdown") as Element).replace(/\s*\n\s*/g, "");
  });
  return html
    .replace(/ dir="[a-z]+"/g, "")
    .replace(/> +(?=<\/?(?:li|ul|ol|t[rhd]|thead|tbody|table)\b)/g, ">")
    .replace(/(<(?:li|t[hd])[^>]*>) +/g, "$1")
    .trim();
}

test("words, links and lists are themselves", () => {
  expect(rich("**b** *i* `c` [a](https://example.org/x)")).toBe(
    '<p><strong>b</strong> <em>i</em> <code>c</code> <a href="https://example.org/x">a</a></p>',
  );
  expect(rich("3. x\n4. y")).toBe('<ol start="3"><li>x</li><li>y</li></ol>');
});

test("code is a pre, without its title bar", () => {
  expect(rich("```js\nlet a = 1 < 2;\n```")).toBe("<pre><code>let a = 1 &lt; 2;</code></pre>");
});

test("tables keep their columns, tasks their boxes", () => {
  expect(rich("| a | b |\n| - | -: |\n| 1 | 2 |")).toBe(
    '<table><thead><tr><th>a</th><th align="right">b</th></tr></thead><tbody><tr><td>1</td><td align="right">2</td></tr></tbody></table>',
  );
  expect(rich("- [x] done\n- [ ] open")).toBe("<ul><li>☑ done</li><li>☐ open</li></ul>");
});

test("a formula is what was written", () => {
  expect(rich("So $a_1$ is it")).toBe("<p>So $a_1$ is it</p>");
});

test("what a model wrote as HTML stays text", () => {
  expect(rich("<img src=x onerror=alert(1)> ![i](https://example.org/i.png)")).not.toMatch(/<(img|script)/);
});
