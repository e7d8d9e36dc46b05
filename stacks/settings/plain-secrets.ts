import type { Problems } from "pulumi-k6/dist/errors";
import type { Settings } from "./schema";

/**
 * Refuses secrets of load tests that stand in clear in the settings: Pulumi copies settings into its state as they are.
 *
 * Pulumi tells only whether a key of the settings has a secret anywhere in it, and then keeps all of it encrypted in its state. So beside a
 * secret that is encrypted one that is not cannot be seen here.
 *
 * @param secretKeys keys of the settings, e.g. `loadTests`, that hold a secret
 */
export function checkPlainSecrets({ loadTests }: Settings, secretKeys: ReadonlySet<string>, problems: Problems): void {
  const key = "loadTests" satisfies keyof Settings;
  if (secretKeys.has(key)) {
    return;
  }
  for (const [test, { secrets = {} }] of Object.entries(loadTests)) {
    for (const name of Object.keys(secrets)) {
      problems.add(
        `${key}.${test}.secrets.${name}`,
        `stands in clear in the settings. Run \`pulumi config set --secret --path '${key}.${test}.secrets["${name}"]'\`, ` +
          "which asks for the value and encrypts it, and change the secret where it counts if others have seen this file.",
      );
    }
  }
}
