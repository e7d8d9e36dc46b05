import { k6Image } from "../engines/bench";

/** Namespaces with something wrong about them; in `open` all is as it should be. */
export const placeNames = ["open", "full", "limited", "injected", "guarded", "held", "probed", "counted"] as const;
/** Namespaces of which k6-operator takes no care, or only in part. */
export const operatorPlaceNames = ["unwatched", "frozen", "blocked"] as const;

export type PlaceName = (typeof placeNames)[number] | (typeof operatorPlaceNames)[number];

/** All that a place needs but for the open one's target, to which its runners may send what they like. */
export function placeObjects(place: PlaceName, namespace: string): object[] {
  const labels = place === "injected" ? { "pod-security.kubernetes.io/enforce": "restricted" } : {};
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "store-write", namespace },
      stringData: { username: "k6", password: "k6" },
    },
    ...(faults[place]?.(namespace) ?? []),
  ];
}

/** Name of the cluster-wide objects of a place, which do not go with its namespace; their kinds are `admissionKinds`. */
export function policyName(namespace: string): string {
  return `rules.${namespace}`;
}

export const admissionKinds = [
  "mutatingadmissionpolicybinding",
  "mutatingadmissionpolicy",
  "validatingadmissionpolicybinding",
  "validatingadmissionpolicy",
];

const faults: Partial<Record<PlaceName, (namespace: string) => object[]>> = {
  full: (namespace) => [quota(namespace, { "requests.cpu": "50m" })],
  // The initializer's and one runner's.
  counted: (namespace) => [quota(namespace, { "count/jobs.batch": "2" })],
  limited: (namespace) => [
    {
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: { name: "small", namespace },
      spec: { limits: [{ type: "Container", max: { memory: "64Mi" } }] },
    },
  ],
  injected: (namespace) =>
    mutating(
      namespace,
      `Object.spec{initContainers: [Object.spec.initContainers{name: "proxy-init", image: "${k6Image}", ` +
        "securityContext: Object.spec.initContainers.securityContext{privileged: true}}]}",
    ),
  // Nobody listens on the port.
  probed: (namespace) =>
    mutating(
      namespace,
      'Object.spec{containers: [Object.spec.containers{name: "k6", livenessProbe: Object.spec.containers.livenessProbe{' +
        'httpGet: Object.spec.containers.livenessProbe.httpGet{path: "/v1/status", port: 6566}, ' +
        "initialDelaySeconds: 8, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 1}}]}",
    ),
  guarded: (namespace) => [
    policy("ValidatingAdmissionPolicy", namespace, {
      validations: [
        {
          expression: "has(object.metadata.labels) && 'team' in object.metadata.labels",
          message: "every pod needs the label team",
        },
      ],
    }),
    binding("ValidatingAdmissionPolicyBinding", namespace, { validationActions: ["Deny"] }),
  ],
  held: (namespace) => mute(namespace),
};

function quota(namespace: string, hard: Record<string, string>): object {
  return { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "load", namespace }, spec: { hard } };
}

function mutating(namespace: string, spec: string): object[] {
  return [
    policy("MutatingAdmissionPolicy", namespace, {
      reinvocationPolicy: "Never",
      mutations: [{ patchType: "ApplyConfiguration", applyConfiguration: { expression: `Object{spec: ${spec}}` } }],
    }),
    binding("MutatingAdmissionPolicyBinding", namespace, {}),
  ];
}

function policy(kind: string, namespace: string, spec: object): object {
  const pods = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] };
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind,
    metadata: { name: policyName(namespace) },
    spec: { failurePolicy: "Fail", matchConstraints: { resourceRules: [pods] }, ...spec },
  };
}

function binding(kind: string, namespace: string, spec: object): object {
  const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": namespace } };
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind,
    metadata: { name: policyName(namespace) },
    spec: { policyName: policyName(namespace), matchResources: { namespaceSelector }, ...spec },
  };
}

/** A server that takes connections and answers in an hour. */
function mute(namespace: string): object[] {
  const labels = { app: "mute" };
  const env = [{ name: "DELAY", value: "1h" }];
  return [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "mute", namespace, labels },
      spec: { terminationGracePeriodSeconds: 0, containers: [{ name: "mute", image: "lab.local/target:1", env }] },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "mute", namespace },
      spec: { selector: labels, ports: [{ port: 8080 }] },
    },
  ];
}
