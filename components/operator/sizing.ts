/** Requests and limits of a container, in Kubernetes' own shape. */
export interface ContainerResources {
  requests: Record<string, string>;
  limits: Record<string, string>;
}

// Measured: 49 MB resident when idle with an empty cluster, 56 MB with 20 runners, so 0.35 MB a runner with its pod, Job and Service.
const idleMi = 49;
const perRunnerMi = 0.35;
// Go's collector lets the heap double, and the first list of a watch holds everything twice.
const safety = 2;
// The published default of 100 Mi was seen to run out of memory where the cluster has many other pods, which are cached too.
const leastMi = 256;
const stepMi = 64;

/** Memory for a controller with this many runners at a time in the namespaces that it watches, mebibytes. */
export function controllerMemoryMi(expectedRunners: number): number {
  const needed = safety * (idleMi + perRunnerMi * expectedRunners);
  return Math.max(leastMi, Math.ceil(needed / stepMi) * stepMi);
}

/**
 * Resources of the controller. Memory is guaranteed. CPU may burst: starting 20 runners took 0.46 s of CPU time, which the published limit
 * of 100m would stretch to 5 s in which nothing starts.
 */
export function controllerResources(expectedRunners: number): ContainerResources {
  const memory = `${controllerMemoryMi(expectedRunners)}Mi`;
  return { requests: { cpu: "100m", memory }, limits: { cpu: "500m", memory } };
}
