import type * as k8s from "@kubernetes/client-node";
import type { Script } from "./script";
import { ownerOf, type PodSettings, type TestRun } from "./test-run";

/** What the operator sets itself in a Job; the rest comes from `settings`. */
export interface JobParts {
  name: string;
  labels: Record<string, string>;
  settings: PodSettings;
  container: Pick<k8s.V1Container, "name" | "command"> & Partial<k8s.V1Container>;
  defaultImage: string;
  /** Set where the pod mounts the script and, with it, what the user mounts. */
  script?: Script;
  pod?: Partial<k8s.V1PodSpec>;
}

/** Port of k6's REST API in every container that runs k6. */
export const apiPort = 6565;

/** A Job of one pod that is never started again, owned by its TestRun. */
export function jobOf(testRun: TestRun, { name, labels, settings, container, defaultImage, script, pod }: JobParts): k8s.V1Job {
  const metadata = metadataOf(labels, settings);
  return {
    metadata: { name, namespace: testRun.metadata.namespace, ownerReferences: [ownerOf(testRun)], ...metadata },
    spec: {
      backoffLimit: 0,
      template: {
        metadata,
        spec: {
          restartPolicy: "Never",
          serviceAccountName: orDefault(settings.serviceAccountName, "default"),
          automountServiceAccountToken: isTrue(settings.automountServiceAccountToken),
          affinity: settings.affinity,
          nodeSelector: settings.nodeSelector,
          tolerations: settings.tolerations,
          topologySpreadConstraints: settings.topologySpreadConstraints,
          priorityClassName: settings.priorityClassName,
          schedulerName: settings.schedulerName,
          imagePullSecrets: settings.imagePullSecrets,
          securityContext: settings.securityContext,
          volumes: script === undefined ? undefined : [...script.volumes, ...(settings.volumes ?? [])],
          initContainers: script === undefined ? undefined : initContainers(settings, script),
          containers: [
            {
              image: orDefault(settings.image, defaultImage),
              imagePullPolicy: settings.imagePullPolicy,
              resources: settings.resources,
              securityContext: settings.containerSecurityContext ?? {},
              ...container,
            },
          ],
          ...pod,
        },
      },
    },
  };
}

/** Labels and annotations of an object: the operator's labels win over the user's. */
export function metadataOf(
  labels: Record<string, string>,
  { metadata }: PodSettings,
): Pick<k8s.V1ObjectMeta, "labels" | "annotations"> {
  return { labels: { ...metadata?.labels, ...labels }, annotations: { ...metadata?.annotations } };
}

/** What a container that runs k6 takes from the user's settings, beside what every container does. */
export function k6Container({ env, envFrom, volumeMounts = [] }: PodSettings, script: Script, ports: k8s.V1ContainerPort[] = []) {
  return {
    name: "k6",
    env,
    envFrom,
    volumeMounts: [...script.volumeMounts, ...volumeMounts],
    ports: [{ containerPort: apiPort }, ...ports],
  };
}

/** A text that stands for a switch in the CRD, as Go's `strconv.ParseBool` reads it; what is left out is on. */
export function isTrue(text: string | undefined): boolean {
  return text === undefined || ["", "1", "t", "T", "true", "True", "TRUE"].includes(text);
}

function initContainers(settings: PodSettings, script: Script): k8s.V1Container[] | undefined {
  return settings.initContainers?.map((container, index) => ({
    ...container,
    name: orDefault(container.name, `k6-init-${index}`),
    volumeMounts: [...script.volumeMounts, ...(container.volumeMounts ?? [])],
    imagePullPolicy: settings.imagePullPolicy,
    securityContext: settings.containerSecurityContext ?? {},
  }));
}

function orDefault(text: string | undefined, fallback: string): string {
  return text === undefined || text === "" ? fallback : text;
}
