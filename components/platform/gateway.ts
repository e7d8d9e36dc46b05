import type * as pulumi from "@pulumi/pulumi";
import type { Problems } from "../errors";
import { MetricsGateway } from "../metrics/gateway/gateway";
import { checkGateway, type MetricsGatewaySettings } from "../metrics/gateway/settings";
import type { InfluxDb } from "../metrics/influxdb";
import type { StoreParts } from "../run/load-test-args";

/** The gateway of a platform. */
export interface PlatformGatewaySettings extends MetricsGatewaySettings {
  /** Whether there is one; else runners write to the store, with a token for it. @default true */
  enabled?: boolean;
}

/** Whether a platform has a gateway. */
export function hasGateway(settings: PlatformGatewaySettings = {}): boolean {
  return settings.enabled ?? true;
}

/** Adds what is wrong with the gateway of a platform, where it has one. */
export function checkPlatformGateway(settings: PlatformGatewaySettings = {}, problems: Problems): void {
  if (hasGateway(settings)) {
    checkGateway(settings, "gateway", problems);
  }
}

/** Puts a gateway before a store: what runs write to is the gateway then, what they are judged by remains the store. */
export function behindGateway(
  name: string,
  args: MetricsGatewaySettings & { namespace: pulumi.Input<string>; store: InfluxDb },
  opts?: pulumi.ComponentResourceOptions,
): StoreParts {
  const { url, org, bucket, writeToken: token, writeTokenId: tokenId, binding } = args.store;
  const gateway = new MetricsGateway(name, { ...args, store: { url, org, bucket, token, tokenId } }, opts);
  const { url: writeUrl, writeSecret, mode } = gateway;
  return { ...binding, writeUrl, writeSecret, mode };
}
