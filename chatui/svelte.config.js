import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

export default {
  preprocess: vitePreprocess(),
  compilerOptions: {
    runes: true,
    // Elements are made one by one: no innerHTML anywhere, so the page needs no Trusted Types policy for HTML.
    fragments: "tree",
  },
};
