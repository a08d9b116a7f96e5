/** After the build: passes the font's licence on, and fails when the script of the first visit is over its budget. */
import { appendFile, readFile, rm } from "node:fs/promises";
import { gzipSync } from "node:zlib";

const BUDGET = 80 * 1024;

const manifest = JSON.parse(await readFile("dist/.vite/manifest.json", "utf8"));
const entry = Object.values(manifest).find((chunk) => chunk.isEntry);
const files = new Set();
/** What is imported at once; dynamic imports come later, on first use. */
const collect = (chunk) => {
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const name of chunk.imports ?? []) collect(manifest[name]);
};
collect(entry);
files.add("theme.js");

// Only this check needs the manifest; nobody else should be able to fetch it.
await rm("dist/.vite", { recursive: true });

// Vite collects the licences of scripts only.
const font = "@fontsource-variable/hanken-grotesk";
await appendFile(
  "dist/licenses.md",
  `\n## ${font} (OFL-1.1)\n\n${await readFile(`node_modules/${font}/LICENSE`, "utf8")}`,
);

let total = 0;
for (const file of files) total += gzipSync(await readFile(`dist/${file}`), { level: 9 }).length;
const sum = `${(total / 1024).toFixed(1)} KB of ${BUDGET / 1024} KB gzipped script on first load`;
if (total > BUDGET) {
  console.error(`Over budget: ${sum}`);
  process.exit(1);
}
console.log(sum);
