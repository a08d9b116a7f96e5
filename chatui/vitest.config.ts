import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  resolve: { conditions: ["browser"] },
  test: {
    // No measure of speed: a full machine is slow.
    testTimeout: 30_000,
    include: ["src/**/*.test.ts"],
    environment: "happy-dom",
    setupFiles: ["src/vitest-setup.ts"],
    restoreMocks: true,
  },
});
