import { posix } from "node:path";
import type * as k8s from "@kubernetes/client-node";
import type { TestRunSpec } from "./test-run";

/** Where the pods find the script. */
export interface Script {
  /** Path in the container. */
  path: string;
  fileName: string;
  volumes: k8s.V1Volume[];
  volumeMounts: k8s.V1VolumeMount[];
  /** Set for `localFile`: whether it exists is looked at before k6 starts. */
  inImage: boolean;
}

const folder = "/test";
const defaultFile = "test.js";
const volumeName = "k6-test-volume";

/**
 * Reads `spec.script`: a claim goes before a ConfigMap, a ConfigMap before a file of the image.
 *
 * @throws when none is given; the operator then leaves the run in `initialization` for ever
 */
export function scriptOf({ script }: Pick<TestRunSpec, "script">): Script {
  const { configMap, volumeClaim, localFile } = script;
  if (hasName(volumeClaim)) {
    return fromClaim(volumeClaim);
  }
  if (hasName(configMap)) {
    const fileName = nonEmpty(configMap.file) ?? defaultFile;
    return {
      path: `${folder}/${fileName}`,
      fileName,
      volumes: [{ name: volumeName, configMap: { name: configMap.name } }],
      volumeMounts: [{ name: volumeName, mountPath: folder, readOnly: true }],
      inImage: false,
    };
  }
  if (nonEmpty(localFile) !== undefined) {
    return { path: localFile!, fileName: posix.basename(localFile!), volumes: [], volumeMounts: [], inImage: true };
  }
  throw new Error("spec.script names no configMap, volumeClaim or localFile");
}

function fromClaim({ name, file = "", readOnly = false }: { name: string; file?: string; readOnly?: boolean }): Script {
  const isAbsolute = posix.isAbsolute(file);
  const fileName = nonEmpty(isAbsolute ? posix.basename(file) : file) ?? defaultFile;
  const mountPath = `${isAbsolute ? posix.dirname(file) : folder}/`;
  return {
    path: posix.join(mountPath, fileName),
    fileName,
    volumes: [{ name: volumeName, persistentVolumeClaim: { claimName: name } }],
    volumeMounts: [{ name: volumeName, mountPath, readOnly }],
    inImage: false,
  };
}

function hasName<T extends { name?: string }>(source: T | undefined): source is T & { name: string } {
  return nonEmpty(source?.name) !== undefined;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
