/**
 * A process that conducts one run as Pulumi's provider does, for tests that kill it. Called with the inputs and a step as JSON; prints `AT <step>` when it has
 * come there, and goes no further.
 */
import { Cluster } from "../../../components/kube/cluster";
import { TestRuns } from "../../../components/kube/test-runs";
import { interruptible } from "../../../components/run/interrupt";
import type { RunInputs } from "../../../components/run/types";
import { conduct } from "./conduct";
import type { Step } from "./steps";

const { inputs, step, kubeconfig } = JSON.parse(process.argv[2]) as { inputs: RunInputs; step?: Step; kubeconfig: string };
const cluster = Cluster.connect({ kubeconfig });

/** Says where the process is and stays there until it is killed. */
function arrived(): Promise<never> {
  console.log(`AT ${step}`);
  return new Promise(() => setInterval(() => undefined, 1000));
}

/** Stops before or after a request that `isIt`. */
function stopAt<T extends object, K extends keyof T>(
  api: T,
  method: K,
  when: "before" | "after",
  isIt: (request: unknown) => boolean = () => true,
): void {
  const original = (api[method] as (...args: unknown[]) => Promise<unknown>).bind(api);
  api[method] = (async (...args: unknown[]) => {
    const stops = isIt(args[0]);
    if (stops && when === "before") {
      await arrived();
    }
    const answer = await original(...args);
    if (stops) {
      await arrived();
    }
    return answer;
  }) as T[K];
}

/** TestRuns are asked for by clients of their own. */
function stopAtTestRun(when: "before" | "after"): void {
  const original = Object.getOwnPropertyDescriptor(TestRuns.prototype, "create")?.value as TestRuns["create"];
  TestRuns.prototype.create = async function (...args) {
    if (when === "before") {
      await arrived();
    }
    await original.apply(this, args);
    await arrived();
  };
}

const hasResult = (request: unknown) => (request as { body: { data?: { result?: string } } }).body.data?.result !== undefined;

const isJob = inputs.engine === "job";
const steps: Record<Step, () => void> = {
  "before its record is made": () => stopAt(cluster.core, "createNamespacedConfigMap", "before"),
  "before anything runs": () => (isJob ? stopAt(cluster.core, "createNamespacedService", "before") : stopAtTestRun("before")),
  "when it was just created": () => (isJob ? stopAt(cluster.batch, "createNamespacedJob", "after") : stopAtTestRun("after")),
  "while it starts": () => undefined,
  "in the middle": () => undefined,
  "before its result is kept": () => stopAt(cluster.core, "patchNamespacedConfigMap", "before", hasResult),
  "before Pulumi's state is saved": () => stopAt(cluster.core, "patchNamespacedConfigMap", "after", hasResult),
};
if (step !== undefined) {
  steps[step]();
}

function progress(line: string): void {
  console.log(line);
  if ((step === "while it starts" && /starting pods/.test(line)) || (step === "in the middle" && /: running/.test(line))) {
    void arrived();
  }
}

void interruptible((stop) => conduct(cluster, inputs, progress, stop)).then((outcome) =>
  console.log(`OUTCOME ${JSON.stringify(outcome)}`),
);
