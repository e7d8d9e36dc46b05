import { durationSeconds, type LoadShape } from "../script/load-shape";

/**
 * What is left of a load some seconds after its start, as it would have gone on; `undefined` where nothing is, or where it cannot be told:
 * of iterations that all runners share nobody knows how many a lost one has made.
 */
export function remainingLoad({ vus, duration, iterations, stages }: LoadShape, elapsedSeconds: number): LoadShape | undefined {
  if (stages !== undefined) {
    return remainingStages(vus ?? 1, stages, elapsedSeconds);
  }
  if (duration === undefined || iterations !== undefined) {
    return undefined;
  }
  const left = durationSeconds(duration) - elapsedSeconds;
  return left <= 0 ? undefined : { ...(vus === undefined ? {} : { vus }), duration: text(left) };
}

function remainingStages(
  vus: number,
  [stage, ...later]: NonNullable<LoadShape["stages"]>,
  elapsedSeconds: number,
): LoadShape | undefined {
  if (stage === undefined) {
    return undefined;
  }
  const seconds = durationSeconds(stage.duration);
  if (elapsedSeconds >= seconds) {
    return remainingStages(stage.target, later, elapsedSeconds - seconds);
  }
  const reached = Math.round(vus + (stage.target - vus) * (elapsedSeconds / seconds));
  return { vus: reached, stages: [{ duration: text(seconds - elapsedSeconds), target: stage.target }, ...later] };
}

function text(seconds: number): string {
  return `${Math.round(seconds * 1000)}ms`;
}
