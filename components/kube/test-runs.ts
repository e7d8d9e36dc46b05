import * as k8s from "@kubernetes/client-node";
import { group, version } from "../operator/crds/definition";
import { type Cluster, orUndefined } from "./cluster";

/** A TestRun of k6-operator, as far as a run looks at it. */
export interface TestRun extends k8s.KubernetesObject {
  spec?: object;
  status?: { stage?: string };
}

const kind = { group, version, plural: "testruns" } as const;

/** Requests about TestRuns. Where the cluster does not know the kind, they are answered with 404. */
export class TestRuns {
  private readonly api: k8s.CustomObjectsApi;

  constructor({ config }: Cluster) {
    this.api = config.makeApiClient(k8s.CustomObjectsApi);
  }

  /** Path of a namespace's TestRuns in the API. */
  path(namespace: string): string {
    return `/apis/${group}/${version}/namespaces/${namespace}/${kind.plural}`;
  }

  async list(namespace: string, name: string): Promise<k8s.KubernetesListObject<TestRun>> {
    const fieldSelector = `metadata.name=${name}`;
    return (await this.api.listNamespacedCustomObject({
      ...kind,
      namespace,
      fieldSelector,
    })) as k8s.KubernetesListObject<TestRun>;
  }

  /** Those that k6-operator has begun and not ended: name and stage. */
  async underway(namespace: string): Promise<{ name: string; stage: string }[]> {
    const list = (await this.api.listNamespacedCustomObject({ ...kind, namespace })) as k8s.KubernetesListObject<TestRun>;
    return list.items
      .map(({ metadata, status }) => ({ name: metadata?.name ?? "", stage: status?.stage ?? "" }))
      .filter(({ stage }) => !["", "stopped", "finished", "error"].includes(stage));
  }

  /** A field that the definition does not know is an error, not left out. */
  async create(namespace: string, testRun: TestRun): Promise<void> {
    const body = { apiVersion: `${group}/${version}`, kind: "TestRun", ...testRun };
    await this.api.createNamespacedCustomObject({ ...kind, namespace, body, fieldValidation: "Strict" });
  }

  async exists(namespace: string, name: string): Promise<boolean> {
    return (
      (await orUndefined(this.api.getNamespacedCustomObject({ ...kind, namespace, name }) as Promise<unknown>)) !== undefined
    );
  }

  /** Sets an annotation, which makes k6-operator look at the TestRun again at once. */
  async annotate(namespace: string, name: string, annotations: Record<string, string>): Promise<void> {
    const body = { metadata: { annotations } };
    const asMerge = k8s.setHeaderOptions("Content-Type", k8s.PatchStrategy.MergePatch);
    await orUndefined(this.api.patchNamespacedCustomObject({ ...kind, namespace, name, body }, asMerge) as Promise<unknown>);
  }

  /**
   * It goes at once, so that k6-operator starts nothing of it any more. What it owns goes after it, when the garbage collector comes by: that
   * may take half a minute, where kinds have come or gone in the cluster.
   */
  async delete(namespace: string, name: string): Promise<void> {
    const propagationPolicy = "Background";
    await orUndefined(this.api.deleteNamespacedCustomObject({ ...kind, namespace, name, propagationPolicy }) as Promise<unknown>);
  }
}
