import type {
  V1EnvVar,
  V1PodSecurityContext,
  V1SecurityContext,
  V1TopologySpreadConstraint,
  V1Volume,
} from "@kubernetes/client-node";
import { roleLabels, runnerLabels } from "../../kube/labels";
import type { RunInputs } from "../types";

/** k6's own port for its REST API. */
export const apiPort = 6565;
/** Where a pod finds script and harness. */
export const scriptFolder = "/test";
/** The kubelet reads a container's last words from here. */
export const terminationLog = "/dev/termination-log";
/** Seconds that k6 has after SIGTERM for teardown and its last samples. */
export const graceSeconds = 30;

// k6's default system tags without `url` and `error`, whose values have no bound.
const systemTags = "proto,subproto,status,method,name,group,check,error_code,tls_version,scenario,service,expected_response";
// The user of k6's official image; any other works too.
const userId = 12345;

/** What Pod Security `restricted` wants of a pod. */
export const podSecurity: V1PodSecurityContext = {
  runAsNonRoot: true,
  runAsUser: userId,
  runAsGroup: userId,
  fsGroup: userId,
  seccompProfile: { type: "RuntimeDefault" },
};

/** What Pod Security `restricted` wants of a container. */
export const containerSecurity: V1SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** The one folder that can be written. */
export const tmp = {
  volume: { name: "tmp", emptyDir: {} } satisfies V1Volume,
  mount: { name: "tmp", mountPath: "/tmp" },
};

/** An autoscaler that tidies up would end the run. */
export const notEvicted = {
  "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
  "karpenter.sh/do-not-disrupt": "true",
} as const;

/** Labels of a run's objects that are not its runners' own: by them they are found and removed, and no policy of runners opens for them. */
export function helperLabels(
  { test, run }: Pick<RunInputs, "test" | "run">,
  role: "initializer" | "starter",
): Record<string, string> {
  return { ...runnerLabels(test, run), ...roleLabels(role) };
}

/** Over as many nodes as there are. */
export function spread({ test, run }: Pick<RunInputs, "test" | "run">): V1TopologySpreadConstraint[] {
  return [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: runnerLabels(test, run) },
    },
  ];
}

/** Arguments of `k6 run` by which samples get into the store. */
export function outputArguments({ store }: Pick<RunInputs, "store">): string[] {
  return ["--out", `influxdb=${store.writeUrl}/${store.bucket}`, "--system-tags", systemTags];
}

/** Read by k6's output; the script does not see the process's environment. */
export function outputVariables({ store }: Pick<RunInputs, "store">): V1EnvVar[] {
  const secret = (key: string) => ({ secretKeyRef: { name: store.writeSecret, key } });
  return [
    { name: "K6_INFLUXDB_USERNAME", valueFrom: secret("username") },
    { name: "K6_INFLUXDB_PASSWORD", valueFrom: secret("password") },
  ];
}

/** Plain variables as a container has them. */
export function variables(values: Record<string, string>): V1EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** Variables for the script go on k6's command line: in the process's environment some would change k6 (`K6_VUS`) or the shell (`PATH`). */
export function scriptVariables(env: Record<string, string>): string[] {
  // Kubernetes replaces `$(NAME)` in arguments; `$$` stands for a plain `$`.
  return Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`.replaceAll("$(", "$$$$(")]);
}
