// The scripts say in a sentence what they lack.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "./project.mjs";

/** Runs lines of bash in the project's root: { status, out, err }. */
function bash(script, environment = {}) {
  const { status, stdout, stderr } = spawnSync("/bin/bash", ["-c", script], {
    cwd: root,
    encoding: "utf8",
    env: { HOME: "/nonexistent", PATH: "/usr/bin:/bin", ...environment },
  });
  return { status, out: stdout, err: stderr };
}

test("script/lib/jdk.sh: without a JDK that is new enough it says which one to install", () => {
  const { status, out, err } = bash("source script/lib/jdk.sh; jdk_version() { echo 24; }; find_jdk");
  assert.equal(status, 1);
  assert.match(err, /^Parley needs a JDK 25 or newer and found none\. Install .*JAVA_HOME.*\.\n$/);
  assert.equal(out, "");
});

test("script/lib/node.sh: without Node, and with one that is too old, it says which one to install", () => {
  const folder = mkdtempSync(join(tmpdir(), "parley-"));
  try {
    for (const program of ["node", "npm"]) writeFileSync(join(folder, program), "#!/bin/sh\necho v18.20.0\n", { mode: 0o755 });
    for (const path of ["/nonexistent", `${folder}:/usr/bin:/bin`]) {
      const { status, err } = bash("source script/lib/node.sh; require_node", { PATH: path });
      assert.equal(status, 1, path);
      assert.match(err, /^The page is built with Node 20 or newer and npm, and none was found\. Install it: .*\n$/);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("script/lib/install.sh: who is not root gets the one command to type", () => {
  const { status, out, err } = bash(
    'source script/lib/install.sh; id() { echo 1000; }; need no-such-1 one "for this"; need no-such-2 two "for that"; install_needed',
  );
  assert.equal(status, 1);
  assert.equal(out, "Missing: no-such-1 (for this)\nMissing: no-such-2 (for that)\n");
  assert.match(err, /^Install it, then run this again: {2}sudo apt-get install --no-install-recommends one two\n/);
});

test("script/lib/env.sh: .env is read as docker compose reads it, nothing in it is run, and the environment wins", () => {
  const folder = mkdtempSync(join(tmpdir(), "parley-"));
  try {
    const file = join(folder, ".env");
    const lines = ["# a comment", "A=1 # one", "export B='two # words'", 'C="$(echo run)"', "GIVEN=file", "D = 4\r", "no setting", "E=last"];
    writeFileSync(file, lines.join("\n"));
    const { out } = bash(`source script/lib/env.sh; read_env ${file}; printf '%s|' "$A" "$B" "$C" "$GIVEN" "$D" "$E"`, { GIVEN: "environment" });
    assert.equal(out, "1|two # words|$(echo run)|environment|4|last|");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("script/fuzz: whoever asks for what it has not gets told what it has, and nothing is built", () => {
  for (const asked of ["nothing", "frames --for long", "frames --for 5m5", "--for", "replay frames", "replay nothing file"]) {
    const { status, out, err } = bash(`script/fuzz ${asked}`);
    assert.equal(status, 2, asked);
    assert.match(out + err, /^Looks for input .*\n {2}script\/fuzz \[TARGET…\]/, asked);
  }
});
