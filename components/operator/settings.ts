import type * as k8s from "@pulumi/kubernetes";
import type { ApiServerAddress } from "./policies";

/** How a k6-operator is deployed, or that one is used that is already there. */
export interface OperatorSettings {
  /** Use the operator that is already there, and create no other. @default false */
  adopt?: boolean;
  /** Image of the controller, by version or digest. @default "ghcr.io/grafana/k6-operator:controller-v1.6.0" */
  image?: string;
  /** Version of k6-operator, where the image's tag does not tell it. */
  version?: string;
  /** Image of starters, by version or digest: one with a shell and curl. @default the one that was released with the controller */
  starterImage?: string;
  /** Most runners at a time in all watched namespaces; memory is sized by it. @default 20 */
  expectedRunners?: number;
  /** Requests and limits instead of what `expectedRunners` gives. */
  resources?: k8s.types.input.core.v1.ResourceRequirements;
  /** More than one elect a leader. @default 1 */
  replicas?: number;
  priorityClassName?: string;
  /** Names of Secrets in the operator's namespace. @default none */
  imagePullSecrets?: string[];
  nodeSelector?: Record<string, string>;
  tolerations?: k8s.types.input.core.v1.Toleration[];
  /** Install the CustomResourceDefinitions; `false` where somebody else does. They stay when this component goes. @default true */
  manageCrds?: boolean;
  /** Narrows what the operator may reach as API server. @default ports 443 and 6443 anywhere */
  apiServer?: ApiServerAddress;
  /** Seconds in which the operator must react to a TestRun. @default 90 */
  readySeconds?: number;
}
