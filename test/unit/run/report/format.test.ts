import assert from "node:assert/strict";
import * as format from "../../../../components/run/report/format";

/** With ordinary spaces, for reading. */
const plain = (text: string) => text.replaceAll("\u202f", " ");

const cases: [string, string, string][] = [
  ["groups digits of a count", format.count(1_234_567), "1 234 567"],
  ["leaves a short count whole", format.count(999), "999"],
  ["keeps four digits of a small figure", format.figure(0.0042134), "0.004213"],
  ["keeps the whole of a large figure", format.figure(27_002.4), "27 002"],
  ["shows zero as zero", format.figure(0), "0"],
  ["puts a unit after a space", format.withUnit(61.7641, "ms"), "61.76 ms"],
  ["puts nothing where there is no unit", format.withUnit(3, ""), "3"],
  ["goes over to seconds", format.milliseconds(1447.13), "1.447 s"],
  ["stays with milliseconds below one second", format.milliseconds(999.4), "999.4 ms"],
  ["shows a share as percent", format.percent(0.00452), "0.452 %"],
  ["shows the span of a moment", format.span(850), "850 ms"],
  ["shows the span of seconds", format.span(20_040), "20 s"],
  ["carries a minute", format.span(59_990), "1 min 00 s"],
  ["shows the span of minutes", format.span(260_000), "4 min 20 s"],
  ["shows the span of hours", format.span(3_900_000), "1 h 05 min"],
  ["shows a time in UTC", format.moment("2026-11-24T10:58:34.120+02:00"), "2026-11-24 08:58:34 UTC"],
  ["leaves what is no time as it is", format.moment("soon"), "soon"],
  ["shows the clock with its milliseconds", format.clock("2026-11-24T08:58:34.120Z"), "08:58:34.120"],
  ["shows seconds on an axis", format.sinceStart(65), "1:05"],
  ["shows hours on an axis", format.sinceStart(3605), "1:00:05"],
];

describe("format", () => {
  for (const [what, actual, wanted] of cases) {
    it(what, () => assert.equal(plain(actual), wanted));
  }
});
