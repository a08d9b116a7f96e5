// The page's servers and its README agree on the policies of the page and of the frame that draws diagrams. The server
// of the page's own tests reads them from nginx's template.
import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "./project.mjs";

const places = [
  "chatui/README.md",
  "nginx/nginx.conf.template",
  "standalone/src/main/java/chat/parley/standalone/PageHeadersFilter.java",
];

/** A policy in a file, without the ends of lines and strings. */
function policy(path, pattern) {
  const [found] = pattern.exec(read(path)) ?? [];
  return found?.replace(/"?\s*\+?\s*\n\s*\+?\s*"?/g, " ").replace(/\s+/g, " ");
}

test("the frame of diagrams has one policy, wherever it comes from", () => {
  const policies = places.map((path) => policy(path, /default-src 'none';[^]*?trusted-types default [a-z]+/));
  assert.match(policies[0], /^default-src 'none'; .*frame-ancestors 'self'; sandbox allow-scripts; /);
  for (const [at, policy] of policies.entries()) assert.equal(policy, policies[0], places[at]);
});

test("the page has one policy, wherever it comes from: its sockets are named in each file's own way", () => {
  const directives = places.map((path) =>
    policy(path, /default-src 'self';[^]*?[^-]trusted-types [^;"\n]+/)
      .split(/;\s*"?/)
      .map((directive) => directive.trim())
      .filter((directive) => !directive.startsWith("connect-src"))
      .sort(),
  );
  assert.ok(directives[0].includes("trusted-types service-worker"));
  for (const [at, all] of directives.entries()) assert.deepEqual(all, directives[0], places[at]);
});
