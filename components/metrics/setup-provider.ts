// Loaded by package name from the text in users' state: this path and these names are API, do not move them.
import type { StoreAccess } from "./admin/access";
import { withStore } from "./admin/access";
import type { FirstSetup } from "./admin/first-setup";
import { ensureSetUp } from "./admin/first-setup";
import { changed, plain } from "../state-values";
import { lookInStore } from "./admin/state";
import type { ClusterAccess } from "../kube/cluster";

/** What the first set-up of a store is given, as plain values. */
export interface SetupInputs extends ClusterAccess, FirstSetup {
  namespace: string;
  service: string;
  port: number;
  org: string;
}

/** What it gives: the inputs and the organisation. */
export interface SetupOutputs extends SetupInputs {
  orgId: string;
}

/** States of earlier versions hold tokens here, which are resources of their own now (`StoreToken`). */
interface EarlierOutputs {
  writeToken?: string;
}

// The first bucket is made with the set-up; from then on it is a `StoreBucket`.
const located = ["namespace", "service", "port", "org", "username"] as const;
const adjustable = ["kubeconfig", "context", "adminPassword", "adminToken"] as const;

export function create(inputs: SetupInputs): Promise<{ id: string; outs: SetupOutputs }> {
  const { namespace, service, org, bucket } = inputs;
  return ensure(inputs).then((outs) => ({ id: `${namespace}/${service}/${org}/${bucket}`, outs }));
}

export function update(_olds: SetupOutputs, news: SetupInputs): Promise<{ outs: SetupOutputs }> {
  return ensure(news).then((outs) => ({ outs }));
}

export function diff(olds: SetupOutputs & EarlierOutputs, news: SetupInputs): { changes: boolean; replaces: string[] } {
  const replaces = changed(located, olds, news);
  const isEarlier = olds.writeToken !== undefined;
  return { changes: isEarlier || replaces.length > 0 || changed(adjustable, olds, news).length > 0, replaces };
}

/** @returns no id where the store or its organisation is gone, so that it is set up again */
export async function read(
  id: string,
  props: SetupOutputs,
): Promise<{ id?: string; props?: SetupOutputs; inputs?: SetupInputs }> {
  const orgId = await lookInStore(accessOf(props), (client) => client.findOrgId());
  if (orgId === undefined) {
    return {};
  }
  const inputs = inputsOf(props);
  return { id, props: { ...inputs, orgId }, inputs };
}

async function ensure(inputs: SetupInputs): Promise<SetupOutputs> {
  const orgId = await withStore(accessOf(inputs), (client) => ensureSetUp(client, inputs));
  return { ...inputsOf(inputs), orgId };
}

function accessOf({ kubeconfig, context, namespace, service, port, org, adminToken }: SetupInputs): StoreAccess {
  return plain({ kubeconfig, context, service: { namespace, service, port }, org, adminToken });
}

function inputsOf({ kubeconfig, context, ...props }: SetupInputs): SetupInputs {
  const { namespace, service, port, org, bucket, retentionSeconds, username, adminPassword, adminToken } = props;
  const given = { namespace, service, port, org, bucket, retentionSeconds, username, adminPassword, adminToken };
  return plain({ kubeconfig, context, ...given });
}
