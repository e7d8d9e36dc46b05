import type * as pulumi from "@pulumi/pulumi";
import { LoadTestAlerts } from "../alerts/alerts";
import { AlertDefinitions } from "../alerts/definitions";
import { defaultStorageSize } from "../metrics/influxdb-stateful-set";
import { hasGateway } from "./gateway";
import { operatorNamespace } from "./operator-settings";
import type { LoadTestPlatformArgs } from "./platform";

/** Asks whether the cluster can have alerts, where they are wished: everything else of the platform waits for the answer. */
export function alertDefinitions(
  name: string,
  { alerts, cluster = {} }: LoadTestPlatformArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return alerts === undefined ? [] : [new AlertDefinitions(`${name}-alerts`, cluster, opts)];
}

/**
 * Watches what a platform has, where that is wished.
 *
 * @param platform name of the platform's namespace, by which its operator's is called
 */
export function platformAlerts(
  name: string,
  { alerts, gateway, store = {}, operator }: LoadTestPlatformArgs,
  namespace: pulumi.Input<string>,
  platform: string,
  opts: pulumi.ComponentResourceOptions,
): void {
  if (alerts !== undefined) {
    new LoadTestAlerts(
      `${name}-alerts`,
      {
        ...alerts,
        namespace,
        gateway: hasGateway(gateway),
        ...(store.bind === undefined ? { storageSize: store.storageSize ?? defaultStorageSize } : {}),
        ...(operator === undefined
          ? {}
          : { operator: { namespace: operatorNamespace(platform, operator), isAdopted: operator.adopt ?? false } }),
      },
      opts,
    );
  }
}
