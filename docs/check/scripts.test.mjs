// The scripts say in a sentence what they lack.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { files, read, root } from "./project.mjs";

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
    const required = (version, path) => {
      for (const program of ["node", "npm"]) writeFileSync(join(folder, program), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
      return bash("source script/lib/node.sh; require_node", { PATH: path ?? `${folder}:/usr/bin:/bin` });
    };
    for (const [version, path] of [["v22.12.0", "/nonexistent"], ["v18.20.0"], ["v20.18.9"], ["v21.7.3"], ["v22.11.0"]]) {
      const { status, err } = required(version, path);
      assert.equal(status, 1, version);
      assert.match(err, /^The page is built with npm and Node 20\.19 or 22\.12, or newer, and here is none of these\. Install it: .*\n$/);
    }
    for (const version of ["v20.19.0", "v20.20.1", "v22.12.0", "v22.20.0", "v23.0.0", "v100.1.0"]) {
      assert.equal(required(version).status, 0, version);
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

/** A folder of script/server whose Redis has the files: { data, run(script), names }, gone with the test. */
function store(t, contents) {
  const folder = mkdtempSync(join(tmpdir(), "parley-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const data = join(folder, "data/redis");
  mkdirSync(join(data, "appendonlydir"), { recursive: true });
  mkdirSync(join(folder, "bin"));
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(data, name), text);
  const environment = { DATA_DIR: join(folder, "data"), PATH: `${folder}/bin:/usr/bin:/bin` };
  return {
    data,
    program: (name, text) => writeFileSync(join(folder, "bin", name), `#!/bin/bash\n${text}\n`, { mode: 0o755 }),
    run: (command) => bash(command.replaceAll("COPY", join(folder, "copy.tar.gz")), environment),
    text: (name) => readFileSync(join(data, name), "utf8"),
    has: (name) => existsSync(join(data, name)),
    old: () => readdirSync(data).filter((name) => name.startsWith("before-")),
  };
}

test("script/backup: a copy during which Redis wrote its files anew is thrown away", (t) => {
  const redis = store(t, { "appendonlydir/a.manifest": "first", "appendonlydir/a.1.aof": "of the first" });
  redis.program("sleep", "");
  redis.program(
    "cp",
    `/bin/cp "$@"
     if [ ! -e ${redis.data}/once ]; then
       touch ${redis.data}/once; rm ${redis.data}/appendonlydir/a.1.aof
       echo second >${redis.data}/appendonlydir/a.manifest; echo of the second >${redis.data}/appendonlydir/a.2.aof
     fi`,
  );
  const { status, err } = redis.run("script/backup COPY");
  assert.equal(status, 0, err);
  const { out } = redis.run("tar -tzf COPY; tar -xOzf COPY appendonlydir/a.manifest");
  assert.deepEqual(out.trim().split("\n").sort(), ["appendonlydir/", "appendonlydir/a.2.aof", "appendonlydir/a.manifest", "second"]);
  assert.deepEqual(readdirSync(redis.data).sort(), ["appendonlydir", "once"]);
});

test("script/backup: if Redis does nothing but write its files anew, there is no copy, and one that was there stays", (t) => {
  const redis = store(t, { "appendonlydir/a.manifest": "" });
  redis.program("sleep", "");
  redis.program("cp", `/bin/cp "$@"; date +%N >${redis.data}/appendonlydir/a.manifest`);
  const { status, err, out } = redis.run("echo older >COPY; script/backup COPY; code=$?; cat COPY; ls COPY.part; exit $code");
  assert.equal(status, 1);
  assert.match(err, /^Redis was writing its files anew each time .*\nThere is no backup\.\n/);
  assert.equal(out, "older\n");
});

test("script/backup: where there is too little room nothing is copied, and why it can't be is said at once", (t) => {
  const redis = store(t, { "appendonlydir/a.manifest": "", "backup.tar.gz": "an older copy" });
  redis.program("df", 'echo Head; echo "/dev/disk 100 100 0 100% /some where"');
  const little = redis.run("script/backup COPY");
  assert.equal(little.status, 1);
  assert.match(little.err, /^There is too little room for a copy beside the conversations: 0 KB, and \d+ are wanted\.\nThere is no backup\.\n$/);
  redis.program("df", 'echo Head; echo "/dev/disk 100000 0 100000 0% /"');
  redis.program("cp", "echo no room >&2; exit 1");
  const failed = redis.run("script/backup COPY");
  assert.equal(failed.status, 1);
  assert.match(failed.err, /^The conversations could not be copied\. no room\n/);
  assert.deepEqual(readdirSync(redis.data).sort(), ["appendonlydir", "backup.tar.gz"]);
});

test("script/restore: if it can't be done, what was there is there again", (t) => {
  const redis = store(t, { "appendonlydir/a.manifest": "mine" });
  assert.equal(redis.run("script/backup COPY").status, 0);
  redis.program("mv", 'case "$*" in *.restoring.*) exit 1 ;; *) exec /bin/mv "$@" ;; esac');
  const { status, err } = redis.run("script/restore COPY");
  assert.equal(status, 1);
  assert.match(err, /It was not restored\.\n$/);
  assert.deepEqual(readdirSync(redis.data), ["appendonlydir"]);
  assert.equal(redis.text("appendonlydir/a.manifest"), "mine");
});

test("script/restore: what was there stays beside what came back, of whichever Redis it is", (t) => {
  const redis = store(t, { "appendonly.aof": "of Redis 6" });
  rmSync(join(redis.data, "appendonlydir"), { recursive: true });
  assert.equal(redis.run("script/backup COPY").status, 0);
  rmSync(join(redis.data, "appendonly.aof"));
  mkdirSync(join(redis.data, "appendonlydir"));
  writeFileSync(join(redis.data, "appendonlydir/a.1.aof"), "of Redis 8");
  const { status, out, err } = redis.run("script/restore COPY");
  assert.equal(status, 0, err);
  assert.equal(redis.text("appendonly.aof"), "of Redis 6");
  assert.equal(redis.has("appendonlydir"), false);
  const [old, ...more] = redis.old();
  assert.deepEqual(more, []);
  assert.equal(redis.text(`${old}/appendonlydir/a.1.aof`), "of Redis 8");
  assert.match(out, new RegExp(`What was there is in .*/${old}\\.\n`));
  rmSync(join(redis.data, old), { recursive: true });
  rmSync(join(redis.data, "appendonly.aof"));
  const into = redis.run("script/restore COPY");
  assert.equal(into.status, 0, into.err);
  assert.equal(redis.text("appendonly.aof"), "of Redis 6");
  assert.deepEqual(redis.old(), []);
  assert.doesNotMatch(into.out, /What was there/);
});

test("script/restore: what is no backup changes nothing", (t) => {
  const redis = store(t, { "appendonlydir/a.manifest": "mine" });
  const broken = {
    "echo nonsense >COPY": /can't be read\. Nothing was changed\.\n$/,
    "tar -czf COPY -T /dev/null": /is no backup that script\/backup has made\. Nothing was changed\.\n$/,
    "tar -C /etc -czf COPY passwd": /is no backup that script\/backup has made\. Nothing was changed\.\n$/,
    "script/backup COPY; head -c 100 COPY >COPY.cut; mv COPY.cut COPY": /can't be read\. Nothing was changed\.\n$/,
  };
  for (const [make, sentence] of Object.entries(broken)) {
    const { status, err } = redis.run(`{ ${make}; } >/dev/null; script/restore COPY`);
    assert.equal(status, 1, make);
    assert.match(err, sentence);
    assert.equal(redis.text("appendonlydir/a.manifest"), "mine");
    assert.deepEqual(redis.old(), []);
  }
});

test("script/restore: under a store that outlived its script/server nothing is changed", (t) => {
  const redis = store(t, { "appendonlydir/a.manifest": "mine" });
  assert.equal(redis.run("script/backup COPY").status, 0);
  const { status, err } = redis.run(
    `(exec -a redis-server sleep 60) >/dev/null 2>&1 & echo $! >${redis.data}/redis.pid; script/restore COPY; code=$?; kill $!; exit $code`,
  );
  assert.equal(status, 1);
  assert.match(err, /^The store of a script\/server that was killed is still running \(process \d+\): start script\/server, and stop it\. /);
  assert.deepEqual(redis.old(), []);
});

test("script/backup, script/restore: who asks wrongly, or where there is nothing, is told what to type", (t) => {
  const redis = store(t, {});
  for (const wrong of ["script/backup", "script/backup --what", "script/restore a b", "script/backup --compose", 'script/restore ""']) {
    const { status, err } = redis.run(wrong);
    assert.equal(status, 2, wrong);
    assert.match(err, /^ {2}script\/\w+ --compose FILE/m);
  }
  const { status, err } = bash("script/backup copy.tar.gz", { DATA_DIR: "/nonexistent" });
  assert.equal(status, 1);
  assert.match(err, /^There is no \/nonexistent\/redis: .* script\/backup --compose FILE\n$/);
});

test("no JVM of Parley is told to write its memory into a file, and none does when it crashes", () => {
  const starts = files.filter((path) => /^(deploy|script)\/|^docker-compose\.yml$|^Dockerfile$|^\.mvn\/jvm\.config$/.test(path));
  assert.deepEqual(
    starts.filter((path) => /HeapDump|CrashOnOutOfMemory|\+CreateCoredump/.test(read(path))),
    [],
  );
  for (const path of ["deploy/jvm.options", "script/server"]) assert.match(read(path), /-XX:-CreateCoredumpOnCrash/, path);
});

test("script/release, script/pin-images: who asks wrongly is told how", () => {
  for (const wrong of ["script/release now", "script/release again twice", "script/pin-images all"]) {
    const { status, err } = bash(`cd docs && ../${wrong}`);
    assert.equal(status, 2, wrong);
    assert.match(err, /^ {2}script\/(release|pin-images) {2}/m);
  }
});

test("script/fuzz: whoever asks for what it has not gets told what it has, and nothing is built", () => {
  for (const asked of ["nothing", "frames --for long", "frames --for 5m5", "--for", "replay frames", "replay nothing file"]) {
    const { status, out, err } = bash(`script/fuzz ${asked}`);
    assert.equal(status, 2, asked);
    assert.match(out + err, /^Looks for input .*\n {2}script\/fuzz \[TARGET…\]/, asked);
  }
});
