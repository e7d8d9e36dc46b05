import * as k8s from "@kubernetes/client-node";
import type { Cluster } from "../../components/kube/cluster";
import {
  definitionAnnotations as annotations,
  definitionManager as fieldManager,
} from "../../components/operator/crds/definition";
import { testRunDefinition } from "../../components/operator/crds/test-run";

/**
 * Makes sure that the cluster has the TestRun kind as `K6Crds` applies it, so that neither finds the other's definition in its way. It stays:
 * others may use it by then.
 */
export async function ensureTestRunKind({ config }: Cluster): Promise<void> {
  const { name } = testRunDefinition.metadata;
  const body = { ...testRunDefinition, metadata: { ...testRunDefinition.metadata, annotations } };
  await config
    .makeApiClient(k8s.ApiextensionsV1Api)
    .patchCustomResourceDefinition(
      { name, body, fieldManager, force: true },
      k8s.setHeaderOptions("Content-Type", k8s.PatchStrategy.ServerSideApply),
    );
  await established(config, name);
}

/** Returns once the API server serves the kind. */
async function established(config: k8s.KubeConfig, name: string): Promise<void> {
  let watching: Promise<AbortController> | undefined;
  await new Promise<void>((resolve, reject) => {
    watching = new k8s.Watch(config).watch(
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
      { fieldSelector: `metadata.name=${name}` },
      (_phase, { status }: k8s.V1CustomResourceDefinition) => {
        if (status?.conditions?.some((condition) => condition.type === "Established" && condition.status === "True") === true) {
          resolve();
        }
      },
      (error: unknown) => reject(new Error(`the TestRun kind was not established: ${String(error)}`)),
    );
    watching.catch(reject);
  });
  (await watching)?.abort();
}
