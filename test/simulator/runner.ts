import type * as k8s from "@kubernetes/client-node";
import { argvOf, needsShell } from "./arguments";
import { apiPort, isTrue, jobOf, k6Container, metadataOf } from "./job";
import { runnerLabels } from "./labels";
import { type Script, scriptOf } from "./script";
import { ownerOf, type TestRun } from "./test-run";

export function runnerName(testRun: string, index: number): string {
  return `${testRun}-${index}`;
}

/** What the kubelet asks where the user gives no probe of their own, with Kubernetes' own periods. */
const defaultProbe: k8s.V1Probe = { httpGet: { path: "/v1/status", port: apiPort, scheme: "HTTP" } };

/**
 * The Job of runner `index`, counted from 1.
 *
 * @throws when the TestRun names no script
 */
export function runnerJob(testRun: TestRun, index: number): k8s.V1Job {
  const { metadata, spec } = testRun;
  const settings = spec.runner ?? {};
  const script = scriptOf(spec);
  const name = runnerName(metadata.name, index);
  return jobOf(testRun, {
    name,
    labels: runnerLabels(metadata.name),
    settings,
    defaultImage: "grafana/k6:latest",
    script,
    container: {
      ...k6Container(settings, script, spec.ports),
      command: guarded(runnerCommand(testRun, index, script), script, needsShell(spec)),
      livenessProbe: settings.livenessProbe ?? defaultProbe,
      readinessProbe: settings.readinessProbe ?? defaultProbe,
    },
    pod: { hostname: name, ...(spec.separate === true ? { affinity: apart } : {}) },
  });
}

/** The Service in front of runner `index`: the operator and the starter reach the runner by its address. */
export function runnerService(testRun: TestRun, index: number): k8s.V1Service {
  const { name, namespace } = testRun.metadata;
  return {
    metadata: {
      name: `${name}-service-${index}`,
      namespace,
      ownerReferences: [ownerOf(testRun)],
      ...metadataOf(runnerLabels(name), testRun.spec.runner ?? {}),
    },
    spec: {
      selector: { "job-name": runnerName(name, index) },
      ports: [{ name: "http-api", port: apiPort, protocol: "TCP" }],
    },
  };
}

function runnerCommand({ metadata, spec }: TestRun, index: number, script: Script): string[] {
  return [
    "k6",
    "run",
    ...(isTrue(spec.quiet) ? ["--quiet"] : []),
    ...segmentFlags(index, spec.parallelism),
    ...argvOf(spec),
    script.path,
    `--address=0.0.0.0:${apiPort}`,
    ...(isTrue(spec.paused) ? ["--paused"] : []),
    "--tag",
    `instance_id=${index}`,
    "--tag",
    `testrun_name=${metadata.name}`,
  ];
}

/** k6's flags for the share of runner `index` of `total`; a single runner gets none. */
export function segmentFlags(index: number, total: number): string[] {
  if (total === 1) {
    return [];
  }
  const bounds = Array.from({ length: total + 1 }, (_, i) => (i === 0 ? "0" : i === total ? "1" : `${i}/${total}`));
  return [`--execution-segment=${bounds[index - 1]}:${bounds[index]}`, `--execution-segment-sequence=${bounds.join(",")}`];
}

/** Puts a look for the file before the command of a script that is part of the image. */
function guarded(command: string[], script: Script, shell: boolean): string[] {
  if (!script.inImage) {
    return command;
  }
  const check = 'test -f "$0" || { echo "LocalFile not found exiting..."; exit 1; }\nexec "$@"';
  return ["sh", "-c", check, script.path, ...(shell ? ["sh", "-c", command.join(" ")] : command)];
}

/** `separate: true`: no node takes a second runner, of whichever run. Replaces the user's own affinity. */
const apart: k8s.V1Affinity = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      {
        labelSelector: {
          matchExpressions: [
            { key: "app", operator: "In", values: ["k6"] },
            { key: "runner", operator: "In", values: ["true"] },
          ],
        },
        topologyKey: "kubernetes.io/hostname",
      },
    ],
  },
};
