import { orUndefined, Cluster } from "../../kube/cluster";
import { plain } from "../../state-values";
import { withStore, type StoreAccess } from "./access";
import type { StoreClient } from "./client";

/** Names of the inputs that say how a store is reached. Another way to it is taken over, and what is there is looked for anew. */
export const accessKeys = ["kubeconfig", "context", "service", "url", "adminToken"] as const;

/** The way to a store out of a resource's properties. */
export function accessOf({ kubeconfig, context, service, url, org, adminToken }: StoreAccess): StoreAccess {
  return plain({ kubeconfig, context, service, url, org, adminToken });
}

/**
 * Looks at what is in a store.
 *
 * @returns `undefined` also where the store's Service is gone, or the store is empty again: then nothing of ours is there
 * @throws where a store that is reached by its address does not answer
 */
export async function lookInStore<T>(
  access: StoreAccess,
  look: (client: StoreClient) => Promise<T | undefined>,
): Promise<T | undefined> {
  if (!(await isThere(access))) {
    return undefined;
  }
  return withStore(access, async (client) => ((await client.isEmpty()) ? undefined : look(client)));
}

/**
 * Removes something from a store; fine where the store is empty again, or its Service is gone.
 *
 * @throws where a store that is reached by its address does not answer: it may be back tomorrow, with what is in it
 */
export async function removeFromStore(access: StoreAccess, remove: (client: StoreClient) => Promise<void>): Promise<void> {
  await lookInStore(access, remove);
}

async function isThere({ service, ...access }: StoreAccess): Promise<boolean> {
  if (service === undefined) {
    return true;
  }
  const { core } = Cluster.connect(plain({ kubeconfig: access.kubeconfig, context: access.context }));
  const { namespace, service: name } = service;
  return (await orUndefined(core.readNamespacedService({ namespace, name }))) !== undefined;
}
