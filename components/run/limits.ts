/** Limits past which a run is not believed. */
export interface ValidityLimits {
  /** Largest difference between the first and the last runner's start, milliseconds. @default 1000 */
  startSkewMs: number;
  /** Largest share of iterations that may be dropped. @default 0 */
  droppedIterationsRatio: number;
  /** Largest share of a metric's samples that may be lost between runners and store. @default 0 */
  lostSamplesRatio?: number;
  /** Largest share of the CPU periods of its load (100 ms each) in which a runner may be held up by its CPU limit. @default 0.25 */
  throttledPeriodsRatio?: number;
}
