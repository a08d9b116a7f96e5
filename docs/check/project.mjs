// The files of the project as the checks read them: what is built, fetched or kept elsewhere is no part of it.
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const skipped = new Set(["node_modules", "target", "dist", "data", "build"]);

function walk(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const hidden = entry.name.startsWith(".") && ![".ci", ".github", ".mvn"].includes(entry.name);
      return hidden || skipped.has(entry.name) ? [] : walk(path);
    }
    return entry.isFile() ? [path] : [];
  });
}

/** Paths of all files, from the project's root. */
export const files = walk(".").sort();

export const read = (path) => readFileSync(join(root, path), "utf8");

export const documents = files.filter((path) => path.endsWith(".md"));

/** Where a setting has an effect: code, configuration, images and scripts, but neither tests nor texts. */
export const code = files.filter(
  (path) =>
    !/(^|\/)(test|tests|docs)\//.test(path) &&
    !/\.(md|json|svg|png|svelte|css|example)$/.test(path) &&
    /\.(java|yml|yaml|conf|template|mjs|ts|sh|options|lua|properties)$|(^|\/)(Dockerfile|render|start|run)$|^script\//.test(path),
);

export const from = (path, target) => relative(root, resolve(root, dirname(path), target));
