import { createHash } from "node:crypto";
import type { Problems } from "../errors";
import { maxRunners, testNameProblem } from "../kube/names";
import { ordered } from "../state-values";
import type { Inspection } from "./inspection";
import type { RunInputs } from "./types";

/** What makes a run what it is; another value in here is another run. How the cluster is reached and where reports go is not part of it. */
export type RunIdentity = Omit<
  RunInputs,
  | "kubeconfig"
  | "context"
  | "readToken"
  | "grafana"
  | "grafanaAuthorization"
  | "run"
  | "starterImage"
  | "scriptConfigMap"
  | "moreConfigMaps"
  | "scriptName"
  | "inspected"
  | "ttlSeconds"
  | "reportFolder"
>;

/** A digest over everything that makes a run what it is, sha256 in hex. */
export function planDigest(identity: RunIdentity): string {
  const { namespace, test, runners, engine, image, imagePullPolicy, scriptDigest, env, resources } = identity;
  const { script, load, secrets, deadlineSeconds, startDeadlineSeconds, thresholds, limits, trigger } = identity;
  const { queries, abortWhen, compare, placement, heal } = identity;
  const { writeUrl, bucket, org } = identity.store;
  const parts = {
    ...{ namespace, test, runners, engine, image, imagePullPolicy, scriptDigest, env, resources },
    ...{ script, load, secrets, deadlineSeconds, startDeadlineSeconds, thresholds, limits, trigger },
    ...{ queries, abortWhen, compare, placement, heal },
    store: { writeUrl, bucket, org },
  };
  return createHash("sha256")
    .update(JSON.stringify(ordered(parts)))
    .digest("hex");
}

/** The numbers and names of a load test that are known before anything runs. */
export interface Sizes {
  test: string;
  runners: number;
  env: Record<string, unknown>;
  deadlineSeconds: number;
  startDeadlineSeconds: number;
  ttlSeconds: number;
  startSkewMs: number;
  droppedIterationsRatio: number;
}

/** Checks names and numbers of a load test. */
export function checkSizes(sizes: Sizes, problems: Problems): void {
  const { test, runners, env, deadlineSeconds, startDeadlineSeconds, ttlSeconds, startSkewMs, droppedIterationsRatio } = sizes;
  const nameProblem = testNameProblem(test);
  if (nameProblem !== undefined) {
    problems.add("name", nameProblem);
  }
  if (!Number.isInteger(runners) || runners < 1 || runners > maxRunners) {
    problems.add("runners", `${runners} runners cannot be: give a whole number from 1 to ${maxRunners}.`);
  }
  for (const [name, seconds] of Object.entries({ deadlineSeconds, startDeadlineSeconds })) {
    if (!Number.isInteger(seconds) || seconds < 1) {
      problems.add(name, `${seconds} is not a whole number of seconds above 0.`);
    }
  }
  if (startDeadlineSeconds >= deadlineSeconds) {
    problems.add(
      "startDeadlineSeconds",
      `${startDeadlineSeconds} s leaves nothing of the ${deadlineSeconds} s of deadlineSeconds, which counts from the pods' start. ` +
        "Lower it, or raise deadlineSeconds.",
    );
  }
  // Below this a Job might be gone before its result is read.
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 60) {
    problems.add("ttlSeconds", `${ttlSeconds} is too short to judge a run: give at least 60 whole seconds.`);
  }
  if (!(startSkewMs >= 0)) {
    problems.add("limits.startSkewMs", `${startSkewMs} is not a number of milliseconds from 0.`);
  }
  if (!(droppedIterationsRatio >= 0 && droppedIterationsRatio <= 1)) {
    problems.add("limits.droppedIterationsRatio", `${droppedIterationsRatio} is not a share from 0 to 1.`);
  }
  checkEnvironmentNames(Object.keys(env), problems);
}

function checkEnvironmentNames(names: string[], problems: Problems): void {
  for (const name of names) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      problems.add(`env.${name}`, `"${name}" cannot name a variable: use letters, digits and "_", not starting with a digit.`);
    } else if (name.startsWith("PULUMI_K6_")) {
      problems.add(`env.${name}`, "names that start with PULUMI_K6_ belong to the harness. Choose another.");
    }
  }
}

/** Compares what k6 says about the script with what was asked for. */
export function checkInspection(
  { maxVUs, totalDurationSeconds }: Inspection,
  { runners, deadlineSeconds }: Pick<Sizes, "runners" | "deadlineSeconds">,
  problems: Problems,
): void {
  if (runners > maxVUs) {
    problems.add(
      "runners",
      `${runners} runners for ${maxVUs} VUs leaves some without work. Use at most ${maxVUs}, or raise the VUs.`,
    );
  }
  if (deadlineSeconds < totalDurationSeconds) {
    problems.add(
      "deadlineSeconds",
      `${deadlineSeconds} s ends before the script can: its scenarios take up to ${totalDurationSeconds} s with their graceful stop. ` +
        `Give at least ${Math.ceil(totalDurationSeconds)} s and time for start and setup, or shorten the script.`,
    );
  }
}
