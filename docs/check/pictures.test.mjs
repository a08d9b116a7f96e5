// docs/ui.md shows each state that the page's scenes have, and no other, and the pictures stay small.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { files, read, root } from "./project.mjs";

const scenes = [...read("chatui/dev/scenes.mjs").matchAll(/\bname: "([a-z-]+)"/g)].map(([, name]) => name).sort();
const pictures = files.filter((path) => path.startsWith("docs/images/ui/"));

test("there is a picture of each scene in both themes (script/screens)", () => {
  assert.ok(scenes.length > 20, `only ${scenes.length} scenes were found`);
  const wanted = scenes.flatMap((name) => [`${name}-dark.png`, `${name}-light.png`]).sort();
  assert.deepEqual(pictures.map((path) => basename(path)).sort(), wanted);
});

test("docs/ui.md shows each of them", () => {
  const shown = [...read("docs/ui.md").matchAll(/(?:src|srcset)="(images\/ui\/[^"]+)"/g)].map(([, path]) => `docs/${path}`);
  assert.deepEqual(shown.sort(), pictures);
});

test("the pictures are below 3 MB", () => {
  const bytes = pictures.reduce((sum, path) => sum + statSync(join(root, path)).size, 0);
  assert.ok(bytes < 3_000_000, `${bytes} bytes`);
});
