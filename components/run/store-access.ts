import { Cluster } from "../kube/cluster";
import { openTunnel } from "../kube/tunnel";
import type { RunInputs } from "./types";

/** What is needed to reach a run's store. */
export type StoreAccess = Pick<RunInputs, "kubeconfig" | "context" | "store">;

/** Opens the way to a run's store for as long as it is used. */
export async function withStoreUrl<T>({ kubeconfig, context, store }: StoreAccess, use: (url: string) => Promise<T>): Promise<T> {
  if (store.service === undefined) {
    if (store.url === undefined) {
      throw new Error("neither store.service nor store.url is set");
    }
    return use(store.url);
  }
  const tunnel = await openTunnel(Cluster.connect({ kubeconfig, context }), store.service);
  try {
    return await use(tunnel.url);
  } finally {
    await tunnel.close();
  }
}
