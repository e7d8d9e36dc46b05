import type { V1Pod } from "@kubernetes/client-node";
import { layoutOf } from "../../../components/run/engines/layout";
import type { RunInputs } from "../../../components/run/types";
import type { Bench } from "../engines/bench";
import type { Cause } from "./cause";
import { aborting, burning, endless, greedy, lasting, marking, slow, strict } from "./scripts";

/** What ends a runner, or a run, once its load runs. */
export const causesAtWork: Cause[] = [
  {
    title: "a runner needs more memory than its limit",
    script: greedy,
    since: "end",
    names: /pod \S+ was killed for want of memory \(limit 128Mi\)/,
    remedy: /Raise resources\.memory/,
  },
  {
    title: "a runner's pod is deleted",
    script: lasting,
    change: () => ({ runners: 2 }),
    act: async (bench, inputs) => {
      const { metadata } = await lastRunner(bench, inputs);
      await bench.cluster.core.deleteNamespacedPod({ namespace: bench.namespace, name: metadata!.name! });
    },
    names: /runner 1 of 2 was lost: pod \S+ was deleted on node/,
    remedy: /Change trigger to run the test again/,
  },
  {
    title: "a runner is evicted, as by a drain of its node",
    script: lasting,
    change: () => ({ runners: 2 }),
    act: async (bench, inputs) => {
      const { namespace } = bench;
      const name = (await lastRunner(bench, inputs)).metadata!.name!;
      // The run's own budget refuses it; whoever means it takes that away first.
      await bench.cluster.policy.deleteNamespacedPodDisruptionBudget({ namespace, name: inputs.run });
      await bench.cluster.core.createNamespacedPodEviction({ namespace, name, body: { metadata: { name, namespace } } });
    },
    names: /runner 1 of 2 was lost: pod \S+ was evicted on node/,
    remedy: /Keep them from the node while a run goes on/,
  },
  {
    title: "a liveness probe kills a runner",
    place: "probed",
    script: endless,
    since: "end",
    names: /pod \S+ was killed by its liveness probe on node/,
    remedy: /raise resources\.cpu, use more runners, or take the probe out/,
  },
  {
    title: "the script takes longer than deadlineSeconds",
    script: endless,
    change: () => ({ deadlineSeconds: 10 }),
    since: "end",
    names: /pod \S+ was stopped at its deadline of 10 s/,
    remedy: /Raise deadlineSeconds, or shorten the script/,
  },
  {
    title: "runners have too few VUs for the rate that the script asks for",
    script: slow,
    since: "end",
    names: /run \S+: \d+ of \d+ iterations \([\d.]+ %\) were dropped/,
    remedy: /Raise maxVUs or the number of runners, or lower the rate/,
  },
  {
    title: "a runner has too little CPU for its script",
    script: burning,
    since: "end",
    names: /runner 0 of 1 \(pod \S+\) was throttled in \d+ of \d+ CPU periods of its load/,
    remedy: /Raise resources\.cpu, or use more runners/,
  },
  {
    title: "a threshold of the script fails on a runner",
    script: strict,
    since: "end",
    verdict: "fail",
    names: /runner 0 of 1 .*thresholds on metrics 'http_req_duration' have been crossed/,
    remedy: /Look at the target/,
  },
  {
    title: "the script calls test.abort()",
    script: aborting,
    since: "end",
    verdict: "fail",
    names: /runner 0 of 1 .*test aborted: the shop is closed at shop\.js:\d+/,
    remedy: /Look at what it met there/,
  },
  {
    title: "the script calls test.fail()",
    script: marking,
    since: "end",
    verdict: "fail",
    names: /runner 0 of 1 .*the total is wrong/,
    remedy: /Look at what it met there/,
  },
];

async function lastRunner(bench: Bench, inputs: RunInputs): Promise<V1Pod> {
  const pods = await bench.runnerPods(inputs);
  return pods.find((pod) => layoutOf(inputs.engine).indexOf(inputs.run, pod) === inputs.runners - 1)!;
}
