import type { RunResult } from "pulumi-k6/dist/run/types";
import { pulumiOutput, type Stack } from "./pulumi";

/** A run as its resource holds it in the stack's state. */
export interface StackRun extends RunResult {
  reportPath: string;
  resultUrl: string;
}

/** The parts of `pulumi stack export` that are read here. */
interface Deployment {
  deployment: { resources?: { type: string; outputs?: { resultJson?: string; reportPath?: string; resultUrl?: string } }[] };
}

/** The runs in a stack's state: they are there even when the update failed and exported nothing. */
export function runsIn({ deployment }: Deployment): StackRun[] {
  return (deployment.resources ?? []).flatMap(({ type, outputs }) => {
    if (!type.endsWith(":LoadTestRun") || outputs?.resultJson === undefined) {
      return [];
    }
    const result = JSON.parse(outputs.resultJson) as RunResult;
    return [{ ...result, reportPath: outputs.reportPath ?? "", resultUrl: outputs.resultUrl ?? "" }];
  });
}

export async function stackRuns(stack: Stack): Promise<StackRun[]> {
  return runsIn(JSON.parse(await pulumiOutput(stack, ["stack", "export"])) as Deployment);
}
