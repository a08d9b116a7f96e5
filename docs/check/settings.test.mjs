// Every setting that an operator may meet is documented, does something, and has the default that the documents say.
import assert from "node:assert/strict";
import { test } from "node:test";
import { code, documents, read } from "./project.mjs";
import { configurations, settings, settingsPage, variables } from "./settings.mjs";

const operations = read("docs/operations.md");
const example = read(".env.example");
const everything = code.map(read).join("\n");
const properties = settings();

/** Settings of other programs, which documents may name. */
const ofOthers = new Set(["OLLAMA_HOST"]);

const isWord = (text, word) => new RegExp(`(?<![A-Za-z0-9_])${word}(?![A-Za-z0-9_])`).test(text);
const inExample = [...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name, value]) => ({ name, value }));

/** Whether code reads it, also where it puts the name together: "STUB_" and a knob. */
const isRead = (name) =>
  isWord(everything, name) ||
  (everything.includes(`"${name.split("_")[0]}_"`) && isWord(everything, name.slice(name.indexOf("_") + 1)));

/** What is written as code in a document. */
const spans = (text) => [...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([span]) => span).join("\n");

test("there are settings to check", () => {
  assert.ok(inExample.length > 20, `${inExample.length} in .env.example`);
  assert.ok(properties.length > 40, `${properties.length} properties in the code`);
});

for (const { name } of inExample) {
  test(`.env.example: ${name} is documented, and does something`, () => {
    assert.ok(isWord(operations, name), `${name} is not in docs/operations.md`);
    assert.ok(isWord(everything, name), `nothing in code, compose or scripts reads ${name}`);
  });
}

test(".env.example: each variable of docs/operations.md is in it", () => {
  const documented = [...operations.matchAll(/^\| (`[A-Z][A-Z0-9_]*`(?:, `[A-Z][A-Z0-9_]*`)*) \|/gm)]
    .flatMap(([, names]) => [...names.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name]) => name));
  assert.ok(documented.length > 30, `${documented.length} in docs/operations.md`);
  const known = new Set(inExample.map((one) => one.name));
  assert.deepEqual(documented.filter((name) => !known.has(name)), []);
});

for (const path of configurations) {
  test(`${path}: each variable is documented`, () => {
    const missing = variables(path).map((one) => one.variable).filter((name) => !isWord(operations, name));
    assert.deepEqual(missing, [], "not in docs/operations.md");
  });
}

test("defaults in .env.example are those of the configuration", () => {
  const given = Object.fromEntries(inExample.map((one) => [one.name, one.value]));
  const compose = read("docker-compose.yml");
  const wrong = [];
  for (const [, name, fallback] of compose.matchAll(/(?<!\$)\$\{([A-Z][A-Z0-9_]*):-([^}]*)\}/g)) {
    if (given[name] !== fallback) wrong.push(`${name}: ${given[name]} in .env.example, ${fallback} in docker-compose.yml`);
  }
  for (const setting of properties) {
    const value = given[setting.variable];
    if (value && setting.value && !setting.name.startsWith("parley.standalone") && value !== setting.value) {
      wrong.push(`${setting.variable}: ${value} in .env.example, ${setting.value} as ${setting.name}`);
    }
  }
  assert.deepEqual(wrong, []);
});

for (const path of documents) {
  test(`${path}: each setting and each metric that it names is there`, () => {
    const text = spans(read(path));
    const relaxed = new Set(properties.map((one) => one.name.replace(/-/g, "").replace(/\./g, "_").toUpperCase()));
    const unknown = new Set();
    for (const [name] of text.matchAll(/(?<![A-Za-z0-9_$])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![A-Za-z0-9_])/g)) {
      if (!isRead(name) && !isWord(example, name) && !relaxed.has(name) && !ofOthers.has(name)) unknown.add(name);
    }
    const known = properties.map((one) => one.name);
    for (const [name] of text.matchAll(/(?<![A-Za-z0-9_.-])parley\.[a-z]+\.[a-z][a-z.-]*[a-z]/g)) {
      const isMetric = everything.includes(`"${name}"`);
      if (!isMetric && !known.some((one) => one === name || one.startsWith(`${name}.`))) unknown.add(name);
    }
    assert.deepEqual([...unknown], []);
  });
}

test("docs/settings.md says what the code says (script/check-docs --write writes it anew)", () => {
  const { now, wanted } = settingsPage();
  assert.equal(now, wanted);
});

test("each property is explained where it is declared", () => {
  assert.deepEqual(properties.filter((one) => one.meaning === "").map((one) => one.name), []);
});
