import type { V1Container, V1Deployment } from "@kubernetes/client-node";
import type { Cluster } from "../kube/cluster";
import { parseImage, versionOfTag } from "./image";

/** A controller of k6-operator as it is deployed. */
export interface Controller {
  /** `<namespace>/<deployment>` */
  name: string;
  namespace: string;
  image: string;
  /** `app.kubernetes.io/version` of the Deployment, where it has it. */
  labelledVersion?: string;
  /** The namespaces that it watches, where that is said in plain; none: all. */
  watched?: string[];
  /** Labels of its pods. */
  selector: Record<string, string>;
  replicas: number;
  availableReplicas: number;
}

/** Finds the Deployment that runs k6-operator in a namespace, or says why there is none to use. */
export async function findController(
  cluster: Cluster,
  { namespace, deployment }: { namespace: string; deployment: string },
): Promise<{ controller: Controller } | { problem: string }> {
  const { items } = await cluster.apps.listNamespacedDeployment({ namespace });
  return chooseController(items, namespace, deployment);
}

/** Of the Deployments of a namespace, the one with this name, or the only one that runs k6-operator. */
export function chooseController(
  deployments: V1Deployment[],
  namespace: string,
  name: string,
): { controller: Controller } | { problem: string } {
  const candidates = deployments.flatMap((deployment) => {
    const container = containerOf(deployment, name);
    return container === undefined ? [] : [controllerOf(deployment, container, namespace)];
  });
  if (candidates.length === 1) {
    return { controller: candidates[0] };
  }
  const wanted = name === "" ? "runs an image called k6-operator" : `is called ${name}`;
  return {
    problem:
      candidates.length === 0
        ? `operator: none of the ${deployments.length} Deployments in namespace ${namespace} ${wanted}. Give the namespace that k6-operator is installed in, or leave out \`adopt\` to install it.`
        : `operator: ${candidates.length} Deployments in namespace ${namespace} run k6-operator: ${candidates.map((candidate) => candidate.name).join(", ")}. They disturb each other; remove all but one.`,
  };
}

/** The version that a controller runs: told, by its image's tag, or by its label. */
export function versionOfController({ image, labelledVersion }: Controller, statedVersion: string): string | undefined {
  return statedVersion || versionOfTag(parseImage(image)?.tag ?? "") || versionOfTag(labelledVersion ?? "") || undefined;
}

/** Says so when a controller is known not to watch a namespace. */
export function namespaceProblem({ watched }: Controller, namespace: string): string | undefined {
  return watched === undefined || watched.includes(namespace)
    ? undefined
    : `It watches only ${watched.join(", ")}, not ${namespace}. Add ${namespace} to its WATCH_NAMESPACES, or run in a namespace that it watches.`;
}

function containerOf({ metadata, spec }: V1Deployment, name: string): V1Container | undefined {
  const containers = spec?.template.spec?.containers ?? [];
  if (name !== "") {
    return metadata?.name === name ? containers[0] : undefined;
  }
  return containers.find(({ image = "" }) => parseImage(image)?.repository.split("/").at(-1) === "k6-operator");
}

function controllerOf({ metadata, spec, status }: V1Deployment, container: V1Container, namespace: string): Controller {
  const labelledVersion = metadata?.labels?.["app.kubernetes.io/version"];
  const watched = watchedBy(container, namespace);
  return {
    name: `${namespace}/${metadata?.name}`,
    namespace,
    image: container.image ?? "",
    ...(labelledVersion === undefined ? {} : { labelledVersion }),
    ...(watched === undefined ? {} : { watched }),
    selector: spec?.selector.matchLabels ?? {},
    replicas: spec?.replicas ?? 1,
    availableReplicas: status?.availableReplicas ?? 0,
  };
}

/** The longer list wins, as in the controller. */
function watchedBy({ env = [] }: V1Container, namespace: string): string[] | undefined {
  const variable = ["WATCH_NAMESPACES", "WATCH_NAMESPACE"]
    .map((name) => env.find((candidate) => candidate.name === name))
    .find((found) => found !== undefined);
  const value = variable?.valueFrom?.fieldRef?.fieldPath === "metadata.namespace" ? namespace : variable?.value;
  return value === undefined || value === "" ? undefined : value.split(",").map((part) => part.trim());
}
