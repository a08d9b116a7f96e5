import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Plugin } from "vite";

/** Every browser that runs the page takes woff2; KaTeX's other formats would only be carried around. */
const onlyWoff2: Plugin = {
  name: "only-woff2",
  enforce: "pre",
  transform(code, id) {
    if (!/katex.*\.css$/.test(id)) return null;
    return { code: code.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("[a-z]+"\)/g, ""), map: null };
  },
};

/**
 * Of marked only the lexer is used: the page makes elements of its tokens, and never HTML. But marked makes an instance of
 * all its parts when it is loaded, which no bundler may leave out. That end of its file goes, and what only it used with it.
 */
const onlyLexer: Plugin = {
  name: "only-lexer",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith("/marked.esm.js")) return null;
    const instance = /var (\w+)=new \w+;function \w+\(\w+,\w+\)\{return \1\.parse.*?(?=export\{)/s;
    const exported = /export\{.*?\}/s.exec(code)?.[0];
    const wanted = exported?.match(/\w+ as (?:Lexer|getDefaults)\b/g);
    if (!instance.test(code) || !exported || wanted?.length !== 2) this.error("marked has another form");
    return { code: code.replace(instance, "").replace(exported, `export{${wanted.join()}}`), map: null };
  },
};

export default defineConfig({
  // Relative addresses, so that the page also works under a sub-path.
  base: "./",
  plugins: [onlyWoff2, onlyLexer, svelte()],
  build: {
    target: "es2022",
    // A data: font or script would need a laxer policy; every file stays a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    // What the page needs at once is one file, whatever is shared with parts that come later: that is less than many.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: "index", tags: ["$initial"] }] } } },
    // The licences ask to be passed on with the code.
    license: { fileName: "licenses.md" },
  },
  server: {
    proxy: {
      "^/(api/|diagram\\.html|assets/diagram-)": "http://127.0.0.1:4174",
      "/ws": { target: "ws://127.0.0.1:4174", ws: true },
    },
  },
});
