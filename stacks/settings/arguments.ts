import type { GrafanaSettings, LoadTestArgs, LoadTestPlatformArgs, PlatformOperatorSettings } from "pulumi-k6";
import type { LoadTestSettings, Settings } from "./schema";

/** The arguments of the platform as its stack's settings say. */
export function platformArgs(settings: Settings): LoadTestPlatformArgs {
  const { platform, images, context, kubeconfig } = settings;
  return {
    ...platform,
    // Of a store that is bound the image is its owner's affair.
    store: platform.store.bind === undefined ? { ...platform.store, image: images.influxdb } : platform.store,
    gateway: { ...platform.gateway, image: images.telegraf },
    operator: operatorSettings(settings),
    ...(platform.grafana === undefined ? {} : { grafana: grafanaSettings(platform.grafana, images) }),
    cluster: { context, kubeconfig },
  };
}

/** Of a Grafana that is bound the image is its owner's affair. */
function grafanaSettings(grafana: NonNullable<Settings["platform"]["grafana"]>, images: Settings["images"]): GrafanaSettings {
  return grafana.bind === undefined ? { ...grafana, image: images.grafana } : grafana;
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
