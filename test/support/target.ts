import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A system under test on loopback. */
export interface Target {
  url: string;
  stop(): Promise<void>;
}

/**
 * Answers `/<runner>/...` after varied times: a long tail, a slower one for runner 1, so that pooling percentiles and averaging them differ; every 50th
 * request fails.
 */
export async function startVariedTarget(): Promise<Target> {
  let count = 0;
  const server = createServer((request, response) => {
    const n = ++count;
    const isSlowRunner = request.url?.startsWith("/1/") ?? false;
    // A low-discrepancy sequence: the same spread of delays in every run.
    const u = (n * 0.6180339887) % 1;
    const delayMs = 2 + 20 * u ** 4 + (isSlowRunner ? 25 * u : 0) + (u > 0.97 ? 60 : 0);
    setTimeout(() => {
      response.statusCode = n % 50 === 0 ? 500 : 200;
      response.end("ok");
    }, delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
