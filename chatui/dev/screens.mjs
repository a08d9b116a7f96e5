/**
 * `npm run screens [-- --to DIRECTORY] [NAME…]`: takes the pictures of docs/ui.md, of all scenes or of those named, in
 * light and dark. It shows what was built last, and needs Chromium.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { launch } from "./chromium.mjs";
import { play, SCENES, settled } from "./scenes.mjs";

const { values, positionals } = parseArgs({ options: { to: { type: "string" } }, allowPositionals: true });
const to = values.to ?? "target/screens";
const unknown = positionals.filter((name) => SCENES.every((scene) => scene.name !== name));
if (unknown.length > 0) throw new Error(`There is no scene ${unknown.join(", ")}`);

await mkdir(to, { recursive: true });
const browser = await launch();
let total = 0;
for (const scene of SCENES) {
  if (positionals.length > 0 && !positionals.includes(scene.name)) continue;
  const { page, wrongs, close } = await play(browser, scene, { deviceScaleFactor: 1 });
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    // A page has few colours: a palette of them is a third of the size and looks the same.
    const picture = await sharp(await page.screenshot({ caret: "hide" }))
      .png({ palette: true, effort: 10, dither: 0 })
      .toBuffer();
    total += picture.length;
    await writeFile(`${to}/${scene.name}-${colorScheme}.png`, picture);
  }
  await close();
  if (wrongs.length > 0) throw new Error(`${scene.name}: ${wrongs.join("\n")}`);
  console.log(scene.name);
}
await browser.close();
console.log(`${(total / 1024).toFixed(0)} KB in ${to}`);
