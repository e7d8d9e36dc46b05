import { existsSync } from "node:fs";
import * as k8s from "@kubernetes/client-node";

/** Which cluster, as plain data: it travels through Pulumi's state. */
export interface ClusterAccess {
  /** Path of a kubeconfig file, or its content. @default what `kubectl` would use: `KUBECONFIG`, `~/.kube/config`, in-cluster */
  kubeconfig?: string;
  /** Context in the kubeconfig. @default its current context */
  context?: string;
}

/** The one Kubernetes client: everything that talks to the API server goes through it. */
export class Cluster {
  readonly core: k8s.CoreV1Api;
  readonly batch: k8s.BatchV1Api;
  readonly apps: k8s.AppsV1Api;
  readonly networking: k8s.NetworkingV1Api;
  readonly policy: k8s.PolicyV1Api;

  private constructor(readonly config: k8s.KubeConfig) {
    this.core = config.makeApiClient(k8s.CoreV1Api);
    this.batch = config.makeApiClient(k8s.BatchV1Api);
    this.apps = config.makeApiClient(k8s.AppsV1Api);
    this.networking = config.makeApiClient(k8s.NetworkingV1Api);
    this.policy = config.makeApiClient(k8s.PolicyV1Api);
  }

  /** Reads the kubeconfig; no request is made yet. */
  static connect(access: ClusterAccess = {}): Cluster {
    const config = new k8s.KubeConfig();
    const { kubeconfig, context } = access;
    if (kubeconfig === undefined || kubeconfig === "") {
      config.loadFromDefault();
    } else if (kubeconfig.includes("\n") || !existsSync(kubeconfig)) {
      config.loadFromString(kubeconfig);
    } else {
      config.loadFromFile(kubeconfig);
    }
    if (context !== undefined) {
      config.setCurrentContext(context);
    }
    return new Cluster(config);
  }
}

/** The HTTP status of a Kubernetes API error, if it is one. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof k8s.ApiException ? error.code : undefined;
}

/** What the API server said, or else the error's own message. */
export function messageOf(error: unknown): string {
  if (error instanceof k8s.ApiException && typeof error.body === "string") {
    try {
      return (JSON.parse(error.body) as { message?: string }).message ?? error.body;
    } catch {
      return error.body;
    }
  }
  return error instanceof Error ? error.message : String(error);
}

/** Gives `undefined` where the API server answers 404. */
export async function orUndefined<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 404) {
      return undefined;
    }
    throw error;
  }
}
