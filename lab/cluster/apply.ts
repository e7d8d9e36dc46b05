import type { KubernetesObject } from "@kubernetes/client-node";
import * as k8s from "@kubernetes/client-node";
import type { Cluster } from "../../components/kube/cluster";

/** Makes objects be as given, by server-side apply: what is there already is changed only where it differs. */
export async function applyManifests(cluster: Cluster, manifests: readonly KubernetesObject[]): Promise<void> {
  const api = k8s.KubernetesObjectApi.makeApiClient(cluster.config);
  const strategy = k8s.PatchStrategy.ServerSideApply;
  await Promise.all(manifests.map((manifest) => api.patch(manifest, undefined, undefined, "pulumi-k6-lab", true, strategy)));
}
