/** `npm run dev`: the fake server, and Vite in front of it with the page as it is being written. */
import { createServer } from "vite";
import { startFakeServer } from "./fake-server.mjs";

const fake = await startFakeServer({ port: 4174 });
const vite = await createServer({ server: { port: 4173 } });
await vite.listen();
vite.printUrls();
process.on("SIGINT", async () => {
  await vite.close();
  await fake.close();
  process.exit(0);
});
