import type { Aggregation, Operator } from "../../components/run/thresholds";

/** What k6 accepts, and what it means. The contract test asks the real k6. */
export const acceptedExpressions: [string, Aggregation, Operator, number][] = [
  ["p(95)<500", { method: "p", percentile: 95 }, "<", 500],
  [" p(99.9) <= 1000 ", { method: "p", percentile: 99.9 }, "<=", 1000],
  ["p(.5)>1", { method: "p", percentile: 0.5 }, ">", 1],
  ["p(1e1)>=.5", { method: "p", percentile: 10 }, ">=", 0.5],
  ["p(0)<1", { method: "p", percentile: 0 }, "<", 1],
  ["p(100)<1", { method: "p", percentile: 100 }, "<", 1],
  ["avg<1e3", { method: "avg" }, "<", 1000],
  ["med==0", { method: "med" }, "==", 0],
  ["min===0", { method: "min" }, "==", 0],
  ["max!=1.", { method: "max" }, "!=", 1],
  ["avg<+5", { method: "avg" }, "<", 5],
  ["avg>-1", { method: "avg" }, ">", -1],
  ["avg<1_000", { method: "avg" }, "<", 1000],
];

export const acceptedKeys: [string, string, Record<string, string>][] = [
  ["http_req_duration", "http_req_duration", {}],
  ["http_req_duration{name:login,status:200}", "http_req_duration", { name: "login", status: "200" }],
  ["http_req_duration{ name : login }", "http_req_duration", { name: "login" }],
  ['http_req_duration{name:"a b"}', "http_req_duration", { name: "a b" }],
  ["http_req_duration{name:'a b'}", "http_req_duration", { name: "a b" }],
  ["http_req_duration{name:http://x/a?b=c}", "http_req_duration", { name: "http://x/a?b=c" }],
  ["http_req_duration{group:::main}", "http_req_duration", { group: "::main" }],
  ["http_req_duration{toString:x}", "http_req_duration", { toString: "x" }],
];

/** What k6 refuses with exit code 104: expression, metric, and what we say. */
export const refusedExpressions: [string, string, RegExp][] = [
  ["", "my_trend", /compares nothing/],
  ["p(95)", "my_trend", /compares nothing.*e\.g\. "p\(95\)<500"/],
  ["avg=0", "my_trend", /compares nothing|no number/],
  ["p95<500", "my_trend", /asks for "p95"\. Allowed are avg, min/],
  ["P(95)<500", "my_trend", /asks for "P\(95\)"/],
  ["p( 95 )<1", "my_trend", /asks for "p\( 95 \)"/],
  ["std<1", "my_trend", /asks for "std"/],
  ["avg!==1", "my_trend", /no number|asks for/],
  ["p(95)<1s", "my_trend", /compares with "1s", which is no number.*milliseconds/],
  ["avg<500ms", "my_trend", /compares with "500ms"/],
  ["avg<>0", "my_trend", /compares with ">0"/],
  ["avg<0x10", "my_trend", /compares with "0x10"/],
  ["p(95)<500 && avg<1", "my_trend", /compares with "500 && avg<1"/],
  ["p(95)<1", "http_reqs", /asks for p, but http_reqs is a counter, which has count, rate\./],
  ["value<1", "http_reqs", /http_reqs is a counter/],
  ["avg<1", "http_req_failed", /http_req_failed is a rate, which has rate\./],
  ["count<1", "checks", /checks is a rate/],
  ["max<1", "vus", /vus is a gauge, which has value\./],
  ["rate<1", "http_req_duration", /http_req_duration is a trend, which has avg, min, max, med, p\(N\)\./],
  ["count<1", "iteration_duration", /iteration_duration is a trend/],
];

export const refusedKeys: [string, RegExp][] = [
  ["http_req_duration{", /does not close/],
  ["http_req_duration{name:login}x", /does not close/],
  ["http_req_duration}", /is no metric name/],
  ["http_req_duration{}", /tag filter ""/],
  ["http_req_duration{name}", /tag filter "name"/],
  ["http_req_duration{name:}", /tag filter "name:"/],
  ["http_req_duration{name:a,}", /tag filter ""/],
  ['http_req_duration{name:"a,b"}', /a value holds no comma/],
  ["http_req_duration{name=a}", /is no tag:value/],
  ["http_req_duration {name:a}", /is no metric name/],
  ["x", /2 to 129 letters/],
  ["1x", /not starting with a digit/],
  ["http-reqs", /is no metric name/],
];
