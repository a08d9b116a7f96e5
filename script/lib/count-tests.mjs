// Adds up what the test runners wrote, by kind, and fails if a kind that should have run has no test.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const scope = process.argv[2] ?? "all";
const javaModules = ["common-events", "conversation", "assistant", "standalone", "testing/openai-stub", "testing/openid-server", "testing/test-servers", "testing/bench"];

/** All files below a folder with this ending; none if the folder is not there. */
function files(folder, ending) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && path.endsWith(ending));
}

/** Counts the test cases of JUnit reports. */
function count(reports) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const report of reports) {
    const xml = readFileSync(report, "utf8");
    for (const [, , , body] of xml.matchAll(/<testcase\b((?:[^>"]|"[^"]*")*?)(\/>|>([\s\S]*?)<\/testcase>)/g)) {
      if (/<(failure|error)\b/.test(body ?? "")) sum.failed++;
      else if (/<skipped\b/.test(body ?? "")) sum.skipped++;
      else sum.passed++;
    }
  }
  return sum;
}

const reports = (kind) => (module) =>
  files(join(module, "target", `${kind}-reports`), ".xml").filter((path) => /TEST-/.test(path));

const kinds = {
  "unit (Java)": count(javaModules.flatMap(reports("surefire"))),
  "unit (page)": count(files("chatui/target", "test-results.xml")),
  documents: count(files("docs/check/target", "test-results.xml")),
};
if (scope === "all") {
  kinds.nginx = count(files("nginx/target", "test-results.xml"));
  kinds.integration = count(javaModules.flatMap(reports("failsafe")));
  kinds["end to end"] = count(reports("failsafe")("testing/e2e"));
  kinds.faults = count(files("testing/e2e/target", "faults.xml"));
  kinds["browser, page alone"] = count(files("chatui/target", "browser-results.xml"));
  kinds["browser, end to end"] = count(files("testing/e2e/page/target", "test-results.xml"));
}

const total = { passed: 0, failed: 0, skipped: 0 };
for (const [kind, sum] of Object.entries(kinds)) {
  console.log(`${kind.padEnd(20)} ${String(sum.passed).padStart(5)} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  for (const key of Object.keys(total)) total[key] += sum[key];
}
const empty = Object.entries(kinds).filter(([, sum]) => sum.passed === 0).map(([kind]) => kind);
if (empty.length > 0) console.log(`No test was run of: ${empty.join(", ")}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 || total.skipped > 0 || empty.length > 0 ? 1 : 0;
