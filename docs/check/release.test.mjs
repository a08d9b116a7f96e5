// What script/release checks: the lists of what is in the jars and in the page, and their licences.
import assert from "node:assert/strict";
import { test } from "node:test";
import { badLicences, differences, unlistedPackages } from "../../script/lib/sbom.mjs";
import { read } from "./project.mjs";

const library = (group, name, sha256, ...licences) => ({
  group,
  name,
  version: "1",
  hashes: [{ alg: "SHA-256", content: sha256 }],
  licenses: licences.map((licence) => (licence.includes(" ") ? { expression: licence } : { license: { id: licence } })),
});

test("an SBOM lists the very files that are in the jar, and no others", () => {
  const components = [library("a", "one", "11"), library("b", "two", "22"), library("org.springframework.boot", "spring-boot-starter-amqp", "33")];
  const boot = { "one.jar": "11", "two.jar": "22", "spring-boot-jarmode-tools-4.1.2.jar": "44" };
  assert.deepEqual(differences({ components }, boot, true), []);
  assert.deepEqual(differences({ components }, { ...boot, "two.jar": "other" }, true), ["two.jar is not listed", "b/two 1 is listed and not there"]);
  assert.deepEqual(differences({ components }, boot, false), [
    "spring-boot-jarmode-tools-4.1.2.jar is not listed",
    "org.springframework.boot/spring-boot-starter-amqp 1 is listed and not there",
  ]);
});

test("each package in the page's scripts is listed", () => {
  const components = [{ group: "@a", name: "one", version: "1.0" }, { name: "two", version: "2.0" }];
  assert.deepEqual(unlistedPackages({ components }, "## @a/one - 1.0 (MIT)\n\n## Words\n\n## two - 2.1 (ISC)\n## three - 3.0"), ["two - 2.1", "three - 3.0"]);
});

test("a library without a licence that is allowed is found", () => {
  const components = [
    library("a", "one", "", "GPL-3.0-only", "MPL-2.0"),
    library("a", "two", "", "(MIT OR AGPL-3.0-only)"),
    library("a", "three", "", "MIT AND AGPL-3.0-only"),
    library("a", "four", "", "AGPL-3.0-only"),
    library("a", "six", "", "(MIT OR Apache-2.0) AND GPL-3.0-only"),
    library("a", "five", ""),
    library("org.antlr", "ST4", "", "BSD-4-Clause"),
  ];
  assert.deepEqual(badLicences({ components }), ["a/three: MIT AND AGPL-3.0-only", "a/four: AGPL-3.0-only", "a/six: (MIT OR Apache-2.0) AND GPL-3.0-only", "a/five: no licence"]);
});

test("the page is built of packages whose licences are allowed", () => {
  const { packages } = JSON.parse(read("chatui/package-lock.json"));
  const components = Object.entries(packages)
    .filter(([path, one]) => path !== "" && !one.dev)
    .map(([path, one]) => ({ ...library("", path.replace(/^.*node_modules\//, ""), "", ...[one.license].filter(Boolean)) }));
  assert.ok(components.length > 50, `${components.length}`);
  assert.deepEqual(badLicences({ components }), []);
});
