import type { V1OwnerReference } from "@kubernetes/client-node";
import { runnerLabels } from "../../../kube/labels";
import type { TestRun } from "../../../kube/test-runs";
import { isPutTogether, scriptPod } from "../../script/pod";
import type { RunInputs } from "../../types";
import {
  apiPort,
  containerSecurity,
  helperLabels,
  notEvicted,
  outputArguments,
  outputVariables,
  podSecurity,
  scriptFolder,
  scriptVariables,
  spread,
  terminationLog,
  tmp,
  variables,
} from "../pod-parts";
import { placementFields } from "../placement";
import { serviceNamePattern } from "./layout";
import { endGraceSeconds } from "./tend";

// Where `k6` is looked for in a runner: first the folder with our own operator.sh, then where images have it.
const launcherFolder = "/pulumi-k6";
const path = [launcherFolder, "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"].join(":");
const own = `http://127.0.0.1:${apiPort}`;

/** The TestRun of a run. It says everything itself: of k6-operator's defaults, some are floating images and some make starts slow. */
export function testRunManifest(inputs: RunInputs, owner: V1OwnerReference): TestRun {
  const { namespace, test, run, runners, scriptConfigMap } = inputs;
  return {
    metadata: { name: run, namespace, labels: runnerLabels(test, run), ownerReferences: [owner] },
    spec: {
      script: { configMap: { name: scriptConfigMap, file: "main.js" } },
      parallelism: runners,
      quiet: "true",
      paused: "true",
      args: k6Arguments(inputs),
      initializer: initializer(inputs),
      runner: runner(inputs),
      starter: starter(inputs),
    },
  };
}

/** One command line for all runners, and for `k6 archive` in the initializer; what only one of them does is in operator.sh. */
function k6Arguments(inputs: RunInputs): string[] {
  return [
    // Setup is called once and before the start, by the barrier.
    "--no-setup",
    "--no-color",
    "--no-usage-report",
    "--include-system-env-vars=false",
    "--tag",
    `testid=${inputs.run}`,
    "-e",
    `PULUMI_K6_TOTALS=${terminationLog}`,
    ...outputArguments(inputs),
    ...scriptPod(inputs).args,
    ...scriptVariables(inputs.env),
  ];
}

const pod = {
  automountServiceAccountToken: "false",
  securityContext: podSecurity,
  containerSecurityContext: containerSecurity,
};

// Nothing is fetched from anywhere while a run starts.
const common = { K6_AUTO_EXTENSION_RESOLUTION: "false" };

/** Our own operator.sh, in the place where a pod looks for k6. */
function launcher({ scriptConfigMap }: RunInputs) {
  const items = [{ key: "operator.sh", path: "k6", mode: 0o555 }];
  return {
    settings: { PATH: path, FOLDER: scriptFolder },
    volume: { name: "launcher", configMap: { name: scriptConfigMap, items } },
    mount: { name: "launcher", mountPath: launcherFolder, readOnly: true },
  };
}

/** Reads the script as the runners will, without the store's password. */
function initializer(inputs: RunInputs): object {
  const { image, imagePullPolicy, resources } = inputs;
  const script = scriptPod(inputs);
  const { settings, volume, mount } = launcher(inputs);
  const isOurs = isPutTogether(inputs);
  return {
    ...pod,
    image,
    imagePullPolicy,
    metadata: { labels: helperLabels(inputs, "initializer") },
    resources: { requests: { ...resources }, limits: { ...resources } },
    env: [...variables({ ...common, ...(isOurs ? settings : {}) }), ...script.env],
    volumes: [tmp.volume, ...(isOurs ? [volume] : []), ...script.volumes],
    volumeMounts: [tmp.mount, ...(isOurs ? [mount] : []), ...script.volumeMounts],
  };
}

function runner(inputs: RunInputs): object {
  const { test, run, namespace, image, imagePullPolicy, resources, runners, deadlineSeconds, startDeadlineSeconds } = inputs;
  const script = scriptPod(inputs);
  const { settings: place, volume, mount } = launcher(inputs);
  const settings = {
    ...common,
    ...place,
    RUNNERS: String(runners),
    PEER: `http://${serviceNamePattern(run)}.${namespace}.svc:${apiPort}`,
    OWN: own,
    TOTALS: terminationLog,
    START_DEADLINE: String(startDeadlineSeconds),
    DEADLINE: String(deadlineSeconds),
    GRACE: String(endGraceSeconds),
  };
  return {
    ...pod,
    image,
    imagePullPolicy,
    metadata: { labels: runnerLabels(test, run), annotations: notEvicted },
    resources: { requests: { ...resources }, limits: { ...resources } },
    env: [
      ...variables(settings),
      // The operator names a runner's Job by its number, and knows no variables of one runner.
      { name: "RUNNER", valueFrom: { fieldRef: { fieldPath: "metadata.labels['job-name']" } } },
      ...outputVariables(inputs),
      ...script.env,
    ],
    // k6 knows this metric once it has run a function: setup() in the first runner, our own in the others (see ready.js). Until all have,
    // the operator starts nobody.
    readinessProbe: { httpGet: { path: "/v1/metrics/data_sent", port: apiPort }, periodSeconds: 1, timeoutSeconds: 5 },
    // The operator's default kills a runner that is short of CPU: timeout 1 s, three times.
    livenessProbe: {
      httpGet: { path: "/v1/status", port: apiPort },
      initialDelaySeconds: 30,
      periodSeconds: 10,
      timeoutSeconds: 10,
      failureThreshold: 6,
    },
    ...placementFields(inputs.placement),
    topologySpreadConstraints: spread(inputs),
    volumes: [tmp.volume, volume, ...script.volumes],
    volumeMounts: [tmp.mount, mount, ...script.volumeMounts],
  };
}

/** Its default of 100m of CPU lets runners start 75 ms apart each; with 1 CPU it is 11 ms (measured with 20 runners). */
function starter(inputs: RunInputs): object {
  return {
    ...pod,
    image: inputs.starterImage,
    imagePullPolicy: inputs.imagePullPolicy,
    metadata: { labels: helperLabels(inputs, "starter") },
    resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "1", memory: "64Mi" } },
  };
}
