import { PatchStrategy, setHeaderOptions, type V1Job } from "@kubernetes/client-node";
import { type Cluster, orUndefined } from "../../../kube/cluster";
import { retried } from "../../../kube/retry";
import type { TestRuns } from "../../../kube/test-runs";
import type { RunFacts } from "../../observe";
import type { RunInputs } from "../../types";
import { graceSeconds } from "../pod-parts";
import { allReady } from "./diagnose";
import { runnerIndex, starterName } from "./layout";

// The operator is woken by the pods' getting ready; a node may then need a moment more to route to them.
const nudgeAfterMs = 2000;

/** Gives the Jobs that k6-operator makes the limits it has no fields for, and wakes it where it would sleep on. */
export class Tender {
  private readonly limited = new Set<string>();
  private readySince: number | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly testRuns: TestRuns,
    private readonly inputs: RunInputs,
  ) {}

  async tend(facts: RunFacts): Promise<void> {
    await Promise.all([...unlimited(this.limited, facts).map((job) => this.limit(job)), this.nudge(facts)]);
  }

  private async limit(job: string): Promise<void> {
    const { namespace } = this.inputs;
    const body = { spec: jobLimits(this.inputs, job) };
    const asMerge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    await retried(() => orUndefined(this.cluster.batch.patchNamespacedJob({ namespace, name: job, body }, asMerge)));
    this.limited.add(job);
  }

  /** When it could not reach a runner at once, it asks again after a pause that doubles; any change of the TestRun makes it ask now. */
  private async nudge(facts: RunFacts): Promise<void> {
    const { run, namespace } = this.inputs;
    const waits =
      facts.testRun?.stage === "created" &&
      allReady(this.inputs, facts) &&
      facts.jobs?.some(({ metadata }) => metadata?.name === starterName(run)) === false;
    if (!waits) {
      this.readySince = undefined;
      return;
    }
    this.readySince ??= Date.now();
    if (Date.now() - this.readySince >= nudgeAfterMs) {
      this.readySince = Date.now();
      await this.testRuns.annotate(namespace, run, { "pulumi-k6/nudged": new Date().toISOString() });
    }
  }
}

/** Names of Jobs without a deadline that are not in `limited`. */
function unlimited(limited: ReadonlySet<string>, { jobs = [] }: RunFacts): string[] {
  const isOpen = ({ metadata, spec }: V1Job) => spec?.activeDeadlineSeconds === undefined && !limited.has(metadata?.name ?? "");
  return jobs.filter(isOpen).map(({ metadata }) => metadata?.name ?? "");
}

/** Seconds that k6 has for its end in a runner that has come to its deadline by itself: 5 less than a pod's grace, for its start. */
export const endGraceSeconds = graceSeconds - 5;

/**
 * The limits of one of a run's Jobs. Runners end by themselves at their deadline (operator.sh), and leave what they have to say; their Jobs
 * end those that do not, and those that never began. What has not come up by the start deadline cannot start by itself later, when its
 * obstacle is gone.
 */
export function jobLimits(
  { run, deadlineSeconds, startDeadlineSeconds, ttlSeconds }: RunInputs,
  job: string,
): { activeDeadlineSeconds: number; ttlSecondsAfterFinished: number } {
  const isRunner = runnerIndex(run, job) !== undefined;
  return {
    activeDeadlineSeconds: isRunner ? deadlineSeconds + graceSeconds : startDeadlineSeconds,
    ttlSecondsAfterFinished: ttlSeconds,
  };
}
