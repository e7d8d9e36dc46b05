import type { V1EnvVar, V1Volume, V1VolumeMount } from "@kubernetes/client-node";
import type { RunInputs } from "../types";
import { hasLoad, loadArguments } from "./load-shape";
import { secretsFile, secretsFolder, variableKey } from "./secrets";
import { volumeFolder } from "./source";

/** What a script needs of its pod beside the ConfigMap with the harness; the same with every engine. */
export interface ScriptPod {
  /** Arguments of `k6 run`. */
  args: string[];
  /** Those of them that `k6 inspect` knows too. */
  inspectArgs: string[];
  env: V1EnvVar[];
  volumes: V1Volume[];
  volumeMounts: V1VolumeMount[];
}

/** What of a run makes its script's part of a pod. */
export type ScriptInputs = Pick<RunInputs, "script" | "load" | "secrets" | "moreConfigMaps">;

// Where a pod finds what did not fit into the ConfigMap with the harness; folder.sh puts both together.
const moreFolder = "/more";
// The variable of the container that holds a secret variable of the script: by its own name it might change k6 or the shell.
const containerVariable = (name: string) => `SECRET_${name}`;

/** Adds files, volumes, secrets and load of a script. */
export function scriptPod({ script = {}, load = {}, secrets, moreConfigMaps = [] }: ScriptInputs): ScriptPod {
  const { volumeClaim, splitFiles = [] } = script;
  const parts: Partial<ScriptPod>[] = [
    // The harness refuses a script whose scenarios the load would replace.
    hasLoad(load) ? { args: [...loadArguments(load), "-e", "PULUMI_K6_LOAD=given"] } : {},
    moreConfigMaps.length === 0 ? {} : moreParts(moreConfigMaps),
    splitFiles.length === 0 ? {} : { env: [{ name: "SPLIT_FILES", value: splitFiles.join(" ") }] },
    volumeClaim === undefined ? {} : volumeParts(volumeClaim),
    secrets === undefined ? {} : secretParts(secrets),
  ];
  const inspectArgs = parts.flatMap((part) => part.inspectArgs ?? []);
  return {
    args: [...parts.flatMap(({ args = [] }) => args), ...inspectArgs],
    inspectArgs,
    env: parts.flatMap(({ env = [] }) => env),
    volumes: parts.flatMap(({ volumes = [] }) => volumes),
    volumeMounts: parts.flatMap(({ volumeMounts = [] }) => volumeMounts),
  };
}

/** Whether a runner's files are put together in its pod: see folder.sh. */
export function isPutTogether({ script = {}, moreConfigMaps = [] }: Pick<ScriptInputs, "script" | "moreConfigMaps">): boolean {
  return moreConfigMaps.length > 0 || (script.splitFiles ?? []).length > 0;
}

function moreParts(names: string[]): Partial<ScriptPod> {
  const sources = names.map((name) => ({ configMap: { name } }));
  return {
    env: [{ name: "MORE", value: moreFolder }],
    volumes: [{ name: "more", projected: { sources } }],
    volumeMounts: [{ name: "more", mountPath: moreFolder, readOnly: true }],
  };
}

function volumeParts(claimName: string): Partial<ScriptPod> {
  return {
    volumes: [{ name: "volume", persistentVolumeClaim: { claimName, readOnly: true } }],
    volumeMounts: [{ name: "volume", mountPath: volumeFolder, readOnly: true }],
  };
}

function secretParts({ name: secretName, env: names }: NonNullable<RunInputs["secrets"]>): Partial<ScriptPod> {
  return {
    inspectArgs: [
      `--secret-source=file=${secretsFolder}/${secretsFile}`,
      // Kubernetes puts the value in: the pod's specification has only the name.
      ...names.flatMap((name) => ["-e", `${name}=$(${containerVariable(name)})`]),
    ],
    env: names.map((name) => ({
      name: containerVariable(name),
      valueFrom: { secretKeyRef: { name: secretName, key: variableKey(name) } },
    })),
    volumes: [{ name: "secrets", secret: { secretName, items: [{ key: secretsFile, path: secretsFile }], defaultMode: 0o440 } }],
    volumeMounts: [{ name: "secrets", mountPath: secretsFolder, readOnly: true }],
  };
}
