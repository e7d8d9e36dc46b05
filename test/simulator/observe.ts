import * as k8s from "@kubernetes/client-node";
import type { Cluster } from "../../components/kube/cluster";
import { type Stage, type TestRun, testRunResource } from "./test-run";
import { keepWatching } from "./watch";

/** Stages of the TestRuns of a namespace as a watch sees them. */
export interface StageObserver {
  /** Stages of a TestRun so far, in order, without `""`. */
  of(testRun: string): Stage[];
  /** Epoch milliseconds at which a stage was first seen. */
  at(testRun: string, stage: Stage): number | undefined;
  /** Returns when the TestRun is in `stage`, or has been. @throws when that is not so within 45 s */
  reached(testRun: string, stage: Stage): Promise<void>;
  /** Returns when the TestRun is no more: deleted in the foreground, it goes after all that it owns. @throws when that is not so within 45 s */
  gone(testRun: string): Promise<void>;
  stop(): Promise<void>;
}

const patienceMs = 45_000;

/** Starts to watch the TestRuns of a namespace. */
export function observeStages({ config }: Cluster, namespace: string): StageObserver {
  const { group, version, plural } = testRunResource;
  const seen: { testRun: string; stage: Stage; at: number }[] = [];
  const waiting = new Set<() => void>();
  const objects = config.makeApiClient(k8s.CustomObjectsApi);
  const informer = k8s.makeInformer(config, `/apis/${group}/${version}/namespaces/${namespace}/${plural}`, async () => {
    return (await objects.listNamespacedCustomObject({ ...testRunResource, namespace })) as k8s.KubernetesListObject<TestRun>;
  });
  const { stop } = keepWatching(informer, ({ metadata: { name: testRun }, status }) => {
    const stage = status?.stage ?? "";
    if (stage !== "" && !seen.some((sight) => sight.testRun === testRun && sight.stage === stage)) {
      seen.push({ testRun, stage, at: Date.now() });
    }
    waiting.forEach((look) => look());
  });
  const find = (testRun: string, stage: Stage) => seen.find((sight) => sight.testRun === testRun && sight.stage === stage);
  const of = (name: string) => seen.filter(({ testRun }) => testRun === name).map(({ stage }) => stage);
  const until = (what: string, isSo: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(deadline);
        waiting.delete(look);
        settle();
      };
      const deadline = setTimeout(() => end(() => reject(new Error(`waited ${patienceMs} ms in vain for ${what}`))), patienceMs);
      const look = (): void => {
        try {
          if (isSo()) {
            end(resolve);
          }
        } catch (error) {
          end(() => reject(error instanceof Error ? error : new Error(String(error))));
        }
      };
      waiting.add(look);
      look();
    });
  return {
    of,
    at: (testRun, stage) => find(testRun, stage)?.at,
    reached: (testRun, stage) =>
      until(`${testRun} to be ${stage}`, () => {
        if (find(testRun, stage) === undefined && (find(testRun, "finished") ?? find(testRun, "error")) !== undefined) {
          throw new Error(`${testRun} ended without ${stage}; its stages: ${of(testRun).join(", ")}`);
        }
        return find(testRun, stage) !== undefined;
      }),
    gone: (testRun) => until(`${testRun} to go`, () => informer.get(testRun, namespace) === undefined),
    stop,
  };
}
