import { defineConfig } from "vitest/config";

/** Tests of the built page in Chromium, on the fake server. */
export default defineConfig({
  test: {
    include: ["browser/**/*.test.ts"],
    // Far more than any test takes: a busy machine may be ten times slower, and what hangs is found all the same.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is asked of the page is asked until it is so: a read at the first moment fails on a busy machine.
    expect: { poll: { timeout: 30_000 } },
    // More pages that draw at once are not done sooner, and the page gives up a drawing after some time.
    maxConcurrency: 2,
    fileParallelism: false,
  },
});
