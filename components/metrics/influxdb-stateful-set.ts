import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { roleLabels } from "../kube/labels";
import { amountOf } from "../kube/quantities";
import { storePort } from "../network/platform-rules";

type PodSpec = k8s.types.input.core.v1.PodSpec;
type ClaimSpec = k8s.types.input.core.v1.PersistentVolumeClaimSpec;
type StatefulSetSpec = k8s.types.input.apps.v1.StatefulSetSpec;

/** Where the volume with the store's data is mounted. */
const dataFolder = "/var/lib/influxdb2";
/** User of the official image; any other works too, since only the volume and `/tmp` are written. */
const user = 1000;

/** What the store's pod is made of. */
export interface StorePod {
  image: string;
  imagePullPolicy: string;
  cpu: string;
  memory: string;
}

/** What the store's volume is made of. */
export interface StoreVolume {
  storageSize: string;
  storageClass?: string;
}

/** Size of the volume where nobody says it. */
export const defaultStorageSize = "20Gi";

/** Name of the store's Service and StatefulSet in its namespace. */
export const storeService = "influxdb";
/** Name of the volume claim that the pod mounts. */
const dataVolume = "data";
/** Name of the claim that a StatefulSet makes for its pod by its template, or takes when it is there. */
export const dataClaim = `${dataVolume}-${storeService}-0`;

/** One pod and its volume. */
export function influxDbStatefulSet(serviceName: pulumi.Input<string>, settings: StorePod & StoreVolume): StatefulSetSpec {
  const labels = roleLabels("store");
  return {
    serviceName,
    replicas: 1,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: influxDbPod(settings) },
    volumeClaimTemplates: [{ metadata: { name: dataVolume, labels }, spec: claimSpec(settings) }],
  };
}

/** What a claim for the store's volume asks for. */
export function claimSpec({ storageSize, storageClass }: StoreVolume): ClaimSpec {
  return {
    accessModes: ["ReadWriteOnce"],
    ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    resources: { requests: { storage: storageSize } },
  };
}

/**
 * The pod of a store under Pod Security `restricted`. It starts `influxd` itself: the entry point of the official image wants
 * to be root, and would put a password into the environment.
 */
function influxDbPod({ image, imagePullPolicy, cpu, memory }: StorePod): PodSpec {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // Writes that are under way reach the disk.
    terminationGracePeriodSeconds: 60,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      // Large volumes would otherwise be walked at every start.
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "influxdb",
        image,
        imagePullPolicy,
        command: ["influxd"],
        env: Object.entries({
          HOME: dataFolder,
          INFLUXD_BOLT_PATH: `${dataFolder}/influxd.bolt`,
          INFLUXD_ENGINE_PATH: `${dataFolder}/engine`,
          INFLUXD_SQLITE_PATH: `${dataFolder}/influxd.sqlite`,
          INFLUXD_REPORTING_DISABLED: "true",
          ...heapLimit(memory),
        }).map(([name, value]) => ({ name, value })),
        ports: [{ name: "http", containerPort: storePort }],
        resources: { requests: { cpu, memory }, limits: { cpu, memory } },
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        // A store that has much to load at its start gets five minutes before it counts as dead.
        startupProbe: { httpGet: { path: "/health", port: "http" }, periodSeconds: 2, failureThreshold: 150 },
        readinessProbe: { httpGet: { path: "/health", port: "http" }, periodSeconds: 5, timeoutSeconds: 3 },
        livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 20, failureThreshold: 6 },
        volumeMounts: [
          { name: dataVolume, mountPath: dataFolder },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [{ name: "tmp", emptyDir: { sizeLimit: "256Mi" } }],
  };
}

// What is not Go's heap: stacks of threads, and the pages of mapped files that are in use.
const heapShare = 0.9;

/**
 * Makes Go collect garbage before the container's limit is reached: a percentile puts all of its samples into memory, and by itself Go lets
 * garbage grow to as much again. The kubelet cannot give a share of a limit, so it is made here.
 */
function heapLimit(memory: string): { GOMEMLIMIT?: string } {
  const bytes = Math.floor(amountOf(memory) * heapShare);
  // Kubernetes refuses what is no amount, and says so.
  return bytes > 0 ? { GOMEMLIMIT: String(bytes) } : {};
}
