import * as k8s from "@kubernetes/client-node";
import type { Cluster } from "../../components/kube/cluster";
import { testRunLabel } from "./labels";
import { testRunResource } from "./test-run";

/** A watch that goes on until it is stopped. */
export interface Following {
  stop: () => Promise<void>;
}

/** Calls `onChange` with the name of a TestRun whenever it, one of its Jobs or one of its Pods changes in `namespace`. */
export function watchNamespace(cluster: Cluster, namespace: string, onChange: (testRun: string) => void): Following {
  const { group, version, plural } = testRunResource;
  const objects = cluster.config.makeApiClient(k8s.CustomObjectsApi);
  const watches = [
    follow(
      k8s.makeInformer(cluster.config, `/apis/${group}/${version}/namespaces/${namespace}/${plural}`, async () => {
        return (await objects.listNamespacedCustomObject({
          ...testRunResource,
          namespace,
        })) as k8s.KubernetesListObject<k8s.KubernetesObject>;
      }),
      ({ metadata }) => metadata?.name,
    ),
    follow(
      k8s.makeInformer(cluster.config, `/apis/batch/v1/namespaces/${namespace}/jobs`, () =>
        cluster.batch.listNamespacedJob({ namespace }),
      ),
      ({ metadata }) =>
        metadata?.ownerReferences?.find(({ kind, controller }) => kind === "TestRun" && controller === true)?.name,
    ),
    follow(
      k8s.makeInformer(cluster.config, `/api/v1/namespaces/${namespace}/pods`, () =>
        cluster.core.listNamespacedPod({ namespace }),
      ),
      ({ metadata }) => metadata?.labels?.[testRunLabel],
    ),
  ];

  function follow<T extends k8s.KubernetesObject>(
    informer: k8s.Informer<T>,
    testRunOf: (object: T) => string | undefined,
  ): Following {
    return keepWatching(informer, (object) => {
      const testRun = testRunOf(object);
      if (testRun !== undefined) {
        onChange(testRun);
      }
    });
  }

  return { stop: async () => void (await Promise.all(watches.map((watch) => watch.stop()))) };
}

/** Wait before a broken watch is begun anew, milliseconds. */
const restartMs = 1000;

/** Starts a watch, and again after every error, as when the API server is away or has only just learnt of a kind. */
export function keepWatching<T extends k8s.KubernetesObject>(
  informer: k8s.Informer<T>,
  onChange: (object: T) => void,
): Following {
  let restart: NodeJS.Timeout | undefined;
  let isStopped = false;
  const start = (): void => void informer.start().catch(startLater);
  const startLater = (): void => {
    clearTimeout(restart);
    restart = isStopped ? undefined : setTimeout(start, restartMs);
  };
  informer.on("change", onChange);
  informer.on("error", startLater);
  start();
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(restart);
      await informer.stop();
    },
  };
}
