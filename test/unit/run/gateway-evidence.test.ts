import assert from "node:assert/strict";
import { gatewayCounters, offenceSentences, type CounterRow } from "../../../components/run/gateway-evidence";

const at = (second: number) => new Date(second * 1000).toISOString();
const row = (_field: string, second: number, _value: number, relay = "a"): CounterRow => ({
  _field,
  _time: at(second),
  _value,
  relay,
});

describe("the gateway's counters", () => {
  it("are nothing where no gateway tells any", () => assert.equal(gatewayCounters([]), undefined));

  it("count from what was there before the run", () => {
    const rows = [0, 5, 10, 15].flatMap((second) => [
      row("metrics_dropped", second, second === 15 ? 107 : 100),
      row("metrics_rejected", second, 3),
      row("metrics_added", second, second),
      row("buffer_size", second, 50 - second),
    ]);
    assert.deepEqual(gatewayCounters(rows.reverse()), { dropped: 7, rejected: 0, buffered: 35, restarted: false });
  });

  it("add up replicas", () => {
    const rows = ["a", "b"].flatMap((relay) => [row("metrics_dropped", 0, 0, relay), row("metrics_dropped", 5, 4, relay)]);
    assert.equal(gatewayCounters(rows)?.dropped, 8);
  });

  it("go on where a process was started anew, and say so", () => {
    const rows = [
      row("metrics_added", 0, 900),
      row("metrics_added", 5, 20),
      row("metrics_dropped", 0, 10),
      row("metrics_dropped", 5, 2),
    ];
    assert.deepEqual(gatewayCounters(rows), { dropped: 2, rejected: 0, buffered: 0, restarted: true });
  });

  it("count a new replica from nothing, and forget what one held that is gone", () => {
    const rows = [
      ...[0, 5].flatMap((second) => [row("metrics_added", second, second), row("buffer_size", second, 9)]),
      ...[20, 25].flatMap((second) => [
        row("metrics_added", second, 5, "b"),
        row("metrics_dropped", second, 6, "b"),
        row("buffer_size", second, 1, "b"),
      ]),
    ];
    assert.deepEqual(gatewayCounters(rows), { dropped: 6, rejected: 0, buffered: 1, restarted: true });
  });
});

describe("what the gateway held back", () => {
  it("is a sentence for each tag, with the first offenders and the remedy", () => {
    const offence = (offender: string) => ({ tag: "name", reason: "urls" as const, metric: "http_reqs", offender });
    const sentences = offenceSentences([
      ...["http://shop/1", "http://shop/1", "http://shop/2", "http://shop/3", "http://shop/4"].map(offence),
      { tag: "user", reason: "tag", metric: "orders", offender: "u1" },
    ]);
    assert.deepEqual(sentences, [
      'tag name has too many different URLs as its values, so what came after is counted under "__other__", first seen in http_reqs: ' +
        '"http://shop/1", "http://shop/2", "http://shop/3". Give what belongs together one value, e.g. http.get(url, { tags: { name: "product" } }).',
      "tag user was left out, as it is not among those that the gateway stores, first seen in orders: " +
        '"u1". Add it to the gateway\'s tags, unless each sample has a value of its own.',
    ]);
  });
});
