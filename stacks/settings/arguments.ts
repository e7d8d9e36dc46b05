import type { LoadTestArgs, LoadTestPlatformArgs, PlatformOperatorSettings } from "pulumi-k6";
import type { LoadTestSettings, Settings } from "./schema";

/** The arguments of the platform as its stack's settings say. */
export function platformArgs(settings: Settings): LoadTestPlatformArgs {
  const { platform, images, context, kubeconfig } = settings;
  return {
    ...platform,
    store: { ...platform.store, image: images.influxdb },
    gateway: { ...platform.gateway, image: images.telegraf },
    operator: operatorSettings(settings),
    cluster: { context, kubeconfig },
  };
}

/** The k6-operator as the stack's settings say, if there shall be one. */
export function operatorSettings({ platform: { operator }, images }: Settings): PlatformOperatorSettings | undefined {
  return operator === undefined ? undefined : { ...operator, image: images.k6Operator, starterImage: images.starter };
}

/** The arguments of a load test as its stack's settings say. */
export function loadTestArgs(
  { images, reportFolder, platform }: Settings,
  loadTest: LoadTestSettings,
): Omit<LoadTestArgs, "platform"> {
  const engine = platform.operator === undefined ? "job" : "operator";
  return { ...loadTest, engine: loadTest.engine ?? engine, image: images.k6, reportFolder };
}
