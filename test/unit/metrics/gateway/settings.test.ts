import assert from "node:assert/strict";
import { ArgumentError, Problems } from "../../../../components/errors";
import { checkGateway, gatewaySizes, type MetricsGatewaySettings } from "../../../../components/metrics/gateway/settings";
import { cpuMillicores, memoryMi, modeFor } from "../../../../components/metrics/gateway/sizing";

describe("a gateway's settings", () => {
  it("store each sample up to 2,000 requests per second and a million of them", () => {
    assert.equal(modeFor({}), "raw");
    assert.equal(modeFor({ requestsPerSecond: 2000, requests: 1_000_000 }), "raw");
    assert.equal(modeFor({ requestsPerSecond: 2001 }), "aggregated");
    assert.equal(modeFor({ requests: 1_000_001 }), "aggregated");
    assert.equal(gatewaySizes({ expectedLoad: { requestsPerSecond: 9000 }, mode: "raw" }).mode, "raw");
  });

  it("hold what comes while the store is away, in memory that suffices", () => {
    const { bufferLimit, memory } = gatewaySizes({ expectedLoad: { requestsPerSecond: 2000 }, storeOutageSeconds: 60 });
    assert.ok(bufferLimit >= 2000 * 18 * 60, `${bufferLimit} points`);
    assert.equal(memory, "2432Mi");
    assert.ok(memoryMi(bufferLimit) * 2 ** 20 >= bufferLimit * 1024);
    assert.equal(gatewaySizes({}).memory, "704Mi");
    assert.equal(gatewaySizes({ memory: "1Gi", cpu: "2" }).memory, "1Gi");
  });

  it("need less memory where samples are added up", () => {
    const { bufferLimit } = gatewaySizes({ expectedLoad: { requestsPerSecond: 20_000 } });
    assert.equal(bufferLimit, 130_000);
  });

  it("grow in CPU with the load", () =>
    assert.deepEqual(
      [100, 500, 10_000].map((requestsPerSecond) => cpuMillicores({ requestsPerSecond })),
      [100, 150, 2350],
    ));

  it("are refused all at once where they cannot be", () => {
    const problems = new Problems();
    const bad: MetricsGatewaySettings = {
      ...{ replicas: 0, storeOutageSeconds: -1, seriesPerRun: 10, tags: ["a b", "testid"] },
      expectedLoad: { requestsPerSecond: 0 },
      mode: "both" as never,
    };
    checkGateway(bad, "gateway", problems);
    const paths = problems.all.map(({ path }) => path);
    assert.deepEqual(paths, [
      "gateway.replicas",
      "gateway.expectedLoad.requestsPerSecond",
      "gateway.mode",
      "gateway.storeOutageSeconds",
      "gateway.seriesPerRun",
      "gateway.tags[0]",
      "gateway.tags[1]",
    ]);
    assert.throws(() => problems.throwIfAny("gateway"), ArgumentError);
  });
});
