import type { V1PersistentVolume, V1StorageClass } from "@kubernetes/client-node";
import { nodeName } from "../addresses";

/** Name of the lab's default storage class. */
export const storageClass = "lab-local";

// More claims than two stacks of this repository make at once.
const poolSize = 8;

/** Names of the volumes in the pool; each has a folder of the same name. */
export const volumeNames: readonly string[] = Array.from({ length: poolSize }, (_, i) => `lab-volume-${i + 1}`);

/** The default storage class and its pool of volumes: folders of the machine, of the `local` kind because only that applies fsGroup. */
export function storageManifests(folder: string): (V1StorageClass | V1PersistentVolume)[] {
  return [
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: storageClass, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: "kubernetes.io/no-provisioner",
      volumeBindingMode: "WaitForFirstConsumer",
      reclaimPolicy: "Retain",
    },
    ...volumeNames.map((name) => volume(name, `${folder}/${name}`)),
  ];
}

function volume(name: string, path: string): V1PersistentVolume {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      // Nothing enforces it: the machine's disk is the limit.
      capacity: { storage: "20Gi" },
      accessModes: ["ReadWriteOnce", "ReadWriteMany"],
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: storageClass,
      local: { path },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [nodeName] }] }],
        },
      },
    },
  };
}
