import { existsSync } from "node:fs";
import puppeteer from "puppeteer-core";

const PLACES = ["/usr/bin/firefox-esr", "/usr/bin/firefox"];

/** Starts Firefox: the one at $FIREFOX, or where a distribution puts it. `chat.test` is this machine. */
export function launchFirefox() {
  const executablePath = process.env.FIREFOX ?? PLACES.find((place) => existsSync(place));
  if (!executablePath)
    throw new Error(
      "Firefox is not here: install it (Debian: apt-get install firefox-esr) or set FIREFOX to its path",
    );
  return puppeteer.launch({
    browser: "firefox",
    executablePath,
    headless: true,
    extraPrefsFirefox: { "network.dns.localDomains": "chat.test", "intl.accept_languages": "en-GB" },
  });
}
