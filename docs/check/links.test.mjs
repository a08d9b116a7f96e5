// What the documents lead to is there.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { documents, from, read, root } from "./project.mjs";

const withoutCode = (text) => text.replace(/```[\s\S]*?```/g, "").replace(/`[^`\n]*`/g, "");

/** The anchors that GitHub makes of headings. */
function anchors(text) {
  return [...text.replace(/```[\s\S]*?```/g, "").matchAll(/^#{1,6} +(.*)$/gm)].map(([, heading]) =>
    heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-"),
  );
}

function targets(text) {
  const plain = withoutCode(text);
  return [
    ...[...plain.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)].map(([, target]) => target),
    ...[...plain.matchAll(/^\s*\[[^\]]+\]:\s*(\S+)/gm)].map(([, target]) => target),
    ...[...plain.matchAll(/\b(?:src|href)="([^"]+)"/g)].map(([, target]) => target),
  ];
}

for (const path of documents) {
  test(`${path}: each relative link leads somewhere`, () => {
    const broken = targets(read(path))
      .filter((target) => !/^[a-z][a-z+.-]*:/i.test(target))
      .filter((target) => {
        const [file, anchor] = target.split("#");
        const there = file === "" ? path : from(path, decodeURIComponent(file));
        if (there.startsWith("..") || !existsSync(join(root, there))) return true;
        return anchor !== undefined && there.endsWith(".md") && !anchors(read(there)).includes(anchor);
      });
    assert.deepEqual(broken, []);
  });
}

test("README.md has at most 120 lines", () => {
  const lines = read("README.md").trimEnd().split("\n").length;
  assert.ok(lines <= 120, `${lines} lines`);
});

test("each decision has a status and at most 40 lines", () => {
  const decisions = documents.filter((path) => /^docs\/adr\/\d{4}-/.test(path));
  assert.ok(decisions.length > 0, "there are none");
  const wrong = decisions.filter(
    (path) => !/^Status: (accepted|superseded by \d{4}|rejected), \d{4}-\d\d-\d\d$/m.test(read(path)) || read(path).trimEnd().split("\n").length > 40,
  );
  assert.deepEqual(wrong, []);
});

test("each page of docs is reached from README.md", () => {
  const reached = new Set();
  const visit = (path) => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const target of targets(read(path))) {
      const there = from(path, target.split("#")[0]);
      if (documents.includes(there)) visit(there);
    }
  };
  visit("README.md");
  assert.deepEqual(documents.filter((path) => path.startsWith("docs/") && !reached.has(path)), []);
});
