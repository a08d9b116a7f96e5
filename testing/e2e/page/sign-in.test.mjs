// That a person signs in at a provider and comes back, with everything that he had as a guest: script/server's jar, a real
// provider of OpenID Connect, and a browser.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort } from "../../../nginx/test/front.mjs";
import { eventually, startBrowser } from "./stack.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const java = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, "bin/java") : "java";
const processes = [];
let data;
let browser;
let url;

/** Starts a jar, which is ended after the tests. */
function start(jar, parameters, environment) {
  const child = spawn(java, ["-Xmx384m", "-jar", path.join(root, jar), ...parameters], {
    cwd: data,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  processes.push(child);
  return child;
}

before(async () => {
  data = await mkdtemp(path.join(tmpdir(), "parley-sign-in-"));
  const provider = start("testing/openid-server/target/openid-server.jar", ["0"], {});
  let issuer;
  createInterface({ input: provider.stdout }).on("line", (line) => {
    issuer ??= /http:\S+/.exec(line)?.[0];
  });
  await eventually("the provider", () => issuer);
  const port = await freePort();
  url = `http://127.0.0.1:${port}/`;
  start("standalone/target/standalone.jar", [], {
    SERVER_PORT: String(port),
    DATA_DIR: path.join(data, "data"),
    OPENAI_API_KEY: "",
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: "parley",
    OIDC_CLIENT_SECRET: "secret-of-the-client",
  }).stdout.resume();
  await eventually("the page", () => fetch(url).then(({ ok }) => ok, () => false), 120);
  browser = await startBrowser();
});

after(async () => {
  await browser?.close();
  for (const child of processes) {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  if (data) await rm(data, { recursive: true });
});

/** Someone with a browser of his own. */
async function person() {
  const context = await browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(url);
  const connected = () => page.locator("[data-testid=connection][data-state=open]").waitFor({ state: "attached" });
  await connected();
  return {
    page,
    connected,
    async ask(text) {
      await page.getByTestId("composer").fill(text);
      await page.getByTestId("composer").press("Enter");
      await page.locator("[data-role=assistant][data-status=complete]").last().waitFor();
    },
    async signIn(login, password) {
      await page.locator(".sidebar").getByTestId("sign-in").click();
      await page.locator("input[name=username]").fill(login);
      await page.locator("input[name=password]").fill(password);
      await page.locator("[type=submit]").click();
      await page.waitForURL(`${url}**`);
      await connected();
    },
    titles: () => page.getByTestId("conversation-item").allInnerTexts(),
  };
}

test("what a guest has is his on every device once he has signed in, and signing out everywhere ends it there", async () => {
  const first = await person();
  await first.ask("What is a harbour?");
  const { hash } = new URL(first.page.url());
  await first.signIn("ada", "ada-password");
  assert.equal(new URL(first.page.url()).hash, hash, "back where he was");
  await first.page.locator("[data-role=assistant][data-status=complete]").waitFor();

  const second = await person();
  await second.signIn("ada", "ada-password");
  await eventually("his conversation", async () => (await second.titles()).length === 1);
  await second.page.getByTestId("settings").click();
  await second.page.getByText("Signed in as Ada Lovelace").waitFor();
  await second.page.getByTestId("sign-out-everywhere").click();

  for (const { page, titles } of [first, second]) {
    await page.locator(".sidebar").getByTestId("sign-in").waitFor();
    await eventually("nothing of his", async () => (await titles()).length === 0);
  }
});

test("who gives up at the provider is told so, and goes on as a guest", async () => {
  const { page, connected, ask } = await person();
  await page.goto(`${url}api/session/sign-in/callback?error=access_denied&state=x`);
  await page.getByText("Signing in did not work").waitFor();
  await connected();
  await ask("What is a harbour?");
});
