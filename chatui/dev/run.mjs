/** `npm run dev`: the fake server, and Vite in front of it with the page as it is being written. */
import { build, createServer } from "vite";
import { startFakeServer } from "./fake-server.mjs";

// The frame of diagrams is a page of its own, and seldom changed: the fake server gives it as it was built.
await build({ configFile: "vite.diagram.config.ts", logLevel: "warn" });
const fake = await startFakeServer({ port: 4174 });
const vite = await createServer({ server: { port: 4173 } });
await vite.listen();
vite.printUrls();
process.on("SIGINT", async () => {
  await vite.close();
  await fake.close();
  process.exit(0);
});
