import type { RunnerLayout } from "../layout";

const indexAnnotation = "batch.kubernetes.io/job-completion-index";

/** One Indexed Job of the run's name, whose pods carry their index. */
export const jobLayout: RunnerLayout = {
  indexOf: (_run, { metadata }) => {
    const index = metadata?.annotations?.[indexAnnotation];
    return index === undefined ? undefined : Number(index);
  },
  jobOf: (run) => run,
  isPast: (_run, [job], index) => hasIndex(job?.status?.failedIndexes, index) || hasIndex(job?.status?.completedIndexes, index),
};

/** Whether a list of indexes as Kubernetes writes it (`"1,3-5"`) has this one. */
export function hasIndex(list: string | undefined, index: number): boolean {
  if (list === undefined || list === "") {
    return false;
  }
  return list.split(",").some((part) => {
    const [from, to = from] = part.split("-").map(Number);
    return index >= from && index <= to;
  });
}
