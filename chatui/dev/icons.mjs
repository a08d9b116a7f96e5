/** Makes the icons that must be pictures of pixels from the drawings beside them: `node dev/icons.mjs`. */
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const folder = fileURLToPath(new URL("../public/", import.meta.url));

for (const name of ["icon", "icon-maskable"]) {
  for (const size of [192, 512]) {
    // As many pixels as are needed, at any size of the drawing.
    await sharp(`${folder}${name}.svg`, { density: 1_200 })
      .resize(size, size)
      .png({ compressionLevel: 9, palette: true })
      .toFile(`${folder}${name}-${size}.png`);
  }
}
