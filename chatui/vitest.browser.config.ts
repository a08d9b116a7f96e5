import { defineConfig } from "vitest/config";

/** Tests of the built page in Chromium, on the fake server. */
export default defineConfig({
  test: {
    include: ["browser/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    fileParallelism: false,
  },
});
