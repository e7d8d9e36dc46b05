/** How runs are compared, and what comes out. Plain JSON: it travels through Pulumi's state and the files beside a report. */

/** With what a run is compared, and how. */
export interface CompareSettings {
  /** Result of an earlier run (`<run>.json`), or a folder with results of several, relative to the program. @default none */
  baseline?: string;
  /** Compare with this many of the newest runs of the same kind in `reportFolder`. @default none */
  lastRuns?: number;
  /** Relative difference below which nothing is called one. @default 0.05 */
  minimumEffect?: number;
  /** Chance of calling equal windows different, per figure. @default 0.01 */
  significance?: number;
  /** Makes a regression a `fail`, and a pinned baseline that cannot be compared with an `invalid`. @default false */
  gate?: boolean;
}

/** What makes runs comparable, as short texts by name. */
export type Likeness = Record<string, string>;

/** How a run stands to earlier ones. */
export interface Comparison {
  outcome: "regression" | "improvement" | "no difference found" | "not comparable";
  /** A sentence on the outcome. */
  reason: string;
  /** Sentences on what to keep in mind. */
  caveats: string[];
  /** Names of the runs it is compared with. */
  baselines: string[];
  figures: ComparedFigure[];
}

/** One figure of a run against the same of its baselines. */
export interface ComparedFigure {
  name: string;
  /** `ms`, or nothing for a share. */
  unit: "ms" | "";
  baseline: number;
  candidate: number;
  /** Relative difference, of a share the difference itself; above 0 is worse. */
  change: number;
  /** Of the rank test over windows, or of the test of two shares. */
  pValue: number;
  /** Differences between runs that were alike. `null` where there are too few runs to tell. */
  noise: number | null;
  /** The smallest difference that this comparison could have found. */
  detectable: number;
  outcome: "worse" | "better" | "same";
}

/** Response times in short windows of equal length, milliseconds: what runs are compared by. A window without a request is left out. */
export interface ComparedWindows {
  windowSeconds: number;
  p50: number[];
  p95: number[];
}
