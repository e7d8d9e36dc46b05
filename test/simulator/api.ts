import * as k8s from "@kubernetes/client-node";
import { type Cluster, orUndefined } from "../../components/kube/cluster";
import { runLabels, runnerLabels, selectorOf } from "./labels";
import { type TestRun, testRunResource, type TestRunStatus } from "./test-run";

/** The requests that the simulator makes, with the rights of its kubeconfig. */
export class SimulatorApi {
  private readonly objects: k8s.CustomObjectsApi;

  constructor(private readonly cluster: Cluster) {
    this.objects = cluster.config.makeApiClient(k8s.CustomObjectsApi);
  }

  testRun(namespace: string, name: string): Promise<TestRun | undefined> {
    return orUndefined(this.objects.getNamespacedCustomObject({ ...testRunResource, namespace, name }) as Promise<TestRun>);
  }

  /** @throws with status 404 where the kind is not known */
  async testRuns(namespace: string): Promise<TestRun[]> {
    return ((await this.objects.listNamespacedCustomObject({ ...testRunResource, namespace })) as { items: TestRun[] }).items;
  }

  /** Merges into the status; what is left out stays. */
  async patchStatus({ metadata: { namespace, name } }: TestRun, status: TestRunStatus): Promise<void> {
    await orUndefined(
      this.objects.patchNamespacedCustomObjectStatus(
        { ...testRunResource, namespace, name, body: { status } },
        k8s.setHeaderOptions("Content-Type", k8s.PatchStrategy.MergePatch),
      ),
    );
  }

  async deleteTestRun({ metadata: { namespace, name } }: TestRun): Promise<void> {
    await orUndefined(this.objects.deleteNamespacedCustomObject({ ...testRunResource, namespace, name }) as Promise<unknown>);
  }

  job(namespace: string, name: string): Promise<k8s.V1Job | undefined> {
    return orUndefined(this.cluster.batch.readNamespacedJob({ namespace, name }));
  }

  async createJob(job: k8s.V1Job): Promise<void> {
    await this.cluster.batch.createNamespacedJob({ namespace: job.metadata!.namespace!, body: job });
  }

  async createService(service: k8s.V1Service): Promise<void> {
    await this.cluster.core.createNamespacedService({ namespace: service.metadata!.namespace!, body: service });
  }

  async runnerJobs(testRun: TestRun): Promise<k8s.V1Job[]> {
    return (await this.cluster.batch.listNamespacedJob(ofRunners(testRun))).items;
  }

  async runnerPods(testRun: TestRun): Promise<k8s.V1Pod[]> {
    return (await this.cluster.core.listNamespacedPod(ofRunners(testRun))).items;
  }

  async runnerServices(testRun: TestRun): Promise<k8s.V1Service[]> {
    return (await this.cluster.core.listNamespacedService(ofRunners(testRun))).items;
  }

  async podOfJob({ metadata: { namespace, name } }: TestRun, job: string): Promise<k8s.V1Pod | undefined> {
    const labelSelector = selectorOf({ ...runLabels(name), "job-name": job });
    const { items } = await this.cluster.core.listNamespacedPod({ namespace, labelSelector });
    return items[0];
  }

  log(pod: k8s.V1Pod): Promise<string> {
    return this.cluster.core.readNamespacedPodLog({
      namespace: pod.metadata!.namespace!,
      name: pod.metadata!.name!,
      container: "k6",
    });
  }
}

function ofRunners({ metadata: { namespace, name } }: TestRun): { namespace: string; labelSelector: string } {
  return { namespace, labelSelector: selectorOf(runnerLabels(name)) };
}
