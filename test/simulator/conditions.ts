import { type Condition, type Stage, stages, type TestRunStatus } from "./test-run";

/** The only condition that says something about a run without Grafana Cloud: `True` while runners are thought to run. */
export const running = "TestRunRunning";

/** Known as not a cloud run once the initializer has been read; when that was decides how long an existing runner Job is waited for. */
export const cloudRun = "CloudTestRun";

type Status = Condition["status"];

const reasons: Record<string, string> = {
  [`${running}Unknown`]: "TestRunPreparation",
  [`${cloudRun}Unknown`]: "TestRunTypeUnknown",
};

/** The conditions of a run that the operator has just seen. */
export function initialConditions(now: Date): Condition[] {
  const known: [string, Status][] = [
    [cloudRun, "Unknown"],
    [running, "Unknown"],
    ["TeardownExecuted", "False"],
    ["CloudTestRunAborted", "False"],
    ["CloudPLZTestRun", "False"],
  ];
  return known.map(([type, status]) => condition(type, status, now));
}

/** Sets one condition; its time changes only with its status. */
export function withCondition(conditions: readonly Condition[], type: string, status: Status, now: Date): Condition[] {
  const old = conditions.find((candidate) => candidate.type === type);
  if (old?.status === status) {
    return [...conditions];
  }
  return [...conditions.filter((candidate) => candidate.type !== type), condition(type, status, now)];
}

/** Seconds since a condition last changed; `undefined` when there is none or its status is unknown. */
export function secondsSince(status: TestRunStatus | undefined, type: string, now: Date): number | undefined {
  const found = status?.conditions?.find((candidate) => candidate.type === type);
  return found === undefined || found.status === "Unknown"
    ? undefined
    : (now.getTime() - Date.parse(found.lastTransitionTime)) / 1000;
}

function condition(type: string, status: Status, now: Date): Condition {
  return {
    type,
    status,
    reason: reasons[type + status] ?? type + status,
    message: "",
    lastTransitionTime: `${now.toISOString().slice(0, 19)}Z`,
  };
}

/** Whether a run in stage `from` may be written as being in `to`: a late write never takes it back, and an end is an end. */
export function mayFollow(from: Stage, to: Stage): boolean {
  return from !== "finished" && from !== "error" && stages.indexOf(to) > stages.indexOf(from);
}
