import type { Problems } from "pulumi-k6/dist/errors";
import type { Settings } from "./schema";

type Key = keyof Settings;

/**
 * Refuses secrets that stand in clear in the settings: Pulumi copies settings into its state as they are.
 *
 * Pulumi tells only whether a key of the settings has a secret anywhere in it, and then keeps all of it encrypted in its state. So beside a
 * secret that is encrypted one that is not cannot be seen here.
 *
 * @param secretKeys keys of the settings, e.g. `loadTests`, that hold a secret
 */
export function checkPlainSecrets(settings: Settings, secretKeys: ReadonlySet<string>, problems: Problems): void {
  const { platform, loadTests } = settings;
  const ofTests = Object.entries(loadTests).flatMap(([test, { secrets = {} }]) =>
    Object.keys(secrets).map((name) => ({ at: [test, "secrets", name], as: `${test}.secrets["${name}"]` })),
  );
  refuse("loadTests", ofTests);
  const { token, annotationToken } = platform.grafana?.bind ?? {};
  const given = {
    "store.bind.token": platform.store.bind?.token,
    "grafana.bind.token": token,
    "grafana.bind.annotationToken": annotationToken,
  };
  const ofPlatform = Object.entries(given).filter(([, value]) => value !== undefined);
  refuse(
    "platform",
    ofPlatform.map(([as]) => ({ at: as.split("."), as })),
  );

  if (isContent(settings.kubeconfig) && !secretKeys.has("kubeconfig")) {
    problems.add(
      "kubeconfig",
      "stands in clear in the settings, with the keys in it. Run `pulumi config set --secret kubeconfig < FILE`, or give the path of the file.",
    );
  }

  function refuse(key: Key, secrets: { at: string[]; as: string }[]): void {
    for (const { at, as } of secretKeys.has(key) ? [] : secrets) {
      problems.add(
        [key, ...at].join("."),
        `stands in clear in the settings. Run \`pulumi config set --secret --path '${key}.${as}'\`, ` +
          "which asks for the value and encrypts it, and change the secret where it counts if others have seen this file.",
      );
    }
  }
}

/** Whether a kubeconfig is no path: it has lines, or is JSON. */
function isContent(kubeconfig = ""): boolean {
  return /^\{|\n/.test(kubeconfig.trim());
}
