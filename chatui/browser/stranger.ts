/** A server that the page must never ask for anything, whatever a model writes. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach } from "vitest";

/**
 * Listens for as long as the file's tests, or the block's, go on.
 *
 * @param keep what was asked in earlier tests, too: of tests that run at once none may forget for the others
 */
export function useStranger({ keep = false } = {}) {
  let server: Server;
  let asked: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end();
    });
    server.on("connection", () => asked.push("a connection"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  beforeEach(() => {
    if (!keep) asked = [];
  });

  afterAll(() => server.close());

  return {
    address: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Each connection and each path since the test began, or the first one. */
    asked: () => asked,
  };
}
