/** What the supervisor knows of a daemon, as it writes it to `daemons.state.json`. */
export interface DaemonState {
  name: string;
  /** Process id in the lab's own namespace. @default not running */
  pid?: number;
  /** When it was last started, in ms since the epoch. */
  since?: number;
  /** How often it ended and was started again. */
  restarts: number;
  /** Exit code or signal of the last end. */
  lastEnd?: string;
}
