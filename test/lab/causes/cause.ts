import type { EngineName, RunInputs, Verdict } from "../../../components/run/types";
import type { Stage } from "../../simulator/test-run";
import type { Bench } from "../engines/bench";
import type { PlaceName } from "./places";

/** Something that goes wrong with a run: how it is caused, and what a person must be able to read of it. A row of docs/what-can-go-wrong.md. */
export interface Cause {
  /** What is wrong, as the page has it. */
  title: string;
  /** Where it exists. @default both engines */
  engine?: EngineName;
  /** @default "open" */
  place?: PlaceName;
  /** @default a few seconds of requests */
  script?: string;
  /** Of inputs of one runner. */
  change?: (inputs: RunInputs) => Partial<RunInputs>;
  /** Makes it happen once the load runs; by then it has. */
  act?: (bench: Bench, inputs: RunInputs) => Promise<void>;
  /**
   * When it is caused, where it is not by `act`: as the run is begun, as its first runner ends, or as its TestRun comes to a stage.
   *
   * @default "begin"
   */
  since?: "begin" | "end" | Stage;
  /** @default "invalid" */
  verdict?: Verdict;
  /** The object that the sentence names; the sentence is found by it. */
  names: RegExp;
  /** What to do, as the sentence says it. */
  remedy: RegExp;
}
