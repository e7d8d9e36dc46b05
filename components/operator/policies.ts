import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labelKeys } from "../kube/labels";
import { runnerApiPort } from "../network/platform-rules";
import { metricsPort } from "./controller-pod";

type PolicySpec = k8s.types.input.networking.v1.NetworkPolicySpec;
type Peer = k8s.types.input.networking.v1.NetworkPolicyPeer;

/** Where the API server answers, as pods reach it behind its Service. */
export interface ApiServerAddress {
  /** @default anywhere: a policy cannot name the API server */
  cidrs?: string[];
  /** @default [443, 6443] */
  ports?: number[];
}

// Labels that k6-operator puts on every pod of a run, and on its runners.
const runPods = { app: "k6" };
const runnerPods = { ...runPods, runner: "true" };

const runnerApi = [{ protocol: "TCP", port: runnerApiPort }];

/** What the controller may reach and who may reach it; everything else is closed. */
export function controllerPolicy(
  labels: pulumi.Input<Record<string, string>>,
  namespaces: pulumi.Input<string>[] | undefined,
  { cidrs = [], ports = [443, 6443] }: ApiServerAddress = {},
): PolicySpec {
  const runners = { podSelector: { matchLabels: runnerPods }, namespaceSelector: inNamespaces(namespaces) };
  return {
    podSelector: { matchLabels: labels },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ protocol: "TCP", port: metricsPort }] }],
    egress: [
      {
        ...(cidrs.length === 0 ? {} : { to: cidrs.map((cidr) => ({ ipBlock: { cidr } })) }),
        ports: ports.map((port) => ({ protocol: "TCP", port })),
      },
      { to: [runners], ports: runnerApi },
      {
        to: [inNamespace("kube-system", { "k8s-app": "kube-dns" })],
        ports: ["UDP", "TCP"].map((protocol) => ({ protocol, port: 53 })),
      },
    ],
  };
}

/** Lets the controller ask runners whether they are ready, and starters start them, in a namespace that is otherwise closed. */
export function runnerPolicy(
  labels: pulumi.Input<Record<string, string>>,
  controllerNamespace: pulumi.Input<string>,
): PolicySpec {
  const starters = { podSelector: { matchLabels: runPods } };
  return {
    podSelector: { matchLabels: runnerPods },
    policyTypes: ["Ingress"],
    ingress: [{ from: [inNamespace(controllerNamespace, labels), starters], ports: runnerApi }],
  };
}

/** Labels for `starter.metadata.labels` of a TestRun by which `starterPolicy` knows its starter: k6-operator gives it none of its own. */
export const starterLabels = { [labelKeys.role]: "starter" } as const;

/**
 * The other end of `runnerPolicy`: starters reach runners by address, and need no names. It selects by `starterLabels` alone, since a
 * policy on all pods of runs would close off what runners reach in a namespace that is open.
 */
export const starterPolicy: PolicySpec = {
  podSelector: { matchLabels: starterLabels },
  policyTypes: ["Egress"],
  egress: [{ to: [{ podSelector: { matchLabels: runnerPods } }], ports: runnerApi }],
};

function inNamespace(namespace: pulumi.Input<string>, matchLabels: pulumi.Input<Record<string, string>>): Peer {
  return { namespaceSelector: inNamespaces([namespace]), podSelector: { matchLabels } };
}

// Kubernetes labels every namespace with its name.
function inNamespaces(values: pulumi.Input<string>[] | undefined): k8s.types.input.meta.v1.LabelSelector {
  return values === undefined ? {} : { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values }] };
}
