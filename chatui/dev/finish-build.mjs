/**
 * After the build: says in the page what its scripts and styles have in them, tells the service worker what files there
 * are, gathers all licences in one file, and fails when the script of the first visit, or of the first diagram, is over
 * its budget.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { appendFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

/** Kilobytes, gzipped. */
const BUDGETS = { page: 80, diagram: 1024 };

const manifest = JSON.parse(await readFile("dist/.vite/manifest.json", "utf8"));
const html = await readFile("dist/index.html", "utf8");
const entry = Object.values(manifest).find(({ file }) =>
  html.includes(`<script type="module" crossorigin src="./${file}">`),
);
const files = new Set();
/** What is imported at once; dynamic imports come later, on first use. */
const collect = (chunk) => {
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const name of chunk.imports ?? []) collect(manifest[name]);
};
collect(entry);
files.add("theme.js");

// A file of the same name with other words in it is not taken, wherever it was changed on its way.
const named = /<(?:script|link rel="(?:modulepreload|stylesheet)")(?=[^>]* (?:src|href)="\.\/([^"]+)")/g;
const hash = (file) =>
  createHash("sha384")
    .update(readFileSync(`dist/${file}`))
    .digest("base64");
const page = html.replace(named, (tag, file) => `${tag} integrity="sha384-${hash(file)}"`);

/** What comes after the page, but is too large to be kept by those who may never use it. */
const LARGE = ["src/markdown/typeset.ts"];
// All that opens without a network: what the page is made of, what is fetched when it is idle, and what it is known by.
const parts = new Set();
const collectPart = (name) => {
  const { file, css = [], imports = [] } = manifest[name];
  if (parts.has(file) || files.has(file)) return;
  for (const one of [file, ...css]) parts.add(one);
  for (const one of imports) collectPart(one);
};
for (const name of entry.dynamicImports) if (!LARGE.includes(name)) collectPart(name);
const font = entry.assets.filter((file) => /latin-wght-normal/.test(file));
const kept = [...new Set([...files, ...entry.css, ...font, ...parts, ...(await readdir("public"))])].sort();
const digests = Object.fromEntries(kept.map((file) => [file, `sha384-${hash(file)}`]));
const id = createHash("sha256")
  .update(page + JSON.stringify(digests))
  .digest("hex")
  .slice(0, 16);
await writeFile("dist/index.html", page.replace("<html ", `<html data-build="${id}" `));
const build = { id, files: { "": `sha384-${hash("index.html")}`, ...digests } };
await writeFile(
  "dist/sw.js",
  `const BUILD = ${JSON.stringify(build)};\n${await readFile("src/updates/sw.js", "utf8")}`,
);

// Only this check needs the manifest; nobody else should be able to fetch it.
await rm("dist/.vite", { recursive: true });

// Vite collects the licences of scripts only, and of each build by itself.
const fontPackage = "@fontsource-variable/hanken-grotesk";
await appendFile(
  "dist/licenses.md",
  `\n## ${fontPackage} (OFL-1.1)\n\n${await readFile(`node_modules/${fontPackage}/LICENSE`, "utf8")}\n` +
    `${await readFile("dist/licenses-diagram.md", "utf8")}`,
);
await rm("dist/licenses-diagram.md");

async function assertWithin(budget, files, when) {
  let total = 0;
  for (const file of files) total += gzipSync(await readFile(`dist/${file}`), { level: 9 }).length;
  const sum = `${(total / 1024).toFixed(1)} KB of ${budget} KB gzipped script ${when}`;
  if (total > budget * 1024) {
    console.error(`Over budget: ${sum}`);
    process.exit(1);
  }
  console.log(sum);
}

await assertWithin(BUDGETS.page, files, "on first load");
const diagram = (await readdir("dist/assets")).filter((name) => /^diagram-.*\.js$/.test(name));
if (diagram.length !== 1) throw new Error(`One script of the frame was expected: ${diagram}`);
await assertWithin(BUDGETS.diagram, [`assets/${diagram[0]}`], "with the first diagram");
