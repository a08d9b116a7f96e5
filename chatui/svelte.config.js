import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

export default {
  preprocess: vitePreprocess(),
  compilerOptions: {
    runes: true,
    // Elements are made one by one: no innerHTML anywhere, so the page runs under `trusted-types 'none'`.
    fragments: "tree",
  },
};
