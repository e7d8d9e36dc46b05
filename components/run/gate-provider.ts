// Loaded by package name from the text in users' state: this path and these names are API, do not move them.
import type { Verdict } from "./types";

/** What a gate looks at. */
export interface GateInputs {
  run: string;
  verdict: Verdict;
  reasons: string[];
  resultUrl: string;
  reportPath: string;
}

/** @throws when the verdict is not `pass`; nothing is kept then, so the next `pulumi up` looks again */
export function pass(inputs: GateInputs): GateInputs {
  if (inputs.verdict !== "pass") {
    throw new Error(gateMessage(inputs));
  }
  return inputs;
}

/** What a person reads when a gate is shut. */
export function gateMessage({ run, verdict, reasons, resultUrl, reportPath }: GateInputs): string {
  const lines = [
    `run ${run}: verdict ${verdict}`,
    ...reasons.map((reason) => `  ${reason}`),
    `  result: ${resultUrl}`,
    `  report: ${reportPath}`,
  ];
  return lines.join("\n");
}
