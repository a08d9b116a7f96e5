/** Another build of the page: the same words in files of other names, as if each had been changed. */
import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const BUILD = /^const BUILD = (.*);$/m;

export async function idOf(dist = DIST): Promise<string> {
  return JSON.parse(BUILD.exec(await readFile(join(dist, "sw.js"), "utf8"))?.[1] ?? "").id;
}

/** Makes it. Returns its folder, and its id. */
export async function anotherBuild(): Promise<{ dist: string; id: string }> {
  const dist = await mkdtemp(join(tmpdir(), "parley-page-"));
  await cp(DIST, dist, { recursive: true });
  const names = (await readdir(join(dist, "assets"))).filter((name) => /-[\w-]{8}\.(js|css)$/.test(name));
  const renamed = names.map((name, i) => {
    const digest = `OTHER${String(i).padStart(3, "0")}`;
    return [name, name.replace(/-[\w-]{8}(\.\w+)$/, `-${digest}$1`)] as const;
  });
  const withNames = (text: string) => renamed.reduce((all, [from, to]) => all.replaceAll(from, to), text);
  for (const [from, to] of renamed) {
    const path = join(dist, "assets", from);
    await writeFile(path, withNames(await readFile(path, "utf8")));
    await rename(path, join(dist, "assets", to));
  }

  const worker = withNames(await readFile(join(dist, "sw.js"), "utf8"));
  const { id: _, files } = JSON.parse(BUILD.exec(worker)?.[1] ?? "");
  let page = withNames(await readFile(join(dist, "index.html"), "utf8"));
  const digest = (content: string | Buffer) =>
    `sha384-${createHash("sha384").update(content).digest("base64")}`;
  for (const [path, old] of Object.entries<string>(files)) {
    if (path === "") continue;
    files[path] = digest(await readFile(join(dist, path)));
    page = page.replace(old, files[path]);
  }
  const id = "another-build";
  page = page.replace(/data-build="[^"]*"/, `data-build="${id}"`);
  files[""] = digest(page);
  await writeFile(join(dist, "index.html"), page);
  await writeFile(
    join(dist, "sw.js"),
    worker.replace(BUILD, `const BUILD = ${JSON.stringify({ id, files })};`),
  );
  return { dist, id };
}
