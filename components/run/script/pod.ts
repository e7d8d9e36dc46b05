import type { V1EnvVar, V1Volume, V1VolumeMount } from "@kubernetes/client-node";
import type { RunInputs } from "../types";
import { hasLoad, loadArguments } from "./load-shape";
import { secretsFile, secretsFolder, variableKey } from "./secrets";
import { volumeFolder } from "./source";

/** What a script needs of its pod beside the ConfigMap with the harness; the same with every engine. */
export interface ScriptPod {
  /** Arguments of `k6 run`. */
  args: string[];
  env: V1EnvVar[];
  volumes: V1Volume[];
  volumeMounts: V1VolumeMount[];
}

// The variable of the container that holds a secret variable of the script: by its own name it might change k6 or the shell.
const containerVariable = (name: string) => `SECRET_${name}`;

/** Adds volumes, secrets and load of a script. */
export function scriptPod({ script = {}, load = {}, secrets }: Pick<RunInputs, "script" | "load" | "secrets">): ScriptPod {
  const { volumeClaim } = script;
  const parts: Partial<ScriptPod>[] = [
    // The harness refuses a script whose scenarios the load would replace.
    hasLoad(load) ? { args: [...loadArguments(load), "-e", "PULUMI_K6_LOAD=given"] } : {},
    volumeClaim === undefined ? {} : volumeParts(volumeClaim),
    secrets === undefined ? {} : secretParts(secrets),
  ];
  return {
    args: parts.flatMap(({ args = [] }) => args),
    env: parts.flatMap(({ env = [] }) => env),
    volumes: parts.flatMap(({ volumes = [] }) => volumes),
    volumeMounts: parts.flatMap(({ volumeMounts = [] }) => volumeMounts),
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
    args: [
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
