// The compose files keep to what docker-compose 1.29.2 parses, the last of version 1, which Debian 12 has: it refuses whole files for one
// word that it does not know. And what they give to a container is a setting that an operator can find.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import yaml from "js-yaml";
import { read, root } from "./project.mjs";

const paths = ["docker-compose.yml", "deploy/compose.secrets.yml", "deploy/compose.tls.yml"];

const words = (text) => new Set(text.trim().split(/\s+/));
const known = {
  file: words("services networks volumes secrets configs"),
  service: words(`
    blkio_config build cap_add cap_drop cgroup_parent command configs container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period
    cpu_rt_runtime cpu_shares cpus cpuset credential_spec depends_on deploy device_cgroup_rules devices dns dns_opt dns_search domainname
    entrypoint env_file environment expose extends external_links extra_hosts group_add healthcheck hostname image init ipc isolation labels
    links logging mac_address mem_limit mem_reservation mem_swappiness memswap_limit network_mode networks oom_kill_disable oom_score_adj pid
    pids_limit platform ports privileged profiles pull_policy read_only restart runtime scale secrets security_opt shm_size stdin_open
    stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits user userns_mode volumes volumes_from working_dir`),
  build: words("args cache_from context dockerfile extra_hosts isolation labels network shm_size target"),
  healthcheck: words("disable interval retries start_period test timeout"),
  condition: words("condition"),
  network: words("attachable driver driver_opts enable_ipv6 external internal ipam labels name"),
  volume: words("driver driver_opts external labels name"),
};

/** What docker-compose 1.29.2 would refuse in a file. */
function refused(text) {
  const file = yaml.load(text);
  const found = [];
  const check = (object, kind, path) => {
    for (const key of Object.keys(object && typeof object === "object" && !Array.isArray(object) ? object : {})) {
      if (!known[kind].has(key) && !key.startsWith("x-")) found.push([...path, key].join("."));
    }
  };
  check(file, "file", []);
  for (const [name, service] of Object.entries(file.services ?? {})) {
    check(service, "service", [name]);
    check(service.build, "build", [name, "build"]);
    check(service.healthcheck, "healthcheck", [name, "healthcheck"]);
    if (!Array.isArray(service.depends_on)) {
      for (const [other, how] of Object.entries(service.depends_on ?? {})) check(how, "condition", [name, "depends_on", other]);
    }
  }
  for (const [name, network] of Object.entries(file.networks ?? {})) check(network, "network", ["networks", name]);
  for (const [name, volume] of Object.entries(file.volumes ?? {})) check(volume, "volume", ["volumes", name]);
  // ${NAME:+other} is left as it is, and ${NAME:-${OTHER}} ends at the first bracket.
  for (const [variable] of text.matchAll(/(?<!\$)(?:\$\$)*\$\{(?![A-Z][A-Z0-9_]*(?::?[-?][^${}]*)?\})[^\n]*/g)) found.push(variable);
  return found;
}

/** What a service's environment names: { name, value }, value undefined where it is passed on. */
const environment = (service) =>
  Array.isArray(service.environment)
    ? service.environment.map((one) => ({ name: one.split("=")[0], value: one.includes("=") ? one.slice(one.indexOf("=") + 1) : undefined }))
    : Object.entries(service.environment ?? {}).map(([name, value]) => ({ name, value: value ?? undefined }));

