import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRefusal, lacksVus, resultOf, twoLoads, type Answer, type Asked, type InspectionResult } from "./inspection";
import { hasLoad, loadVariables, type LoadShape } from "./script/load-shape";
import { partName, type Script } from "./script/source";

/** What a script is loaded with. */
export interface Surroundings {
  env: Record<string, string>;
  load: LoadShape;
  /** Whether it may ask for secrets, which are not told here. */
  hasSecrets: boolean;
}

// Loading a script takes a fraction of a second; a script that waits for something in its init code must not hang the program.
const timeoutMs = 20_000;

/** Asks the k6 at hand (`K6_PATH`, else `k6` on the `PATH`) what a script needs. */
export function inspectScript(script: Script, { env, load, hasSecrets }: Surroundings): InspectionResult {
  // What lies on a volume or in an image is not here.
  if (Object.keys(script.files).length === 0) {
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "pulumi-k6-inspect-"));
  // An extension, a remote module or a secret may well be there for the runners and missing here.
  const isElsewhere = (status: number, log: string) => !isRefusal(status) || hasSecrets || /k6\/x\/|https?:\/\//.test(log);
  const asked: Asked = { scriptName: script.name, load, isElsewhere };
  try {
    write(script, folder);
    const given = ["inspect", ...Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`])];
    const own = hasLoad(load) ? k6([...given, script.entry], folder, {}) : undefined;
    const refusal = own === undefined ? undefined : twoLoads(own, asked);
    if (refusal !== undefined) {
      return { refusal };
    }
    const variables = { ...(own !== undefined && lacksVus(own) ? { K6_VUS: "1" } : {}), ...loadVariables(load) };
    return resultOf(k6([...given, "--execution-requirements", script.entry], folder, variables), asked);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A runner's files; of those that are split, as the first runner has them. */
function write({ files, splitFiles }: Script, folder: string): void {
  const parts = splitFiles.map((name) => [name, files[partName(name, 0)]] as const);
  [...Object.entries(files), ...parts].forEach(([name, content]) => writeFileSync(join(folder, name), content));
}

function k6(args: string[], cwd: string, variables: Record<string, string>): Answer {
  // Options must come from script and load alone: a K6_VUS of the user's shell is not there in a runner.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("K6_"));
  const env = { ...Object.fromEntries(inherited), ...variables };
  const program = process.env.K6_PATH ?? "k6";
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", timeout: timeoutMs, cwd, env });
  // Where there is no such program there is no output either.
  return { status, stdout: stdout ?? "", stderr: (stderr ?? "").replaceAll(`${cwd}/`, "./") };
}
