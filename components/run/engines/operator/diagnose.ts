import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { refusal } from "../../diagnose/refusal";
import { isHopeless, waitingCause } from "../../diagnose/waiting";
import type { RunFacts } from "../../observe";
import { lastWords } from "../../runner-log";
import { inAuthorsWords } from "../../script/places";
import type { RunInputs } from "../../types";
import { retriedPatienceSeconds, runnerSuspicions, type Suspicion } from "../suspicion";
import { initializerName, runnerIndex, starterName } from "./layout";

// Seconds after which k6-operator goes on no more, from runs of the real one: healthy it takes 10 ms, 80 ms and 0.5 s; 19 s, 4.6 s and 1 s
// are the longest seen, the first across a restart of the operator.
const unseenSeconds = 20;
const initializedSeconds = 15;
const starterSeconds = 15;

/** What keeps k6-operator from starting a run: it says nothing itself, so this is read from what it left undone. */
export function operatorSuspicions(inputs: RunInputs, facts: RunFacts): Suspicion[] {
  return [...stageSuspicions(inputs, facts), ...helperSuspicions(inputs, facts), ...runnerSuspicions(inputs, facts)];
}

function stageSuspicions(inputs: RunInputs, facts: RunFacts): Suspicion[] {
  const { run, namespace, runners } = inputs;
  const { testRun } = facts;
  if (testRun === undefined) {
    return [];
  }
  if (testRun.isDeleted) {
    return [
      {
        about: "deleted",
        patienceSeconds: 0,
        cause: `run ${run} was ended: somebody deleted its TestRun ${namespace}/${run}. Change trigger to run the test again.`,
      },
    ];
  }
  switch (testRun.stage) {
    case "":
      return [
        {
          about: "stage",
          patienceSeconds: unseenSeconds,
          cause:
            `run ${run}: k6-operator did not react to TestRun ${namespace}/${run} within ${unseenSeconds} s. It is not there, does not watch ` +
            `namespace ${namespace}, or is held up by another run. Look at its pod and its WATCH_NAMESPACES, or use engine: "job".`,
        },
      ];
    case "initialized": {
      const made = runnerJobs(run, facts).length;
      return [
        {
          about: `initialized ${made}`,
          patienceSeconds: initializedSeconds,
          cause:
            `run ${run}: k6-operator made ${made} of ${runners} runner Jobs and got no further in ${initializedSeconds} s. A quota of ${namespace} ` +
            "(count/jobs.batch, count/services) refuses more, or it lacks the right to create them: its log says which.",
        },
      ];
    }
    case "created":
      return allReady(inputs, facts) && jobOf(starterName(run), facts) === undefined
        ? [
            {
              about: "no starter",
              patienceSeconds: starterSeconds,
              cause:
                `run ${run}: all ${runners} runners are ready, and k6-operator did not make Job ${starterName(run)} within ${starterSeconds} s. ` +
                `A quota or webhook of ${namespace} refuses it, or a network policy keeps the operator from port 6565 of the runners.`,
            },
          ]
        : [];
    case "error":
      return [{ about: "error", patienceSeconds: 0, cause: `run ${run}: k6-operator ended it before any load.` }];
    default:
      return [];
  }
}

/** The pods that are no runners. */
function helperSuspicions({ run }: RunInputs, facts: RunFacts): Suspicion[] {
  const starting = ["started", "stopped", "finished"].includes(facts.testRun?.stage ?? "");
  return [
    ...podSuspicions(initializerName(run), facts),
    ...podSuspicions(starterName(run), facts),
    ...(starting && jobOf(starterName(run), facts) !== undefined
      ? [
          {
            about: "starter",
            patienceSeconds: starterSeconds,
            cause:
              `run ${run}: its runners were not started ${starterSeconds} s after Job ${starterName(run)} was there to do it. ` +
              "Look whether a network policy lets its pod reach port 6565 of the runners.",
          },
        ]
      : []),
  ];
}

function podSuspicions(job: string, facts: RunFacts): Suspicion[] {
  const pod = podOf(job, facts);
  const refused = pod === undefined ? refusal(job, facts.warnings) : undefined;
  if (refused !== undefined) {
    return [{ about: job, patienceSeconds: retriedPatienceSeconds, cause: `Job ${job} has no pod: ${refused}` }];
  }
  return pod !== undefined && isHopeless(pod, facts.warnings)
    ? [{ about: job, patienceSeconds: retriedPatienceSeconds, cause: waitingCause(pod, facts.warnings, facts.room) }]
    : [];
}

/** Other runs that may be why the operator did not react to one: it does one thing at a time. */
export function rivalCauses(namespace: string, rivals: readonly { name: string; stage: string }[]): string[] {
  return rivals
    .slice(0, 3)
    .map(
      ({ name, stage }) =>
        `TestRun ${namespace}/${name}, in stage ${stage}, may hold k6-operator up, which does one thing at a time: ` +
        `delete it if its runners do not answer on port 6565.`,
    );
}

/** Why the operator ended a run in its first stage, by what k6 said as it read the script. */
export function initializerCause({ metadata, status }: V1Pod, log: string, { runners, scriptName }: RunInputs): string {
  const pod = metadata?.name;
  if (status?.containerStatuses?.[0]?.state?.terminated?.exitCode === 0) {
    return `k6 could read the script (pod ${pod}), and k6-operator refused it: it has fewer VUs than the ${runners} runners. Lower runners, or raise its VUs.`;
  }
  const lines = log.split("\n").filter((line) => line !== "");
  const said = lastWords(lines, scriptName) ?? inAuthorsWords(lines.at(-1) ?? "nothing", scriptName);
  return `k6 in the initializer (pod ${pod}) could not read the script: ${said}. Correct the script.`;
}

/** The pod of one of the operator's Jobs. */
export function podOf(job: string, { pods }: Pick<RunFacts, "pods">): V1Pod | undefined {
  return pods.find(({ metadata }) => metadata?.labels?.["job-name"] === job);
}

/** Whether every runner says that it may be started. */
export function allReady({ run, runners }: RunInputs, { pods }: Pick<RunFacts, "pods">): boolean {
  const ready = pods.filter(
    (pod) =>
      runnerIndex(run, pod.metadata?.labels?.["job-name"]) !== undefined &&
      pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
  );
  return ready.length === runners;
}

function runnerJobs(run: string, { jobs = [] }: RunFacts): V1Job[] {
  return jobs.filter(({ metadata }) => runnerIndex(run, metadata?.name) !== undefined);
}

function jobOf(name: string, { jobs = [] }: RunFacts): V1Job | undefined {
  return jobs.find(({ metadata }) => metadata?.name === name);
}
