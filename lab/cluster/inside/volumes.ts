import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import * as k8s from "@kubernetes/client-node";
import { storageClass } from "../manifests/storage";

// Runs inside the lab, bundled into one file: gives a volume whose claim is gone back to the pool, empty.
const [kubeconfig, folder] = process.argv.slice(2);
const config = new k8s.KubeConfig();
config.loadFromFile(kubeconfig);
const api = config.makeApiClient(k8s.CoreV1Api);
const path = "/api/v1/persistentvolumes";

async function recycle({ metadata, spec, status }: k8s.V1PersistentVolume): Promise<void> {
  const name = metadata?.name;
  if (name === undefined || spec?.storageClassName !== storageClass || status?.phase !== "Released") {
    return;
  }
  await rm(join(folder, name), { recursive: true, force: true });
  await mkdir(join(folder, name));
  const test = { op: "test", path: "/spec/claimRef/uid", value: spec.claimRef?.uid };
  await api.patchPersistentVolume({ name, body: [test, { op: "remove", path: "/spec/claimRef" }] });
  console.log(`${name} is empty and available again`);
}

const informer = k8s.makeInformer<k8s.V1PersistentVolume>(config, path, () => api.listPersistentVolume());
const seen = (volume: k8s.V1PersistentVolume): void => {
  // Ending is the retry: the supervisor starts this program anew, with growing pauses, and it then sees every volume again.
  recycle(volume).catch(fail);
};
function fail(error: unknown): never {
  console.error(error);
  process.exit(1);
}
informer.on("add", seen);
informer.on("update", seen);
informer.on("error", fail);
informer.start().catch(fail);
