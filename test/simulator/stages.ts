import { statusOf } from "../../components/kube/cluster";
import { argvOf, isAcceptable } from "./arguments";
import type { SimulatorApi } from "./api";
import { cloudRun, initialConditions, running, secondsSince, withCondition } from "./conditions";
import { allEnded, allRunning, hasEnded, hasFailed, inspectProblem } from "./decisions";
import { initializerJob, initializerName, initializerSettings } from "./initializer";
import type { Outcome } from "./queue";
import { isReady, statusUrl } from "./readiness";
import { runnerJob, runnerName, runnerService } from "./runner";
import { starterJob } from "./starter";
import type { Condition, Stage, TestRun, TestRunStatus } from "./test-run";

/** What a stage's work needs. */
export interface StageContext {
  api: SimulatorApi;
  /** Writes what is new in the status; the stage only forward. */
  write: (testRun: TestRun, status: TestRunStatus) => Promise<void>;
  log: (message: string) => void;
  blockedStarter: boolean;
  signal: AbortSignal;
}

type StageWork = (context: StageContext, testRun: TestRun) => Promise<Outcome>;

/** What the operator does with a run in each stage. */
export const stageWork: Record<Stage, StageWork> = {
  "": begin,
  initialization: awaitInitializer,
  initialized: createRunners,
  created: startRunners,
  started: awaitRunners,
  stopped: finish,
  finished: cleanUp,
  error: cleanUp,
};

async function begin({ api, write, log }: StageContext, testRun: TestRun): Promise<Outcome> {
  if (!isAcceptable(argvOf(testRun.spec))) {
    log("Invalid TestRun: encountered an invalid value for k6 CLI argument");
    await write(testRun, { stage: "error" });
    return "done";
  }
  await write(testRun, { conditions: initialConditions(new Date()) });
  if (initializerSettings(testRun.spec).disabled === true) {
    await write(testRun, { stage: "initialized" });
    return "done";
  }
  // Written first: an initializer that cannot be created is not tried again.
  await write(testRun, { stage: "initialization" });
  await api.createJob(initializerJob(testRun));
  return { afterSeconds: 5 };
}

async function awaitInitializer(context: StageContext, testRun: TestRun): Promise<Outcome> {
  let problem: string | undefined;
  try {
    const pod = await context.api.podOfJob(testRun, initializerName(testRun.metadata.name));
    if (!hasEnded(pod)) {
      return { afterSeconds: 5 };
    }
    problem = hasFailed(pod)
      ? "initializer job has failed"
      : inspectProblem(await context.api.log(pod), testRun.spec.parallelism);
  } catch (error) {
    // The operator ends the run here whatever the error, also one that would have passed.
    problem = String(error);
  }
  if (problem !== undefined) {
    context.log(problem);
    await context.write(testRun, { stage: "error" });
    return "done";
  }
  await context.write(testRun, { conditions: changed(testRun, cloudRun, "False") });
  await context.write(testRun, { stage: "initialized" });
  return "done";
}

async function createRunners({ api, write, log }: StageContext, testRun: TestRun): Promise<Outcome> {
  const { name, namespace } = testRun.metadata;
  const first = runnerName(name, 1);
  if ((await api.job(namespace, first)) !== undefined) {
    const message = `job with the name ${first} exists; make sure you've deleted your previous run`;
    log(message);
    const age = secondsSince(testRun.status, cloudRun, new Date());
    if (age === undefined || age <= 30) {
      return { afterSeconds: 10 };
    }
    throw new Error(message);
  }
  for (let index = 1; index <= testRun.spec.parallelism; index++) {
    await api.createJob(runnerJob(testRun, index));
    await api.createService(runnerService(testRun, index));
  }
  await write(testRun, { stage: "created" });
  return "again";
}

async function startRunners({ api, write, log, blockedStarter, signal }: StageContext, testRun: TestRun): Promise<Outcome> {
  if (!allRunning(await api.runnerPods(testRun), testRun.spec.parallelism)) {
    return { afterSeconds: 1 };
  }
  const addresses: string[] = [];
  for (const service of await api.runnerServices(testRun)) {
    const address = service.spec?.clusterIP ?? "";
    if (!(await isReady(statusUrl(address), signal))) {
      throw new Error(`${service.metadata?.name} service is not ready`);
    }
    addresses.push(address);
  }
  try {
    await api.createJob(starterJob(testRun, addresses, { blocked: blockedStarter }));
  } catch (error) {
    // A starter that is there already is taken for this run's own, and nobody is resumed.
    if (statusOf(error) !== 409) {
      log(`Failed to launch k6 test starter: ${String(error)}`);
      return { afterSeconds: 1 };
    }
  }
  await write(testRun, { stage: "started", conditions: changed(testRun, running, "True") });
  return "again";
}

async function awaitRunners({ api, write }: StageContext, testRun: TestRun): Promise<Outcome> {
  if (!allEnded(await api.runnerJobs(testRun), testRun.spec.parallelism)) {
    return { afterSeconds: 15 };
  }
  await write(testRun, { stage: "stopped", conditions: changed(testRun, running, "False") });
  return "done";
}

async function finish({ write }: StageContext, testRun: TestRun): Promise<Outcome> {
  await write(testRun, { stage: "finished" });
  return { afterSeconds: 1 };
}

async function cleanUp({ api }: StageContext, testRun: TestRun): Promise<Outcome> {
  if (testRun.spec.cleanup === "post") {
    await api.deleteTestRun(testRun);
  }
  return "done";
}

function changed({ status }: TestRun, type: string, to: Condition["status"]): Condition[] {
  return withCondition(status?.conditions ?? [], type, to, new Date());
}
