import assert from "node:assert/strict";
import { telegrafConfiguration } from "../../../../components/metrics/gateway/configuration";
import { seriesScript } from "../../../../components/metrics/gateway/series-script";

const base = { url: "http://influxdb.load.svc:8086", org: "load-tests", bucket: "k6", bufferLimit: 50_000 };

describe("Telegraf's configuration", () => {
  const raw = telegrafConfiguration({ ...base, mode: "raw" }, "/etc/gateway");
  const aggregated = telegrafConfiguration({ ...base, mode: "aggregated" }, "/etc/gateway");

  it("has what decides that samples arrive in both modes", () => {
    for (const text of [raw, aggregated]) {
      assert.match(text, /^ {2}precision = "1ns"$/m);
      assert.match(text, /^ {2}metric_buffer_limit = 50000$/m);
      assert.match(text, /^ {2}basic_password = "\$\{GATEWAY_PASSWORD\}"$/m);
      assert.match(text, /^ {2}token = "\$\{STORE_TOKEN\}"$/m);
    }
    assert.equal(aggregated.match(/grace = "1h"\n {2}delay = "1h"/g)?.length, 2);
  });

  it("tells runners apart in mode raw alone, and replicas in mode aggregated", () => {
    assert.doesNotMatch(raw, /instance_id|\[\[aggregators/);
    assert.match(aggregated, /tagexclude = \["instance_id"\]\n {2}\[inputs\.http_listener_v2\.tags\]\n {4}relay = "\$\{RELAY\}"/);
  });

  it("writes names as they are, whatever is in them", () => {
    const text = telegrafConfiguration({ ...base, org: 'a "b" $HOME', mode: "raw" }, "/etc/gateway");
    assert.ok(text.includes('organization = "a \\"b\\" \\u0024HOME"'), text);
  });
});

describe("the gateway's program", () => {
  it("has buckets in mode aggregated alone, and none for counters, rates and gauges", () => {
    const limits = { series: 5000, values: 50, urls: 20 };
    assert.doesNotMatch(seriesScript(limits, "raw"), /MIDDLES|math/);
    const program = seriesScript(limits, "aggregated");
    assert.match(program, /UNTRENDED = \{.*"http_reqs": True.*"vus": True.*"checks": True/);
    assert.match(program, /MAX_SERIES = 5000\n/);
    assert.match(program, /ALLOWED = None/);
    assert.match(seriesScript({ ...limits, tags: ["kind"] }, "raw"), /ALLOWED = \{"kind": True\}/);
  });

  it("has no variables that Telegraf would replace", () =>
    assert.ok(!seriesScript({ series: 1, values: 1, urls: 1 }, "aggregated").includes("$")));
});
