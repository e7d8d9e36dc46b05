import { isRefusal, resultOf, twoLoads, type Answer, type Asked, type InspectionResult } from "./inspection";
import type { RunInputs } from "./types";

// k6's exit code for an archive that is not there or is none.
const missingFile = 255;

/** Reads the log of inspect.sh: what k6 in a pod of the run's own image made of the script. */
export function inspectionIn(log: string, { scriptName, load = {} }: Pick<RunInputs, "scriptName" | "load">): InspectionResult {
  const answers = answersIn(log);
  const requirements = answers.at(-1);
  if (requirements === undefined) {
    return undefined;
  }
  // The pod has what runners have: what does not load in it does not load in them, unless it took too long or there is no k6 at all.
  const asked: Asked = { scriptName, load, isElsewhere: (status) => !isRefusal(status) && status !== missingFile };
  const refusal = answers.length < 2 ? undefined : twoLoads(answers[0], asked);
  return refusal === undefined ? resultOf(requirements, asked) : { refusal };
}

/** A line `== <exit code>` begins each answer. */
function answersIn(log: string): Answer[] {
  const [, ...parts] = log.split(/^== (\d+)$/m);
  return parts.flatMap((part, i) => {
    const [status, text] = [Number(part), (parts[i + 1] ?? "").trim()];
    return i % 2 === 1 ? [] : [{ status, stdout: status === 0 ? text : "", stderr: status === 0 ? "" : text }];
  });
}
