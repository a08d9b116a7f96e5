// Each promise of docs/security.md names a test, and that test is there.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { from, read, root } from "./project.mjs";

const page = "docs/security.md";

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Why a link names no test; empty if it does. */
export function missing(name, path) {
  if (!existsSync(join(root, path))) return `${path} is not there`;
  const text = read(path);
  return path.endsWith(".java") ? missingInJava(name, path, text) : missingInScript(name, text);
}

/** `Class.method`: a method that is run as a test, or a rule of the architecture. */
function missingInJava(name, path, text) {
  const [type, method] = name.split(".");
  if (!path.endsWith(`/${type}.java`)) return `${type} is not in ${path}`;
  const annotated = `@(?:Test|ParameterizedTest|ArchTest)\\b(?:(?!\\n\\n)[^])*?\\s(?:void|ArchRule) ${escaped(method)}\\b`;
  return new RegExp(annotated).test(text) ? "" : `${type} has no test ${method}`;
}

/** The title of a test. */
function missingInScript(name, text) {
  return new RegExp(`\\btest[\\w.()]*\\(\\s*["'\`]${escaped(name)}["'\`]`).test(text) ? "" : `there is no test "${name}"`;
}

const promises = read(page)
  .split(/^## Not there yet$/m)[0]
  .split("\n")
  .filter((line) => line.startsWith("- "));

for (const promise of promises) {
  test(`${page}: ${promise.slice(2, 80)}`, () => {
    const links = [...promise.matchAll(/\[`?([^\]`]+)`?\]\(([^)\s]+)\)/g)].filter(([, , target]) => !/\.md(#|$)/.test(target));
    assert.ok(links.length > 0, "names no test");
    assert.deepEqual(links.map(([, name, target]) => missing(name, from(page, target))).filter(Boolean), []);
  });
}

test(`${page}: it has promises`, () => assert.ok(promises.length > 30, `${promises.length}`));
