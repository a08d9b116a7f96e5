// What the page's tests stand on: all of Parley as real processes (../target/e2e.jar starts them and takes orders by
// lines), and a browser in front of it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";

const here = path.dirname(fileURLToPath(import.meta.url));
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // The way most people will first open it: by http, under a name that is not localhost.
  "--host-resolver-rules=MAP chat.test 127.0.0.1",
];

/** All processes; `tell` gives an order and resolves to its answer. Ends with the returned `close`. */
export async function startStack() {
  const jar = path.join(here, "../target/e2e.jar");
  if (!existsSync(jar)) throw new Error(`There is no ${jar}: build it with mvn -pl testing/e2e -am package -DskipTests`);
  const java = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, "bin/java") : "java";
  const child = spawn(java, ["-Xmx256m", "-jar", jar], { stdio: ["pipe", "pipe", "inherit"], cwd: path.join(here, "..") });
  const ended = once(child, "exit");
  const waiting = [];
  const said = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    const answer = line.startsWith("{") ? JSON.parse(line) : undefined;
    if (!answer) console.log(line);
    else if (waiting.length > 0) waiting.shift()(answer);
    else said.push(answer);
  });
  const next = () =>
    said.length > 0
      ? Promise.resolve(said.shift())
      : Promise.race([
          new Promise((resolve) => waiting.push(resolve)),
          ended.then(([code]) => Promise.reject(new Error(`The stack ended with ${code}`))),
        ]);
  const { url } = await next();
  return {
    url,
    async tell(order) {
      child.stdin.write(`${order}\n`);
      const answer = await next();
      if (!answer.ok) throw new Error(`${order}: ${answer.error}`);
      return answer.value;
    },
    async close() {
      child.stdin.end("quit\n");
      await ended;
    },
  };
}

/** Where a browser is: named by the environment, or where a distribution puts it. */
function pathOf(name, variable, places) {
  const found = [process.env[variable], ...places].find((place) => place && existsSync(place));
  if (!found) throw new Error(`There is no ${name}: install it, or name it by ${variable}`);
  return found;
}

/** Chromium, headless. */
export function startBrowser() {
  const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return chromium.launch({ executablePath: pathOf("Chromium", "CHROMIUM", places), args: FLAGS });
}

/** Firefox, headless, by puppeteer: playwright drives only a Firefox of its own. */
export function startFirefox() {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: pathOf("Firefox", "FIREFOX", ["/usr/bin/firefox-esr", "/usr/bin/firefox"]),
    headless: true,
    extraPrefsFirefox: { "network.dns.localDomains": "chat.test", "intl.accept_languages": "en-GB" },
  });
}

/** The page's address under a name that is not localhost. */
export function named(url) {
  return url.replace("127.0.0.1", "chat.test");
}

/** Asks again and again until `question` has a truthy answer, and fails loudly when it has none in time. */
export async function eventually(what, question, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
