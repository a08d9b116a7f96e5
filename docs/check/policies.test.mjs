// The page's servers and its README agree on the policy of the frame that draws diagrams.
import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "./project.mjs";

const places = [
  "chatui/README.md",
  "chatui/dev/fake-server.mjs",
  "nginx/nginx.conf.template",
  "standalone/src/main/java/chat/parley/standalone/PageHeadersFilter.java",
];

/** The policy in a file, without the ends of lines and strings. */
function framePolicy(path) {
  const [found] = /default-src 'none';[^]*?trusted-types default [a-z]+/.exec(read(path)) ?? [];
  return found?.replace(/"?\s*\+?\s*\n\s*\+?\s*"?/g, " ").replace(/\s+/g, " ");
}

test("the frame of diagrams has one policy, wherever it comes from", () => {
  const policies = places.map(framePolicy);
  assert.match(policies[0], /^default-src 'none'; .*frame-ancestors 'self'; sandbox allow-scripts; /);
  for (const [at, policy] of policies.entries()) assert.equal(policy, policies[0], places[at]);
});
