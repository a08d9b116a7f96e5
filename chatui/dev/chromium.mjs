import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Asks nobody but the page's server for anything. `chat.test` is this machine. */
export const ARGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP chat.test 127.0.0.1",
];

/** Where Chromium is: at $CHROMIUM, or where a distribution puts it. */
export function chromiumPath() {
  const path = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
  if (path) return path;
  throw new Error(
    "Chromium is not here: install it (Debian: apt-get install chromium) or set CHROMIUM to its path",
  );
}

/** Milliseconds that a page may take for anything: a busy machine may be ten times slower. */
export const PATIENCE = 100_000;

/** @param {readonly string[]} more arguments; of two for the same thing the last one holds */
export function launch(more = []) {
  return chromium.launch({ executablePath: chromiumPath(), args: [...ARGS, ...more] });
}
