// The AsyncAPI files are valid, and say the same as the code and its golden files.
import assert from "node:assert/strict";
import { test } from "node:test";
import asyncapi from "@asyncapi/parser";
import Ajv from "ajv";
import yaml from "js-yaml";
import { files, read } from "./project.mjs";

const browser = yaml.load(read("docs/asyncapi.yaml"));
const events = yaml.load(read("docs/asyncapi-events.yaml"));
const source = (name) => read(files.find((path) => path.endsWith(`/src/main/java/chat/parley/${name}.java`)));

/** Checks a value against a schema of the document; an error that a person can read. */
function validator(document) {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
  ajv.addSchema({ components: document.components }, "document");
  return (schema, value, what) => {
    const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/')));
    assert.ok(validate(value), `${what}: ${ajv.errorsText(validate.errors)}`);
    return validate;
  };
}

/** Everything in a schema, the parts that it refers to included. */
function resolved(document, schema) {
  return schema?.$ref ? resolved(document, schema.$ref.split("/").slice(1).reduce((at, key) => at[key], document)) : schema;
}

for (const path of ["docs/asyncapi.yaml", "docs/asyncapi-events.yaml"]) {
  test(`${path} is valid AsyncAPI 3`, async () => {
    const { document, diagnostics } = await new asyncapi.Parser().parse(read(path));
    const faults = diagnostics.filter((one) => one.severity <= 1).map((one) => `${one.path.join(".")}: ${one.message}`);
    assert.deepEqual(faults, []);
    assert.match(document.version(), /^3\./);
  });
}

for (const [document, file] of [[browser, "docs/asyncapi.yaml"], [events, "docs/asyncapi-events.yaml"]]) {
  const check = validator(document);
  for (const [name, message] of Object.entries(document.components.messages)) {
    for (const [at, example] of (message.examples ?? []).entries()) {
      test(`${file}: example ${at + 1} of ${name} is what its schema says`, () => {
        check(message.payload, example.payload, example.name ?? name);
      });
    }
  }
}

test("every frame has an example, and every event of a log too", () => {
  const messages = Object.entries(browser.components.messages);
  assert.deepEqual(messages.filter(([, message]) => !message.examples?.length).map(([name]) => name), []);
  const shown = browser.components.messages.event.examples.map((example) => example.payload.event.type);
  const types = browser.components.schemas.Event.oneOf.map((one) => resolved(browser, one).properties.type.const);
  assert.deepEqual(types.filter((type) => !shown.includes(type)), []);
  assert.equal(messages.length, 16);
});

const golden = files.filter((path) => /^common-events\/src\/test\/resources\/golden\/.*\.json$/.test(path));
const byType = Object.fromEntries(
  Object.values(events.components.schemas)
    .filter((schema) => schema.properties?.type?.const)
    .map((schema) => [schema.properties.type.const, schema]),
);

for (const path of golden) {
  test(`${path} is what docs/asyncapi-events.yaml says`, () => {
    const event = JSON.parse(read(path));
    const schema = byType[event.type];
    assert.ok(schema, `no schema for ${event.type}`);
    validator(events)(schema, event, event.type);
    const unknown = Object.keys(event).filter((member) => !schema.properties[member]);
    assert.deepEqual(unknown, [], "members that the schema does not name");
    for (const member of schema.required) {
      const without = { ...event };
      delete without[member];
      assert.throws(() => validator(events)(schema, without, event.type), `without ${member} it should be refused`);
    }
  });
}

test("every event that is described has a golden file, and the reverse", () => {
  const names = golden.map((path) => path.replace(/.*\/(.*)\.json$/, "$1")).sort();
  assert.deepEqual(Object.keys(byType).sort(), names);
});

test("exchanges, queues and their bounds are those of Topology", () => {
  const topology = source("events/Topology");
  const names = [...topology.matchAll(/String \w+ = "((?:chat|assistant|conversation)\.[^"]+)"/g)].map(([, name]) => name);
  const channels = Object.values(events.channels);
  const addresses = channels.map((one) => one.address);
  assert.deepEqual(addresses.filter((address) => !address.endsWith("{partition}")).sort(), names.sort());
  const number = (name) => Number(new RegExp(`int ${name} = ([\\d_]+)`).exec(topology)[1].replaceAll("_", ""));
  assert.equal(events.channels.replyQueue.parameters.partition.enum.length, number("SHARDS"));
  const limits = [...topology.matchAll(/bounded\((\w+), (\w+), (true|false)\)/g)].map(([, limit, length, single]) => [
    /^\d/.test(limit) ? Number(limit) : number(limit),
    number(length),
    single === "true",
  ]);
  const { requestQueue, soloQueue, replyQueue, deadQueue } = events.channels;
  const described = [requestQueue, soloQueue, replyQueue].map(({ "x-arguments": given }) => [
    given["x-delivery-limit"],
    given["x-max-length"],
    given["x-single-active-consumer"] === true,
  ]);
  assert.deepEqual(described, limits);
  const known = new Set([...topology.matchAll(/"(x-[a-z-]+)"/g)].map(([, name]) => name));
  const used = new Set([requestQueue, soloQueue, replyQueue, deadQueue].flatMap((one) => Object.keys(one["x-arguments"])));
  assert.deepEqual([...used].sort(), [...known].sort());
});

/** The names of an enum's constants. */
function constants(java) {
  const body = java.slice(java.indexOf("{", java.search(/public enum \w+ \{/)) + 1).replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*@\w+\s*$/gm, "");
  return body.slice(0, body.indexOf(";")).split(/,\s*\n/).map((part) => /^\s*([A-Z_]+)/.exec(part)[1]);
}

test("failure codes and error codes are those of the code", () => {
  const failures = source("events/FailureCode");
  assert.deepEqual(
    constants(failures).map((name) => name.toLowerCase().replaceAll("_", "-")).sort(),
    [...events.components.schemas.FailureCode.enum].sort(),
  );
  const ofReplies = new Set([...failures.matchAll(/[A-Z_]+\("([a-z_]+)", Consequence\./g)].map(([, code]) => code));
  assert.deepEqual([...ofReplies].sort(), [...browser.components.schemas.ReplyErrorCode.enum].sort());
  assert.deepEqual(
    constants(source("conversation/history/ErrorCode")).map((name) => name.toLowerCase()).sort(),
    [...browser.components.schemas.ErrorCode.enum].sort(),
  );
});

test("the page of the protocol names each frame, event, code and close code", () => {
  const page = read("docs/protocol.md");
  const words = [
    ...Object.keys(browser.components.messages),
    ...browser.components.schemas.Event.oneOf.map((one) => resolved(browser, one).properties.type.const),
    ...browser.components.schemas.ErrorCode.enum,
    ...browser.components.schemas.ReplyErrorCode.enum,
    ...Object.keys(browser.channels.socket["x-close-codes"]),
  ];
  assert.deepEqual(words.filter((word) => !page.includes(word)), []);
});
