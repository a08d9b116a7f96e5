import { defineConfig } from "vitest/config";

/** Tests of the built page in Chromium, on the fake server. */
export default defineConfig({
  test: {
    include: ["browser/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // What is asked of the page is asked until it is so: a read at the first moment fails on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    fileParallelism: false,
  },
});
