// node script/lib/sbom.mjs FOLDER: whether each SBOM of script/release lists what is in its jar or page, and has no licence but those below.
// Says in a line each what is wrong, and ends with 1 then. Needs the JDK's "jar" on the PATH.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Licences that allow what the Apache License 2.0 allows, with no more than their texts being passed on; or, as MPL and EPL, changes of those files. */
const allowed = new Set([
  "Apache-2.0", "MIT", "MIT-0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "CC0-1.0", "Unlicense", "EPL-2.0", "MPL-2.0", "OFL-1.1",
]);

/** What says its licence in words of its own, or says none: what it is, read in its own text. */
const known = {
  "org.antlr/ST4": "BSD-3-Clause", // "The BSD License", which is taken for the one of four clauses
  "org.antlr/antlr-runtime": "BSD-3-Clause", // "BSD licence"
  "org.bouncycastle/bcprov-jdk18on": "MIT", // "Bouncy Castle Licence", which has MIT's words
  "org.bouncycastle/bcpkix-jdk18on": "MIT",
  "org.bouncycastle/bcutil-jdk18on": "MIT",
  khroma: "MIT", // in its file "license" only
};

const nameOf = (component) => (component.group ? `${component.group}/${component.name}` : component.name);

/** With parentheses within it an expression is not allowed; what it comes to can be said above. */
const allows = (expression) =>
  expression
    .replace(/^\(([^()]*)\)$/, "$1")
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((licence) => allowed.has(licence.trim())));

/** Components of which no licence is allowed, with what they say. Of several one may choose. */
export function badLicences(sbom) {
  return sbom.components
    .map((component) => {
      const said = (component.licenses ?? []).map((one) => one.expression ?? one.license.id ?? one.license.name);
      return { name: nameOf(component), said: known[nameOf(component)] ? [known[nameOf(component)]] : said };
    })
    .filter(({ said }) => !said.some(allows))
    .map(({ name, said }) => `${name}: ${said.join(", ") || "no licence"}`);
}

/** Of Spring Boot's own making: it packs no starter, since those are empty, and adds a tool to each jar. */
const emptyStarter = (component) => component.group === "org.springframework.boot" && /^spring-boot-starter(-|$)/.test(component.name);
const addedTool = (file) => /^spring-boot-jarmode-tools-[^/]*\.jar$/.test(file);

/**
 * How an SBOM and the libraries differ.
 *
 * @param libraries SHA-256 of each by its file name
 * @param byBoot whether Spring Boot has packed them
 */
export function differences(sbom, libraries, byBoot) {
  const listed = new Map(sbom.components.map((one) => [one.hashes?.find((hash) => hash.alg === "SHA-256")?.content, one]));
  const there = new Set(Object.values(libraries));
  return [
    ...Object.entries(libraries)
      .filter(([file, hash]) => !listed.has(hash) && !(byBoot && addedTool(file)))
      .map(([file]) => `${file} is not listed`),
    ...sbom.components
      .filter((one) => !there.has(one.hashes?.find((hash) => hash.alg === "SHA-256")?.content) && !(byBoot && emptyStarter(one)))
      .map((one) => `${nameOf(one)} ${one.version} is listed and not there`),
  ];
}

/** Packages that the page's scripts contain, by their list of licences, and that an SBOM lacks. */
export function unlistedPackages(sbom, licences) {
  const listed = new Set(sbom.components.map((one) => `${nameOf(one)} - ${one.version}`));
  return [...licences.matchAll(/^## (\S+ - \d\S*)/gm)].map(([, one]) => one).filter((one) => !listed.has(one));
}

function hashes(folder) {
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return Object.fromEntries(files.map((file) => [file, createHash("sha256").update(readFileSync(join(folder, file))).digest("hex")]));
}

function inside(jar) {
  const desk = mkdtempSync(join(tmpdir(), "parley-"));
  try {
    execFileSync("jar", ["-xf", jar, "BOOT-INF/lib"], { cwd: desk });
    return hashes(join(desk, "BOOT-INF/lib"));
  } finally {
    rmSync(desk, { recursive: true });
  }
}

function check(folder) {
  const read = (name) => JSON.parse(readFileSync(join(folder, "sbom", `${name}.cdx.json`), "utf8"));
  const wrong = [];
  for (const name of ["conversation", "assistant"]) {
    wrong.push(...differences(read(name), inside(join(folder, `${name}.jar`)), true).map((one) => `${name}: ${one}`));
  }
  wrong.push(...differences(read("standalone"), hashes(join(folder, "lib")), false).map((one) => `standalone: ${one}`));
  const licences = readFileSync(join(folder, "page/licenses.md"), "utf8");
  wrong.push(...unlistedPackages(read("page"), licences).map((one) => `page: ${one} is not listed`));
  for (const name of ["conversation", "assistant", "standalone", "openai-stub", "page"]) {
    wrong.push(...badLicences(read(name)).map((one) => `${name}: the licence is not among those allowed: ${one}`));
  }
  return wrong;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const wrong = check(process.argv[2]);
  for (const one of wrong) console.error(one);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
