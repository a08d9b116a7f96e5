/** The files that a diagram can be saved as. */
import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { expect, test } from "vitest";
import { type Opened, useBrowser } from "./opened";

const open = useBrowser();
let opened: Opened;

/** Two boxes, wider than high. */
const BOXES = "flowchart LR\n  A[Boil water] --> B[Drink]";

async function draw(text: string, colorScheme: "light" | "dark" = "light"): Promise<void> {
  opened = await open({ size: "page" }, { colorScheme });
  opened.server.world.answer = { text: `\`\`\`mermaid\n${text}\n\`\`\`\n` };
  await opened.stage.say("Draw it");
  await opened.page.locator("[data-testid=diagram][data-state=drawn]").waitFor();
}

async function saved(button: string): Promise<{ name: string; file: Buffer }> {
  const [download] = await Promise.all([
    opened.page.waitForEvent("download"),
    opened.page.getByTestId(button).click(),
  ]);
  return { name: download.suggestedFilename(), file: await readFile(await download.path()) };
}

/** How many pixels of a picture have each colour, as "r,g,b". */
async function coloursOf(file: Buffer): Promise<Map<string, number>> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const counts = new Map<string, number>();
  for (let at = 0; at < data.length; at += info.channels) {
    const colour = data.subarray(at, at + 3).join();
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return counts;
}

test.each<["light" | "dark", string, string, string]>([
  ["light", "250,253,252", "209,239,234", "22,38,41"],
  ["dark", "17,25,27", "19,56,55", "224,232,232"],
])("as a PNG: twice the size of the drawing, in the page's colours (%s)", async (theme, ground, box, ink) => {
  await draw(BOXES, theme);
  const viewBox = await opened.page
    .frameLocator(".diagram iframe")
    .locator("div > svg")
    .evaluate((svg) => {
      const { width, height } = (svg as SVGSVGElement).viewBox.baseVal;
      return { width, height };
    });
  const { name, file } = await saved("download-diagram-png");
  expect(name).toBe("diagram.png");
  const picture = await sharp(file).metadata();
  expect(picture).toMatchObject({
    format: "png",
    width: Math.floor(viewBox.width * 2),
    height: Math.floor(viewBox.height * 2),
  });
  // Nothing of it can be seen through, so that it can be read wherever it is put.
  expect((await sharp(file).stats()).isOpaque).toBe(true);
  const colours = await coloursOf(file);
  const all = picture.width * picture.height;
  expect((colours.get(ground) ?? 0) / all, "ground").toBeGreaterThan(0.2);
  expect((colours.get(box) ?? 0) / all, "boxes").toBeGreaterThan(0.2);
  expect(colours.get(ink), "words").toBeGreaterThan(50);
});

test("as an SVG, and the PNG after it has the same shape", async () => {
  await draw(BOXES);
  const svg = await saved("download-diagram");
  expect(svg.name).toBe("diagram.svg");
  const png = await sharp((await saved("download-diagram-png")).file).metadata();
  const drawn = await sharp(svg.file).metadata();
  expect(png.width / png.height).toBeCloseTo((drawn.width ?? 0) / (drawn.height ?? 1), 1);
});

test("a large one becomes a picture that a canvas can have", async () => {
  const steps = Array.from({ length: 120 }, (_, at) => `S${at}[Step ${at}] --> S${at + 1}[Step ${at + 1}]`);
  await draw(`flowchart TD\n${steps.join("\n")}`);
  const { file } = await saved("download-diagram-png");
  const picture = await sharp(file).metadata();
  expect(picture.height).toBeLessThanOrEqual(16_384);
  expect(picture.height).toBeGreaterThan(8_000);
  expect((await coloursOf(file)).size).toBeGreaterThan(5);
});

test("as a PNG that was asked for before the page became dark", async () => {
  await draw(BOXES);
  const frame = opened.page.frames().find((one) => one.url().endsWith("/diagram.html"));
  await frame?.evaluate(() => {
    const toBlob = HTMLCanvasElement.prototype.toBlob;
    HTMLCanvasElement.prototype.toBlob = function (...rest) {
      Object.assign(window, { goOn: () => toBlob.apply(this, rest) });
    };
  });
  const download = opened.page.waitForEvent("download");
  await opened.page.getByTestId("download-diagram-png").click();
  await frame?.waitForFunction(() => "goOn" in window);
  await opened.page.emulateMedia({ colorScheme: "dark" });
  await frame?.waitForFunction(() => document.documentElement.style.colorScheme === "dark");
  await opened.page.locator("[data-testid=diagram][data-state=drawn]").waitFor();
  await frame?.evaluate(() => (window as unknown as { goOn(): void }).goOn());
  expect((await download).suggestedFilename()).toBe("diagram.png");
});

test("says when it can't be made, and nothing is saved that was not asked for", async () => {
  await draw(BOXES);
  const frame = opened.page.frames().find((one) => one.url().endsWith("/diagram.html"));
  const downloads: string[] = [];
  opened.page.on("download", (download) => downloads.push(download.suggestedFilename()));
  const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  await frame?.evaluate((png) => {
    for (let request = 1; request <= 5; request++) {
      parent.postMessage({ type: "rasterized", request, png: new Uint8Array(png).buffer }, "*");
    }
    HTMLCanvasElement.prototype.toBlob = (answer) => answer(null);
  }, png);
  await opened.page.getByTestId("download-diagram-png").click();
  await opened.page.getByTestId("diagram").getByText("That did not work just now.").waitFor();
  expect(await opened.page.locator(".diagram iframe").isVisible()).toBe(true);
  expect(downloads).toEqual([]);
});

test("no picture that a model has written into it is shown or saved", async () => {
  const pixel =
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/q842iQAAAABJRU5ErkJggg==";
  await draw(BOXES);
  const frame = opened.page.frames().find((one) => one.url().endsWith("/diagram.html"));
  // As if mermaid had let it in.
  const shown = await frame?.evaluate(async (pixel) => {
    const image = document.createElementNS("http://www.w3.org/2000/svg", "image");
    const loaded = new Promise((resolve) => {
      image.onload = () => resolve("shown");
      image.onerror = () => resolve("refused");
    });
    image.setAttribute("href", pixel);
    document.querySelector("div > svg")?.append(image);
    return loaded;
  }, pixel);
  expect(shown).toBe("refused");
  await opened.page.getByTestId("download-diagram-png").click();
  await opened.page.getByTestId("diagram").getByText("That did not work just now.").waitFor();
  expect(opened.wrongs.splice(0).join()).toContain("img-src");
});
