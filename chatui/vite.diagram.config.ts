import { readFile } from "node:fs/promises";
import { defineConfig, type Plugin } from "vite";

/** Writes the frame's page around its script, whose name carries a hash. */
const framePage: Plugin = {
  name: "frame-page",
  async generateBundle(_, bundle) {
    const [script] = Object.keys(bundle).filter((name) => name.endsWith(".js"));
    if (!script) throw new Error("The frame has no script");
    const page = await readFile("src/diagram/frame.html", "utf8");
    this.emitFile({
      type: "asset",
      fileName: "diagram.html",
      source: page.replace("FRAME_SCRIPT", `./${script}`),
    });
  },
};

/**
 * The frame that draws diagrams, built after the page and into the same place. It is one classic script: a frame whose
 * origin is nobody's may not import modules from ours.
 */
export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [framePage],
  build: {
    target: "es2022",
    emptyOutDir: false,
    chunkSizeWarningLimit: 4_000,
    license: { fileName: "licenses-diagram.md" },
    rolldownOptions: {
      input: "src/diagram/frame.ts",
      // Parts of mermaid ask for it, and a classic script has none.
      transform: { define: { "import.meta": "{}" } },
      output: { format: "iife", codeSplitting: false, entryFileNames: "assets/diagram-[hash].js" },
    },
  },
});
