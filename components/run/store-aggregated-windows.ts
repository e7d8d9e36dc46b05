import { aggregationSeconds } from "../metrics/gateway/names";
import type { StoreMode } from "./types";

const stepMs = aggregationSeconds * 1000;

/** k6 sends what a second brought at the end of it, and the gateway adds up by when it came: an earlier step would lack the run's first samples. */
const sendingMs = 1_500;

/**
 * Where windows of a run that started at `start` begin. Behind an aggregating gateway that is with a step of its clock: a window that cuts a step
 * would have the half of its samples, or those of others.
 */
export function firstWindow(start: Date, mode: StoreMode | undefined): Date {
  return mode === "aggregated" ? new Date(Math.ceil((start.getTime() + sendingMs) / stepMs) * stepMs) : start;
}

/** Whether windows of that length hold whole steps of the gateway. */
export function fitsSteps(seconds: number, mode: StoreMode | undefined): boolean {
  return mode !== "aggregated" || seconds % aggregationSeconds === 0;
}

/** The next length that does. */
export function wholeSteps(seconds: number, mode: StoreMode | undefined): number {
  return fitsSteps(seconds, mode) ? seconds : Math.ceil(seconds / aggregationSeconds) * aggregationSeconds;
}
