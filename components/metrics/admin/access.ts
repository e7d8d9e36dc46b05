import pRetry from "p-retry";
import { Cluster, statusOf, type ClusterAccess } from "../../kube/cluster";
import { openTunnel, type ServiceAddress } from "../../kube/tunnel";
import { StoreClient } from "./client";
import { mayPass } from "./errors";

/** How a store is reached, and as whom. Plain values: they travel through Pulumi's state. */
export interface StoreAccess extends ClusterAccess {
  /** A store in the cluster, reached through the API server. */
  service?: ServiceAddress;
  /** A store that is reached by its address; without `service`. */
  url?: string;
  org: string;
  /** May make buckets, tasks and tokens in `org`. A secret. */
  adminToken: string;
}

/** How long a store that does not answer is asked again: 4 times within about 8 s. */
const patience = { retries: 4, minTimeout: 500, factor: 2 };

/**
 * Works on a store. A connection that breaks, a pod that is not ready and an answer 429 or 5xx are tried again from the start, so
 * `use` must do no harm when it is called twice.
 */
export function withStore<T>(
  access: StoreAccess,
  use: (client: StoreClient) => Promise<T>,
  times: Partial<typeof patience> = {},
): Promise<T> {
  return pRetry(() => withAddress(access, (url) => use(clientAt(url, access))), {
    ...patience,
    ...times,
    shouldRetry: (error) => mayPass(error) && !isRefusedByCluster(error),
  });
}

/** Where the store is, as a person knows it. */
export function storeName({ service, url }: Pick<StoreAccess, "service" | "url">): string {
  return service === undefined ? `store ${url ?? "without an address"}` : `store ${service.namespace}/${service.service}`;
}

function clientAt(url: string, access: StoreAccess): StoreClient {
  return new StoreClient(url, access.org, access.adminToken, storeName(access));
}

async function withAddress<T>({ kubeconfig, context, service, url }: StoreAccess, use: (url: string) => Promise<T>): Promise<T> {
  if (service === undefined) {
    if (url === undefined) {
      throw new TypeError("neither service nor url says where the store is");
    }
    return use(url);
  }
  const cluster = Cluster.connect({
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
  const tunnel = await openTunnel(cluster, service);
  try {
    return await use(tunnel.url);
  } finally {
    await tunnel.close();
  }
}

function isRefusedByCluster(error: unknown): boolean {
  const status = statusOf(error);
  return status !== undefined && status < 500 && status !== 429;
}
