import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { FaultSwitches } from "../../simulator/faults";
import { isReady } from "../../simulator/readiness";

async function withServer(status: number | undefined, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((_request, response) => void (status === undefined ? undefined : response.writeHead(status).end()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/status`);
  server.closeAllConnections();
  server.close();
}

describe("isReady", () => {
  const never = new AbortController().signal;

  it("believes every answer below 400", () => withServer(204, async (url) => assert.equal(await isReady(url, never), true)));

  it("does not believe 404", () => withServer(404, async (url) => assert.equal(await isReady(url, never), false)));

  it("takes a refusal for not ready", async () => assert.equal(await isReady("http://127.0.0.1:1/v1/status", never), false));

  it("waits without end for a runner that accepts and never answers", () =>
    withServer(undefined, async (url) => {
      const ending = new AbortController();
      const answer = isReady(url, ending.signal);
      assert.equal(await Promise.race([answer, sleep(200, "waiting")]), "waiting");
      ending.abort();
      assert.equal(await answer, false);
    }));
});

describe("FaultSwitches", () => {
  it("holds the worker while frozen, and lets it go when the fault is taken back", async () => {
    const faults = new FaultSwitches({ frozen: true });
    const thawed = faults.thawed(new AbortController().signal).then(() => "thawed");
    assert.equal(await Promise.race([thawed, sleep(30, "frozen")]), "frozen");
    faults.set({});
    assert.equal(await thawed, "thawed");
  });

  it("lets a frozen worker end", async () => {
    const ending = new AbortController();
    const thawed = new FaultSwitches({ frozen: true }).thawed(ending.signal);
    ending.abort();
    await thawed;
  });
});
