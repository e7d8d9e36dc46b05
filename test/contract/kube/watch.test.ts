import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { Cluster } from "../../../components/kube/cluster";
import { RunWatch, type WatchOptions } from "../../../components/run/watch";
import { FakeApi, refuse } from "./fake-api";

describe("the watch of a run", function () {
  this.timeout(20_000);
  let api: FakeApi;
  let watch: RunWatch | undefined;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "pulumi-k6-watch-"));
    api = await FakeApi.start();
    api.setPod("shop-1-0", "Pending");
  });

  afterEach(async () => {
    await watch?.stop();
    watch = undefined;
    await api.stop();
    rmSync(folder, { recursive: true });
  });

  async function begin(kubeconfig = api.kubeconfig(), options: WatchOptions = {}): Promise<void> {
    watch = await RunWatch.start(Cluster.connect({ kubeconfig }), { namespace: "load", run: "shop-1" }, options);
    await until(() => api.openWatches === 3);
  }

  function phase(): string | undefined {
    return watch?.facts().pods.find(({ metadata }) => metadata?.name === "shop-1-0")?.status?.phase;
  }

  /** The pod has come to its end and the watch knows it. */
  async function seesTheEnd(): Promise<void> {
    api.setPod("shop-1-0", "Succeeded");
    await until(() => phase() === "Succeeded");
  }

  it("goes on where the server ends it, as it does now and then", async () => {
    await begin(undefined, { bounds: { lastsSeconds: 1 } });
    const before = api.requests.length;
    await until(() => api.requests.length >= before + 6);
    await seesTheEnd();
    assert.equal(api.requests.filter((line) => /pods\?(?!.*watch)/.test(line)).length, 1, "it needs no second list");
  });

  it("misses nothing of what happens while it is broken off", async () => {
    await begin();
    api.endWatches("reset");
    api.setPod("shop-1-0", "Running");
    api.deletePod("shop-1-0");
    await until(() => watch?.facts().deleted.has("shop-1-0") === true);
    assert.equal(phase(), "Running");
  });

  it("tells of a Job that is gone that it was deleted, though the server never said when", async () => {
    const metadata = { name: "shop-1", namespace: "load", uid: "u", resourceVersion: "100" };
    const object = { apiVersion: "batch/v1", kind: "Job", metadata };
    let told: ServerResponse | undefined;
    api.misbehave = (_request, response, url) => {
      if (!url.pathname.endsWith("/jobs")) {
        return false;
      }
      response.writeHead(200, { "Content-Type": "application/json" });
      if (url.searchParams.get("watch") === "true") {
        told = response;
        response.flushHeaders();
      } else {
        response.end(
          JSON.stringify({ kind: "JobList", apiVersion: "batch/v1", metadata: { resourceVersion: "100" }, items: [object] }),
        );
      }
      return true;
    };
    watch = await RunWatch.start(Cluster.connect({ kubeconfig: api.kubeconfig() }), { namespace: "load", run: "shop-1" });
    await until(() => told !== undefined);
    const isDeleted = () => watch?.facts().jobs?.[0]?.metadata?.deletionTimestamp !== undefined;
    assert.ok(!isDeleted());
    told?.write(`${JSON.stringify({ type: "DELETED", object })}\n`);
    await until(isDeleted);
  });

  it("lists anew when it is too far behind (410), and sees that a pod is gone", async () => {
    await begin();
    api.deletePod("shop-1-0");
    await until(() => watch?.facts().deleted.has("shop-1-0") === true);
    api.setPod("shop-1-1", "Running");
    await until(() => watch?.present.includes("shop-1-1") === true);
    api.endWatches("reset");
    api.deletePod("shop-1-1");
    api.forgetHistory();
    await until(() => watch?.facts().deleted.has("shop-1-1") === true);
    assert.equal(api.requests.filter((line) => /pods\?(?!.*watch)/.test(line)).length, 2);
  });

  for (const [what, misbehaviour] of [
    ["says 500", (response) => refuse(response, 500, "InternalError")],
    ["says 429", (response) => refuse(response, 429, "TooManyRequests")],
    ["closes connections", (response) => response.destroy()],
  ] satisfies [string, (response: Parameters<typeof refuse>[0]) => void][]) {
    it(`outlives a server that ${what} for a while`, async () => {
      await begin();
      let left = 6;
      api.misbehave = (_request, response) => {
        if (left-- > 0) {
          misbehaviour(response);
          return true;
        }
        return false;
      };
      api.endWatches("reset");
      await seesTheEnd();
      assert.ok(left < 0, "the server has misbehaved");
    });
  }

  it("begins although the server is away at first", async () => {
    let left = 2;
    api.misbehave = (_request, response) => {
      if (left-- > 0) {
        response.destroy();
        return true;
      }
      return false;
    };
    await begin();
    assert.equal(phase(), "Pending");
  });

  it("is taken up again when its connection is dead and nobody says so", async () => {
    await begin(undefined, { bounds: { lastsSeconds: 1, answerSeconds: 1 } });
    // From now on no watch hears of anything, nor of its end, and half of the new ones are never even begun.
    let isDead = true;
    let count = 0;
    api.misbehave = (_request, response, url) => {
      if (!isDead || url.searchParams.get("watch") !== "true") {
        return false;
      }
      if (count++ % 2 === 0) {
        response.writeHead(200).flushHeaders();
      }
      return true;
    };
    await until(() => count >= 8);
    isDead = false;
    await seesTheEnd();
  });

  describe("with credentials that expire", () => {
    /** Gives a new token at each call, good for a second; fails while a file says so. */
    function credentialPlugin(): { command: string; args: string[] } {
      const program = path.join(folder, "credentials.js");
      writeFileSync(
        program,
        `const fs = require("node:fs");
        const folder = ${JSON.stringify(folder)};
        if (fs.existsSync(folder + "/broken")) { console.error("no network"); process.exit(1); }
        const count = fs.existsSync(folder + "/count") ? Number(fs.readFileSync(folder + "/count", "utf8")) + 1 : 1;
        fs.writeFileSync(folder + "/count", String(count));
        const status = { token: "token-" + count, expirationTimestamp: new Date(Date.now() + 1000).toISOString() };
        console.log(JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status }));`,
      );
      return { command: process.execPath, args: [program] };
    }

    /** Refuses tokens from before the last one that was given out, once they are called expired. */
    function checkTokens(): { expire(): void } {
      let oldest = 0;
      api.misbehave = (request, response) => {
        const number = Number(/token-(\d+)/.exec(request.headers.authorization ?? "")?.[1]);
        if (number > oldest) {
          return false;
        }
        refuse(response, 401, "Unauthorized");
        return true;
      };
      return { expire: () => (oldest = Number(readFileSync(path.join(folder, "count"), "utf8"))) };
    }

    it("goes on with new ones", async () => {
      const tokens = checkTokens();
      await begin(api.kubeconfig(credentialPlugin()));
      tokens.expire();
      api.endWatches("end");
      await seesTheEnd();
    });

    it("goes on although the program that gives them fails for a while", async () => {
      const tokens = checkTokens();
      await begin(api.kubeconfig(credentialPlugin()));
      await pause(1100);
      tokens.expire();
      writeFileSync(path.join(folder, "broken"), "");
      api.endWatches("end");
      api.setPod("shop-1-0", "Succeeded");
      await pause(1500);
      assert.equal(phase(), "Pending");
      rmSync(path.join(folder, "broken"));
      await until(() => phase() === "Succeeded");
    });
  });
});

/** Waits for something to be so. */
async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 15_000;
  while (!isSo()) {
    assert.ok(Date.now() < end, `not so within 15 s: ${String(isSo)}`);
    await pause(10);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
