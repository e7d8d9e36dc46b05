import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { removedAtOnce } from "../../kube/annotations";
import { runnerLabels } from "../../kube/labels";
import { configMapContents } from "../harness/files";
import type { Script } from "./source";

/** Names of the ConfigMaps of a load test. */
export interface ScriptConfigMaps {
  scriptConfigMap: pulumi.Output<string>;
  /** Those with what did not fit into the first. */
  moreConfigMaps?: pulumi.Output<string[]>;
}

/** The ConfigMaps with harness and script; one unless the script with its files is too large for it. */
export function scriptConfigMaps(
  test: string,
  namespace: pulumi.Input<string>,
  script: Script,
  opts: pulumi.CustomResourceOptions,
): ScriptConfigMaps {
  const [scriptConfigMap, ...more] = configMapContents(script).map((content, i) => {
    // Named by Pulumi, never twice the same: a failed `pulumi up` leaves the removal of the old one for later, and by then a name made of
    // the content could, after a return to the old script, be the name of the one in use.
    const metadata = { namespace, labels: runnerLabels(test), annotations: removedAtOnce };
    const name = i === 0 ? `${test}-script` : `${test}-script-${i + 1}`;
    return new k8s.core.v1.ConfigMap(name, { metadata, immutable: true, ...content }, opts).metadata.name;
  });
  return { scriptConfigMap, ...(more.length === 0 ? {} : { moreConfigMaps: pulumi.all(more) }) };
}
