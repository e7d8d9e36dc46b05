import type { V1Job } from "@kubernetes/client-node";
import { runnerLabels } from "../kube/labels";
import { placementFields } from "./engines/placement";
import { containerSecurity, podSecurity, scriptFolder, scriptVariables, tmp, variables } from "./engines/pod-parts";
import { hasLoad, loadVariables } from "./script/load-shape";
import { scriptPod } from "./script/pod";
import type { RunInputs } from "./types";

// Long enough to read a log; it is removed as soon as that is done, and this is for a Pulumi that was killed in between.
const ttlSeconds = 60;

/** Name of the Job that asks k6, and of the run that its pod's labels tell, so that nobody takes it for a runner. A run's name has 59 letters at most. */
export function inspectionName(run: string): string {
  return `${run}-ask`;
}

/** A pod as a runner's is, with the same script, image, secrets and volumes, that asks k6 about the script and ends. */
export function inspectionJob(inputs: RunInputs): V1Job {
  const { namespace, test, run, image, imagePullPolicy, resources, env, startDeadlineSeconds, load = {}, script = {} } = inputs;
  const name = inspectionName(run);
  // Those of the test's runners, for their policies: a script may import from where they may fetch.
  const labels = runnerLabels(test, name);
  const own = scriptPod(inputs);
  const settings = {
    ...(script.archive === undefined ? {} : { MAIN: script.archive }),
    ...(hasLoad(load)
      ? {
          LOAD: Object.entries(loadVariables(load))
            .map((pair) => pair.join("="))
            .join(" "),
        }
      : {}),
    K6_AUTO_EXTENSION_RESOLUTION: "false",
  };
  return {
    metadata: { name, namespace, labels },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: startDeadlineSeconds,
      ttlSecondsAfterFinished: ttlSeconds,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: podSecurity,
          ...placementFields(inputs.placement),
          containers: [
            {
              name: "k6",
              image,
              imagePullPolicy,
              command: ["sh", `${scriptFolder}/inspect.sh`],
              args: [...own.inspectArgs, ...scriptVariables(env)],
              env: [...variables(settings), ...own.env],
              resources: { requests: { ...resources }, limits: { ...resources } },
              securityContext: containerSecurity,
              volumeMounts: [{ name: "script", mountPath: scriptFolder, readOnly: true }, tmp.mount, ...own.volumeMounts],
            },
          ],
          volumes: [{ name: "script", configMap: { name: inputs.scriptConfigMap } }, tmp.volume, ...own.volumes],
        },
      },
    },
  };
}
