import { type Problem, Problems } from "../errors";
import { imageProblem, parseImage, testedVersion, versionOfTag, versionProblem } from "./image";
import type { K6OperatorArgs } from "./operator";
import type { OperatorSettings } from "./settings";
import { OperatorWatch } from "./watch";

/** What an adopted operator's own installer decides. */
const deploymentOnly = [
  "image",
  "expectedRunners",
  "resources",
  "replicas",
  "priorityClassName",
  "imagePullSecrets",
  "nodeSelector",
  "tolerations",
  "manageCrds",
  "apiServer",
] as const satisfies readonly (keyof OperatorSettings)[];

/** Refuses what cannot work, all at once. @throws {ArgumentError} */
export function checkOperatorArgs(name: string, args: K6OperatorArgs): void {
  const problems = new Problems();
  checkWatch(args, problems);
  checkSettings(args, problems);
  problems.throwIfAny(`operator ${name}`);
}

/** What is wrong with how an operator shall be, each with its property. */
export function operatorProblems(settings: OperatorSettings): readonly Problem[] {
  const problems = new Problems();
  checkSettings(settings, problems);
  return problems.all;
}

function checkSettings(args: OperatorSettings, problems: Problems): void {
  if (args.adopt === true) {
    checkVersion("version", args.version, problems);
    for (const key of deploymentOnly.filter((key) => args[key] !== undefined)) {
      problems.add(
        key,
        "is decided by whoever installed the operator that `adopt: true` uses. Leave it out, or leave out `adopt`.",
      );
    }
  } else {
    checkImage(args, problems);
    checkCount("replicas", args.replicas, 1, problems);
    checkCount("expectedRunners", args.expectedRunners, 0, problems);
  }
  const wrongStarter = args.starterImage === undefined ? undefined : imageProblem(args.starterImage, "starter");
  if (wrongStarter !== undefined) {
    problems.add("starterImage", wrongStarter);
  }
  checkCount("readySeconds", args.readySeconds, 1, problems);
}

/** The version that an operator runs, by its arguments: told, or in the image's tag. */
export function versionOf({ image, version }: { image: string; version?: string }): string {
  return version ?? versionOfTag(parseImage(image)?.tag ?? "") ?? testedVersion;
}

function checkWatch({ watch, watchNamespaces }: K6OperatorArgs, problems: Problems): void {
  const allowed: string[] = Object.values(OperatorWatch);
  if (watch !== undefined && !allowed.includes(watch)) {
    problems.add("watch", `"${String(watch)}" is not known. Use ${allowed.map((value) => `"${value}"`).join(" or ")}.`);
  }
  if (watch === OperatorWatch.cluster && watchNamespaces !== undefined) {
    problems.add("watchNamespaces", 'says less than `watch: "cluster"`, which is all namespaces. Use one of the two.');
  }
  if (watchNamespaces?.length === 0) {
    problems.add(
      "watchNamespaces",
      "is empty: the operator would watch nothing. Name a namespace, or leave it out for the operator's own.",
    );
  }
  const plain = (watchNamespaces ?? []).filter((value) => typeof value === "string");
  const doubles = new Set(plain.filter((value, index) => plain.indexOf(value) !== index));
  doubles.forEach((value) => problems.add("watchNamespaces", `has "${value}" twice. Name it once.`));
}

function checkImage({ image, version }: OperatorSettings, problems: Problems): void {
  const wrongImage = image === undefined ? undefined : imageProblem(image, "controller");
  if (wrongImage !== undefined) {
    problems.add("image", wrongImage);
  }
  const tagged = image === undefined ? undefined : versionOfTag(parseImage(image)?.tag ?? "");
  if (image !== undefined && wrongImage === undefined && version === undefined && tagged === undefined) {
    problems.add(
      "version",
      `is missing: "${image}" does not tell which k6-operator it is. Say it, e.g. version: "${testedVersion}".`,
    );
  }
  if (version !== undefined && tagged !== undefined && version !== tagged) {
    problems.add(
      "version",
      `is "${version}", but the image's tag says ${tagged}. Leave it out, or name the image by its digest alone.`,
    );
  }
  checkVersion(version === undefined ? "image" : "version", version ?? tagged, problems);
}

function checkVersion(path: string, version: string | undefined, problems: Problems): void {
  const wrong = version === undefined ? undefined : versionProblem(version);
  if (wrong !== undefined) {
    problems.add(path, wrong);
  }
}

function checkCount(key: keyof OperatorSettings, value: number | undefined, least: number, problems: Problems): void {
  if (value !== undefined && (!Number.isInteger(value) || value < least)) {
    problems.add(key, `${value} is not a whole number of ${least} or more. Use e.g. ${Math.max(least, 1)}.`);
  }
}
