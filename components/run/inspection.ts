import { durationSeconds, type LoadShape } from "./script/load-shape";
import { exceptionIn, inAuthorsWords, messageOf } from "./script/places";

/** What k6 says about a script without running it. */
export interface Inspection {
  /** Most VUs over the whole test. */
  maxVUs: number;
  /** Longest the scenarios can take, with their graceful stop, seconds; setup and teardown come on top. */
  totalDurationSeconds: number;
}

/** What came of asking k6: what it says, why it would refuse the script, or `undefined` where no k6 could answer. */
export type InspectionResult = { inspection: Inspection } | { refusal: string } | undefined;

/** How one call of `k6 inspect` ended. */
export interface Answer {
  /** k6's exit code; `null` where there was none. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A script that k6 was asked about, and where. */
export interface Asked {
  scriptName: string;
  load: LoadShape;
  /** Whether k6, which did not take the script, may take it where runners are. `log` is what it said. */
  isElsewhere: (status: number, log: string) => boolean;
}

/** What `k6 inspect` without `--execution-requirements` tells: the options that the script itself has. */
interface OwnOptions {
  vus?: number | null;
  scenarios?: Record<string, unknown> | null;
}

// k6's exit codes for an exception while a script is loaded, and for options that it refuses (see exit-codes.ts).
const refusals = new Set([104, 107]);

/** Whether k6 says by its exit code that it does not take the script. */
export function isRefusal(status: number): boolean {
  return refusals.has(status);
}

/** Whether k6 needs to be told a number of VUs: `k6 run` takes one where nobody says it, `k6 inspect` none. */
export function lacksVus(own: Answer): boolean {
  return ownOptions(own).vus === null;
}

/** The sentence on a script with scenarios beside a load, which k6 would not tell. `own` is k6's answer without the load. */
export function twoLoads(own: Answer, { scriptName, load }: Asked): string | undefined {
  const scenarios = Object.keys(ownOptions(own).scenarios ?? {});
  return scenarios.length === 0
    ? undefined
    : `script ${scriptName} has scenarios (${scenarios.join(", ")}), which k6 would drop for the load given beside it (${Object.keys(load).join(", ")}). ` +
        "Leave one of the two out.";
}

/** What an answer with `--execution-requirements` means. */
export function resultOf({ status, stdout, stderr }: Answer, { scriptName, isElsewhere }: Asked): InspectionResult {
  if (status === 0) {
    return { inspection: parseInspection(stdout) };
  }
  if (status === null || isElsewhere(status, stderr)) {
    return undefined;
  }
  const lines = stderr.trim().split("\n");
  const said = exceptionIn(lines, scriptName) ?? inAuthorsWords(messageOf(lines[lines.length - 1]) ?? stderr.trim(), scriptName);
  // After this k6 explains how to mount folders into Docker's containers.
  const [first, second = ""] = said
    .replace(/(?<=couldn't be found on local disk)\. .*/s, ".")
    .split("\n")
    .map((line) => line.trim());
  const remedy = /no such file/.test(first) ? ". What a script opens must be among script.files." : "";
  return { refusal: `k6 does not load script ${scriptName}: ${first}${first.endsWith(":") ? ` ${second}` : ""}${remedy}` };
}

/** Reads the JSON of `k6 inspect --execution-requirements`. */
export function parseInspection(json: string): Inspection {
  const { maxVUs, totalDuration } = JSON.parse(json) as { maxVUs: number; totalDuration: string };
  return { maxVUs, totalDurationSeconds: durationSeconds(totalDuration) };
}

function ownOptions({ status, stdout }: Answer): OwnOptions {
  return status === 0 ? (JSON.parse(stdout) as OwnOptions) : {};
}
