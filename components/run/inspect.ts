import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Script } from "./script";

/** What k6 says about a script without running it. */
export interface Inspection {
  /** Most VUs over the whole test. */
  maxVUs: number;
  /** Longest the scenarios can take, with their graceful stop, seconds; setup and teardown come on top. */
  totalDurationSeconds: number;
}

/** What came of asking k6: what it says, why it would refuse the script, or `undefined` where no k6 could answer. */
export type InspectionResult = { inspection: Inspection } | { refusal: string } | undefined;

// Loading a script takes a fraction of a second; a script that waits for something in its init code must not hang the program.
const timeoutMs = 20_000;
// k6's exit code for an exception while a script is loaded, and for options that it refuses (see exit-codes.ts).
const refusals = new Set([104, 107]);

/** Asks the k6 at hand (`K6_PATH`, else `k6` on the `PATH`) what a script needs. */
export function inspectScript(script: Script, env: Record<string, string>): InspectionResult {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-k6-inspect-"));
  try {
    const file = join(folder, script.language === "typescript" ? "script.ts" : "script.js");
    writeFileSync(file, script.text);
    const variables = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const k6 = spawnSync(process.env.K6_PATH ?? "k6", ["inspect", "--execution-requirements", ...variables, file], {
      encoding: "utf8",
      timeout: timeoutMs,
      // Options must come from the script alone: a K6_VUS of the user's shell is not there in a runner.
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("K6_"))),
    });
    return k6.status === 0 ? { inspection: parseInspection(k6.stdout) } : refusalOf(k6.status, k6.stderr, script.name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reads the JSON of `k6 inspect --execution-requirements`. */
export function parseInspection(json: string): Inspection {
  const { maxVUs, totalDuration } = JSON.parse(json) as { maxVUs: number; totalDuration: string };
  return { maxVUs, totalDurationSeconds: goDurationSeconds(totalDuration) };
}

// Units of Go's time.Duration text, seconds.
const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, µs: 1e-6, us: 1e-6, ns: 1e-9 };

/** Seconds of a Go duration, e.g. `2m10s`. */
export function goDurationSeconds(text: string): number {
  const parts = [...text.matchAll(/([0-9.]+)(h|ms|m|s|µs|us|ns)/g)];
  return parts.reduce((sum, [, value, unit]) => sum + Number(value) * units[unit], 0);
}

function refusalOf(status: number | null, stderr: string, name: string): InspectionResult {
  // An extension or a remote module may well be there for the runners and missing here.
  const elsewhere = /k6\/x\/|https?:\/\//.test(stderr);
  if (status === null || !refusals.has(status) || elsewhere) {
    return undefined;
  }
  const said = /msg="((?:[^"\\]|\\.)*)"/.exec(stderr)?.[1] ?? stderr.trim();
  return { refusal: `k6 does not load script ${name}: ${said.replaceAll('\\"', '"').split("\\n")[0]}` };
}
