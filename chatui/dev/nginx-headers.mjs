/**
 * The headers that nginx sends with the page's files, read from its template: what is tried here runs under the very
 * policies under which it will be served.
 */
import { readFileSync } from "node:fs";

const template = readFileSync(new URL("../../nginx/nginx.conf.template", import.meta.url), "utf8");

const unquoted = (value) => value.replace(/^(["'])([\s\S]*)\1$/, "$2");

/** Each map by the variable that it sets: what it looks at, and its rows in their order. */
const maps = new Map(
  [...template.matchAll(/^ {4}map (".*?"|\S+) \$(\w+) \{\n([\s\S]*?)^ {4}\}$/gm)].map(
    ([, source, name, body]) => {
      const rows = [...body.matchAll(/^ +(".*?"|\S+) +(".*"|'.*'|[^\s;]+);$/gm)];
      return [name, { source: unquoted(source), rows: rows.map((row) => row.slice(1, 3).map(unquoted)) }];
    },
  ),
);

const headers = [...template.matchAll(/^ +add_header (\S+) (".*?"|\S+) always;$/gm)].map(
  ([, name, value]) => [name, unquoted(value)],
);

/** A text with its variables replaced, as far as they are known: others are empty. */
function filledIn(text, known) {
  return text.replace(/\$(\w+)/g, (_, name) => {
    if (name in known) return known[name];
    const map = maps.get(name);
    return map ? read(map, known) : "";
  });
}

function read({ source, rows }, known) {
  const wanted = filledIn(source, known);
  const matches = ([pattern]) =>
    pattern.startsWith("~") ? new RegExp(pattern.slice(1)).test(wanted) : pattern === wanted;
  // Nginx looks for a plain value first, and then for the first expression that fits.
  const row =
    rows.find(([pattern]) => pattern !== "default" && pattern === wanted) ??
    rows.find((row) => row[0] !== "default" && matches(row)) ??
    rows.find(([pattern]) => pattern === "default");
  return row ? filledIn(row[1], known) : "";
}

/**
 * The headers of a file of the page on plain http.
 *
 * @param {string} uri its path
 * @param {string} host as the client says it
 * @returns {Record<string, string>}
 */
export function nginxHeaders(uri, host) {
  const known = { uri, status: "200", http_host: host, scheme: "http", client_scheme: "http" };
  const filled = headers.map(([name, value]) => [name, filledIn(value, known)]);
  // Nginx leaves out a header whose value is empty.
  return Object.fromEntries(filled.filter(([, value]) => value !== ""));
}
