import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasLoad, loadVariables, durationSeconds, type LoadShape } from "./script/load-shape";
import { exceptionIn, inAuthorsWords, messageOf } from "./script/places";
import { partName, type Script } from "./script/source";

/** What k6 says about a script without running it. */
export interface Inspection {
  /** Most VUs over the whole test. */
  maxVUs: number;
  /** Longest the scenarios can take, with their graceful stop, seconds; setup and teardown come on top. */
  totalDurationSeconds: number;
}

/** What came of asking k6: what it says, why it would refuse the script, or `undefined` where no k6 could answer. */
export type InspectionResult = { inspection: Inspection } | { refusal: string } | undefined;

/** What `k6 inspect` without `--execution-requirements` tells: the options that the script itself has. */
interface OwnOptions {
  vus?: number | null;
  scenarios?: Record<string, unknown> | null;
}

/** What a script is loaded with. */
export interface Surroundings {
  env: Record<string, string>;
  load: LoadShape;
  /** Whether it may ask for secrets, which are not told here. */
  hasSecrets: boolean;
}

// Loading a script takes a fraction of a second; a script that waits for something in its init code must not hang the program.
const timeoutMs = 20_000;
// k6's exit code for an exception while a script is loaded, and for options that it refuses (see exit-codes.ts).
const refusals = new Set([104, 107]);
// What `k6 run` takes where nobody says the VUs; `k6 inspect` takes none.
const oneVu = { K6_VUS: "1" };

/** Asks the k6 at hand (`K6_PATH`, else `k6` on the `PATH`) what a script needs. */
export function inspectScript(script: Script, { env, load, hasSecrets }: Surroundings): InspectionResult {
  // What lies on a volume or in an image is not here.
  if (Object.keys(script.files).length === 0) {
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "pulumi-k6-inspect-"));
  try {
    write(script, folder);
    const given = ["inspect", ...Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`])];
    const own = hasLoad(load) ? k6([...given, script.entry], folder, {}) : undefined;
    const options = own?.status === 0 ? (JSON.parse(own.stdout) as OwnOptions) : {};
    const scenarios = Object.keys(options.scenarios ?? {});
    if (scenarios.length > 0) {
      return { refusal: twoLoads(script.name, scenarios, load) };
    }
    const variables = { ...(options.vus === null ? oneVu : {}), ...loadVariables(load) };
    const { status, stdout, stderr } = k6([...given, "--execution-requirements", script.entry], folder, variables);
    return status === 0
      ? { inspection: parseInspection(stdout) }
      : refusalOf(status, (stderr ?? "").replaceAll(`${folder}/`, "./"), script.name, hasSecrets);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A runner's files; of those that are split, as the first runner has them. */
function write({ files, splitFiles }: Script, folder: string): void {
  const parts = splitFiles.map((name) => [name, files[partName(name, 0)]] as const);
  [...Object.entries(files), ...parts].forEach(([name, content]) => writeFileSync(join(folder, name), content));
}

function k6(args: string[], cwd: string, variables: Record<string, string>) {
  // Options must come from script and load alone: a K6_VUS of the user's shell is not there in a runner.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("K6_"));
  const env = { ...Object.fromEntries(inherited), ...variables };
  return spawnSync(process.env.K6_PATH ?? "k6", args, { encoding: "utf8", timeout: timeoutMs, cwd, env });
}

/** Reads the JSON of `k6 inspect --execution-requirements`. */
export function parseInspection(json: string): Inspection {
  const { maxVUs, totalDuration } = JSON.parse(json) as { maxVUs: number; totalDuration: string };
  return { maxVUs, totalDurationSeconds: durationSeconds(totalDuration) };
}

function twoLoads(name: string, scenarios: string[], load: LoadShape): string {
  const given = Object.keys(load).join(", ");
  return (
    `script ${name} has scenarios (${scenarios.join(", ")}), which k6 would drop for the load given beside it (${given}). ` +
    "Leave one of the two out."
  );
}

function refusalOf(status: number | null, stderr: string, name: string, hasSecrets: boolean): InspectionResult {
  // An extension, a remote module or a secret may well be there for the runners and missing here.
  const elsewhere = hasSecrets || /k6\/x\/|https?:\/\//.test(stderr);
  if (status === null || !refusals.has(status) || elsewhere) {
    return undefined;
  }
  const lines = stderr.trim().split("\n");
  const said = exceptionIn(lines, name) ?? inAuthorsWords(messageOf(lines[lines.length - 1]) ?? stderr.trim(), name);
  const [first, second = ""] = said.split("\n").map((line) => line.trim());
  const remedy = /no such file/.test(first) ? ". What a script opens must be among script.files." : "";
  return { refusal: `k6 does not load script ${name}: ${first}${first.endsWith(":") ? ` ${second}` : ""}${remedy}` };
}
