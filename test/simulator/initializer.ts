import type * as k8s from "@kubernetes/client-node";
import { archiveArgs, argvOf, needsShell } from "./arguments";
import { jobOf, k6Container } from "./job";
import { runLabels } from "./labels";
import { scriptOf } from "./script";
import type { PodSettings, TestRun, TestRunSpec } from "./test-run";

export function initializerName(testRun: string): string {
  return `${testRun}-initializer`;
}

/** What the initializer's pod is made from: the runner's settings, but only where `spec.initializer` is left out altogether. */
export function initializerSettings({ initializer, runner = {} }: TestRunSpec): PodSettings {
  return initializer ?? runner;
}

/**
 * The Job that archives the script and prints what `k6 inspect` says of it: JSON and nothing else, or an exit code other than 0.
 *
 * @throws when the TestRun names no script
 */
export function initializerJob(testRun: TestRun): k8s.V1Job {
  const { metadata, spec } = testRun;
  const script = scriptOf(spec);
  const settings = initializerSettings(spec);
  const archive = `/tmp/${script.fileName}.archived.tar`;
  return jobOf(testRun, {
    name: initializerName(metadata.name),
    labels: runLabels(metadata.name),
    settings,
    defaultImage: "grafana/k6:latest",
    script,
    container: {
      ...k6Container(settings, script, spec.ports),
      command: ["sh", "-c", ...initializerCommand(spec, script.path, archive, settings.env ?? [])],
    },
  });
}

/** The shell's program and its arguments. With `spec.arguments` the shell reads the user's line; with `spec.args` it passes words on untouched. */
export function initializerCommand(spec: TestRunSpec, path: string, archive: string, env: readonly k8s.V1EnvVar[]): string[] {
  const args = archiveArgs(argvOf(spec));
  if (needsShell(spec)) {
    const variables = env.map(({ name }) => ` -e ${name}="\${${name}}"`).join("");
    return [shellProgram(archive, `k6 archive ${path}${variables} -O ${archive} ${args.join(" ")}`)];
  }
  // $(NAME) is filled in by the kubelet.
  const variables = env.flatMap(({ name }) => ["-e", `${name}=$(${name})`]);
  return [shellProgram('"$0"', '"$@"'), archive, "k6", "archive", path, ...variables, "-O", archive, ...args];
}

/** k6 logs to a file of its own, so that standard output holds the JSON alone; an error in the log fails the Job. */
function shellProgram(archive: string, archiveCommand: string): string {
  return [
    `command -v k6 >/dev/null || { echo 'level=error msg="k6 executable not found in PATH; initializer image must contain k6"' >&2; exit 127; }`,
    "log=/tmp/k6logs",
    `mkdir -p "$(dirname ${archive})" || exit 1`,
    `${archiveCommand} 2>"$log" || { cat "$log"; exit 1; }`,
    `k6 inspect --execution-requirements ${archive} 2>"$log" || { cat "$log"; exit 1; }`,
    `if grep 'level.*error' "$log"; then exit 1; fi`,
  ].join("\n");
}