/** Variables of a compose file that no operator can find in an example of .env. */
function unlisted(text, example) {
  const listed = new Set([...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name));
  const passedOn = Object.values(yaml.load(text).services ?? {})
    .flatMap(environment)
    .filter((one) => one.value === undefined)
    .map((one) => one.name);
  const filledIn = [...text.matchAll(/(?<!\$)\$\{([A-Z][A-Z0-9_]*)/g)].map(([, name]) => name);
  return [...new Set([...passedOn, ...filledIn])].filter((name) => !listed.has(name));
}

for (const path of paths) {
  test(`${path}: docker-compose 1.29.2 knows each word of it`, () => {
    assert.deepEqual(refused(read(path)), []);
  });

  test(`${path}: each variable is in .env.example, or has its value there`, () => {
    assert.deepEqual(unlisted(read(path), read(".env.example")), []);
  });
}

test("what docker-compose 1.29.2 does not know is found", () => {
  const service = (more) => `services: {a: {image: b, ${more}}}`;
  const examples = {
    "name: parley": "name",
    'version: "3.9"': "version",
    "include: [other.yml]": "include",
    [service("healthcheck: {test: [CMD, c], start_interval: 1s}")]: "a.healthcheck.start_interval",
    [service("depends_on: {d: {condition: service_healthy, required: false}}")]: "a.depends_on.d.required",
    [service("depends_on: {d: {condition: service_healthy, restart: true}}")]: "a.depends_on.d.restart",
    [service("develop: {watch: []}")]: "a.develop",
    [service("build: {context: ., ssh: [default]}")]: "a.build.ssh",
    [service('user: "${USER:+x}"')]: '${USER:+x}"}}',
    [service('user: "${USER:-${UID}}"')]: '${USER:-${UID}}"}}',
  };
  for (const [text, wrong] of Object.entries(examples)) assert.deepEqual(refused(text), [wrong], text);
  assert.deepEqual(refused(`${service('command: "$$x $${y:+z} ${Z:-1} ${Z?say it}"')}\nx-more: {}`), []);
});

test("a variable that an operator cannot find is found", () => {
  const text = `services: {a: {environment: {ONE: , TWO: "2", THREE: "\${FOUR:-4}"}}, b: {environment: [FIVE, SIX=6]}}`;
  assert.deepEqual(unlisted(text, ""), ["ONE", "FIVE", "FOUR"]);
  assert.deepEqual(unlisted(text, "#ONE=\nFOUR=4\n#FIVE=x"), []);
});

/** Runs script/pin-images on a copy of what it reads, with a stand-in for docker whose answer is a line of shell: { status, err, file }. */
function pinned(answer) {
  const folder = mkdtempSync(join(tmpdir(), "parley-"));
  try {
    for (const path of ["script/lib", "deploy", "bin"]) mkdirSync(join(folder, path), { recursive: true });
    for (const path of ["script/pin-images", "script/lib/usage.sh", "docker-compose.yml", "Dockerfile"]) copyFileSync(join(root, path), join(folder, path));
    const asked = '[ "$1 $2 $3 $4 $5" = "buildx imagetools inspect --format {{.Manifest.Digest}}" ] || exit 64';
    writeFileSync(join(folder, "bin/docker"), `#!/bin/sh\n${asked}\n${answer}\n`, { mode: 0o755 });
    const { status, stderr } = spawnSync("/bin/bash", [join(folder, "script/pin-images")], {
      encoding: "utf8",
      env: { PATH: `${folder}/bin:/usr/bin:/bin` },
    });
    const file = join(folder, "deploy/compose.pinned.yml");
    return { status, err: stderr, file: existsSync(file) ? readFileSync(file, "utf8") : undefined };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("script/pin-images: each image that is run or built on is named by its digest, and each service has one", () => {
  const { status, err, file } = pinned(`printf 'sha256:%s' "$(printf %s "$6" | sha256sum | cut -c 1-64)"`);
  assert.equal(status, 0, err);
  const digest = (image) => `${image}@sha256:${createHash("sha256").update(image).digest("hex")}`;
  const { services } = yaml.load(read("docker-compose.yml"));
  const built = Object.fromEntries([...read("Dockerfile").matchAll(/^ARG (\w+)=(\S+)$/gm)].map(([, name, image]) => [name, digest(image)]));
  assert.ok(Object.keys(built).length > 4, Object.keys(built).join());
  const expected = Object.entries(services).map(([name, service]) => [
    name,
    service.image ? { image: digest(service.image) } : { build: { args: built } },
  ]);
  assert.deepEqual(yaml.load(file).services, Object.fromEntries(expected));
  assert.deepEqual(refused(file), []);
});

test("Dockerfile: each stage is built on another one, on an image that has an ARG, or on nothing", () => {
  const text = read("Dockerfile");
  const from = [...text.matchAll(/^FROM (?:--platform=\S+ )?(\S+)(?: AS (\S+))?$/gm)];
  const stages = new Set(from.map(([, , name]) => name));
  const given = new Set([...text.matchAll(/^ARG (\w+_IMAGE)=/gm)].map(([, name]) => `\${${name}}`));
  assert.equal(from.length, text.match(/^FROM /gm).length);
  assert.deepEqual(from.map(([, image]) => image).filter((image) => image !== "scratch" && !stages.has(image) && !given.has(image)), []);
});

test("script/pin-images: where docker can't ask, or says something else, nothing is written", () => {
  for (const [answer, sentence] of [
    ["exit 1", /^docker could not ask for node:\S+ .*; nothing was changed\.$/m],
    ["echo sha256:abc", /^docker said "sha256:abc" where the digest of node:\S+ was expected; nothing was changed\.$/m],
  ]) {
    const { status, err, file } = pinned(answer);
    assert.equal(status, 1, answer);
    assert.match(err, sentence);
    assert.equal(file, undefined);
  }
});
