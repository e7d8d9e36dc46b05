// Loaded by package name from the text in users' state: this path and these names are API, do not move them.
import pRetry from "p-retry";
import type { KnownTokens, StoreContent, StoreWish } from "./store-admin";
import { StoreAdmin } from "./store-admin";
import type { ClusterAccess } from "../kube/cluster";
import { Cluster, orUndefined } from "../kube/cluster";
import { openTunnel } from "../kube/tunnel";

/** What the setup of a store is given, as plain values. */
export interface SetupInputs extends StoreWish {
  kubeconfig?: string;
  context?: string;
  namespace: string;
  service: string;
  port: number;
}

/** What it gives: the inputs and what the store said. An empty token is one that is no longer there. */
export interface SetupOutputs extends SetupInputs {
  orgId: string;
  bucketId: string;
  writeTokenId: string;
  writeToken: string;
  readTokenId: string;
  readToken: string;
}

const located = ["namespace", "service", "port", "org", "bucket", "username"] as const;
const adjustable = ["retentionSeconds", "kubeconfig", "context", "adminPassword", "adminToken"] as const;

export function create(inputs: SetupInputs): Promise<{ id: string; outs: SetupOutputs }> {
  const { namespace, service, org, bucket } = inputs;
  return ensure(inputs, {}).then((outs) => ({ id: `${namespace}/${service}/${org}/${bucket}`, outs }));
}

export function update(olds: SetupOutputs, news: SetupInputs): Promise<{ outs: SetupOutputs }> {
  return ensure(news, tokensOf(olds)).then((outs) => ({ outs }));
}

/** The tokens count as changed when they are gone from the store (see `read`), so that the next update makes new ones. */
export function diff(olds: SetupOutputs, news: SetupInputs): { changes: boolean; replaces: string[] } {
  const replaces = located.filter((key) => olds[key] !== news[key]);
  const lost = olds.writeToken === "" || olds.readToken === "";
  return { changes: lost || replaces.length > 0 || adjustable.some((key) => olds[key] !== news[key]), replaces };
}

/** @returns no id where the store, its organisation or its bucket is gone, so that it is set up again */
export async function read(
  id: string,
  props: SetupOutputs,
): Promise<{ id?: string; props?: SetupOutputs; inputs?: SetupInputs }> {
  if (!(await serviceExists(props))) {
    return {};
  }
  const content = await withStore(props, async (admin) => ((await admin.isEmpty()) ? undefined : admin.look(tokensOf(props))));
  if (content === undefined) {
    return {};
  }
  const inputs = { ...inputsOf(props), retentionSeconds: content.retentionSeconds };
  return { id, props: outputs(inputs, content), inputs };
}

async function ensure(inputs: SetupInputs, known: KnownTokens): Promise<SetupOutputs> {
  return outputs(inputs, await withStore(inputs, (admin) => admin.ensure(known)));
}

function serviceExists({ namespace, service, ...access }: SetupInputs): Promise<boolean> {
  const { core } = Cluster.connect(accessOf(access));
  return orUndefined(core.readNamespacedService({ namespace, name: service })).then((found) => found !== undefined);
}

async function withStore<T>(inputs: SetupInputs, use: (admin: StoreAdmin) => Promise<T>): Promise<T> {
  const { namespace, service, port } = inputs;
  const tunnel = await openTunnel(Cluster.connect(accessOf(inputs)), { namespace, service, port });
  try {
    const admin = new StoreAdmin(tunnel.url, inputs);
    // A forwarded connection can be cut while the pod comes up; the store's own answers are not retried.
    await pRetry(() => admin.isEmpty(), { retries: 5, minTimeout: 500 });
    return await use(admin);
  } finally {
    await tunnel.close();
  }
}

function accessOf({ kubeconfig, context }: ClusterAccess): ClusterAccess {
  return { ...(kubeconfig === undefined ? {} : { kubeconfig }), ...(context === undefined ? {} : { context }) };
}

function tokensOf({ writeTokenId, writeToken, readTokenId, readToken }: SetupOutputs): KnownTokens {
  return {
    ...(writeToken === "" ? {} : { write: { id: writeTokenId, token: writeToken } }),
    ...(readToken === "" ? {} : { read: { id: readTokenId, token: readToken } }),
  };
}

function inputsOf(props: SetupInputs): SetupInputs {
  const { namespace, service, port, org, bucket, retentionSeconds, username, adminPassword, adminToken } = props;
  return { ...accessOf(props), namespace, service, port, org, bucket, retentionSeconds, username, adminPassword, adminToken };
}

function outputs(inputs: SetupInputs, content: Omit<StoreContent, "write" | "read"> & KnownTokens): SetupOutputs {
  const { orgId, bucketId, write, read } = content;
  return {
    ...inputsOf(inputs),
    orgId,
    bucketId,
    writeTokenId: write?.id ?? "",
    writeToken: write?.token ?? "",
    readTokenId: read?.id ?? "",
    readToken: read?.token ?? "",
  };
}
