// Reads the settings from the code: the records that Spring binds, their Javadoc, and the variables that the configuration names.
// node settings.mjs --write   writes the table of docs/settings.md anew
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import yaml from "js-yaml";
import { files, read, root } from "./project.mjs";

const page = "docs/settings.md";
const begin = "<!-- begin of what script/check-docs --write writes -->";
const end = "<!-- end of what script/check-docs --write writes -->";

const kebab = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();

/** From an opening bracket to the one that closes it, texts left aside. */
function bracket(text, at) {
  let depth = 0;
  let quoted = false;
  for (let i = at; i < text.length; i++) {
    if (text[i] === '"' && text[i - 1] !== "\\") quoted = !quoted;
    if (quoted) continue;
    if ("(<".includes(text[i])) depth++;
    if (")>".includes(text[i]) && --depth === 0) return text.slice(at + 1, i);
  }
  throw new Error(`No end of ${text.slice(at, at + 40)}`);
}

function split(components) {
  const parts = [""];
  let depth = 0;
  let quoted = false;
  for (const c of components) {
    if (c === '"') quoted = !quoted;
    if (!quoted && "(<".includes(c)) depth++;
    if (!quoted && ")>".includes(c)) depth--;
    if (c === "," && depth === 0 && !quoted) parts.push("");
    else parts[parts.length - 1] += c;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** Javadoc's @param of each component, as Markdown. */
function meanings(javadoc) {
  const lines = javadoc.replace(/^\s*\*\s?/gm, "");
  return Object.fromEntries(
    [...lines.matchAll(/@param (\w+) ([\s\S]*?)(?=\n@|$)/g)].map(([, name, text]) => [
      name,
      text
        .replace(/\{@code ([^}]*)\}/g, "`$1`")
        .replace(/\{@link #?([^}]*)\}/g, "`$1`")
        .replace(/\s*\(`[A-Z_]+`\)/g, "")
        .replace(/\s+/g, " ")
        .replace(/\|/g, "\\|")
        .trim(),
    ]),
  );
}

function records(source) {
  const found = {};
  const pattern = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?((?:@\w+(?:\([^)]*\))?\s*)*)(?:public\s+)?record\s+(\w+)\s*(?=\()/g;
  for (const match of source.matchAll(pattern)) {
    const components = split(bracket(source, match.index + match[0].length)).map((part) => {
      const given = /@DefaultValue(?:\("((?:[^"\\]|\\.)*)"\))?/.exec(part);
      const words = part.replace(/@[\w.]+(?:\((?:"[^"]*"|[^)"])*\))?/g, "").trim().split(/\s+/);
      return { type: words[0].split(".").pop(), name: words.at(-1), value: given?.[1] ?? "" };
    });
    found[match[3]] = { annotations: match[2], meanings: meanings(match[1] ?? ""), components };
  }
  return found;
}

function expand(prefix, record, all) {
  return record.components.flatMap((component) => {
    const name = `${prefix}.${kebab(component.name)}`;
    const nested = all[component.type];
    // A record of one text only hides a secret from the log.
    if (nested && nested.components.length > 1) return expand(name, nested, all);
    return [{ name, value: component.value, meaning: record.meanings[component.name] ?? "" }];
  });
}

/** Which variable of the environment a configuration file gives to which property. */
export function variables(path) {
  const found = [];
  const visit = (value, name) => {
    if (typeof value === "string") {
      for (const [, variable, fallback] of value.matchAll(/\$\{([A-Z][A-Z0-9_]*)(?::([^}]*))?\}/g)) {
        found.push({ variable, fallback: fallback ?? "", property: name.join(".") });
      }
    } else if (value && typeof value === "object") {
      for (const [key, inner] of Object.entries(value)) visit(inner, [...name, key]);
    }
  };
  visit(yaml.load(read(path)), []);
  return found;
}

export const configurations = files.filter((path) => /src\/main\/resources\/(application|standalone)\.yml$/.test(path));

/** Every property of the services: { name, value, meaning, variable }. */
export function settings() {
  const named = Object.fromEntries(configurations.flatMap(variables).map((one) => [one.property, one.variable]));
  return files
    .filter((path) => /^(common-events|conversation|assistant|standalone)\/src\/main\/.*\.java$/.test(path))
    .flatMap((path) => {
      const source = read(path);
      if (!/@ConfigurationProperties\("/.test(source)) return [];
      const all = records(source);
      return Object.values(all).flatMap((record) => {
        const prefix = /@ConfigurationProperties\("([^"]+)"\)/.exec(record.annotations)?.[1];
        return prefix ? expand(prefix, record, all) : [];
      });
    })
    .map((setting) => ({ ...setting, variable: named[setting.name] ?? "" }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function table() {
  const groups = Map.groupBy
    ? Map.groupBy(settings(), (one) => one.name.split(".").slice(0, 2).join("."))
    : settings().reduce((map, one) => {
        const key = one.name.split(".").slice(0, 2).join(".");
        return map.set(key, [...(map.get(key) ?? []), one]);
      }, new Map());
  const lines = [];
  for (const [group, members] of groups) {
    lines.push(`## ${group}`, "", "| setting | default | meaning |", "| --- | --- | --- |");
    for (const { name, value, meaning, variable } of members) {
      const how = [variable && `**\`${variable}\`**`, meaning].filter(Boolean).join(" · ");
      lines.push(`| \`${name}\` | ${value === "" ? "" : `\`${value}\``} | ${how} |`);
    }
    lines.push("");
  }
  return lines.join("\n");
}

/** The page as it is, and as it should be. */
export function settingsPage() {
  const now = read(page);
  const [head, rest] = now.split(begin);
  if (rest === undefined || !rest.includes(end)) throw new Error(`${page} lacks its markers`);
  return { now, wanted: `${head}${begin}\n\n${table()}\n${end}${rest.split(end)[1]}` };
}

if (process.argv[1] === fileURLToPath(import.meta.url) && process.argv.includes("--write")) {
  writeFileSync(join(root, page), settingsPage().wanted);
}
