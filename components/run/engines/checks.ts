import type { Problems } from "../../errors";
import type { Script } from "../script/source";
import type { EngineName } from "../types";

/** What of a load test an engine may have to refuse. */
export interface EngineChoice {
  test: string;
  runners: number;
  engine: EngineName;
}

// The starter's requests are one argument of a command, which ends at 128 KiB (Linux' MAX_ARG_STRLEN); measured with addresses of 15 characters.
const startableRunners = 350;
// `<run>-initializer` labels pods and `<run>-service-350` names a Service, 63 characters each; a run's name is 9 longer than its test's.
const operatorNameLimit = 42;

/** Refuses what engine `operator` cannot do. */
export function checkEngine({ test, runners, engine }: EngineChoice, problems: Problems): void {
  if (engine !== "job" && engine !== "operator") {
    problems.add("engine", `"${String(engine)}" is not known. Use "job" or "operator".`);
  }
  if (engine !== "operator") {
    return;
  }
  if (runners > startableRunners) {
    problems.add(
      "runners",
      `${runners} is above the ${startableRunners} that k6-operator can start (its starter's command line ends there). ` +
        `Use engine: "job", or at most ${startableRunners}.`,
    );
  }
  if (test.length > operatorNameLimit) {
    problems.add(
      "name",
      `"${test}" has ${test.length} characters, at most ${operatorNameLimit} fit with k6-operator, which makes longer names of it. ` +
        'Choose a shorter name, or engine: "job".',
    );
  }
}

/** Refuses scripts that engine `operator` cannot start together. */
export function checkEngineScript(engine: EngineName, { isArchive }: Pick<Script, "isArchive">, problems: Problems): void {
  if (engine === "operator" && isArchive) {
    problems.add(
      "script",
      "is an archive, which runs without the harness: in it nothing can hold k6-operator back until setup() is done, " +
        'so that runners would start without its result. Use engine: "job", or give the script itself.',
    );
  }
}
