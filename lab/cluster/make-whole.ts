import { Cluster } from "../../components/kube/cluster";
import type { LabParts } from "../build/parts";
import { watchUntil } from "./api";
import { applyManifests } from "./apply";
import { checkHealth, daemonStates, isApiReady, isFrom, type NodeView, readySince } from "./health";
import { loadMissingImages } from "./images";
import { imageNamed, labManifests } from "./lab-files";
import type { Layout } from "./layout";
import { isAlive, type Namespace } from "./namespace";
import { LabGone, persistently, until, withPatience } from "./patience";

/** Tells a person what is being done. */
export type Tell = (line: string) => void;

// A slow machine under load needs a quarter of this.
const timeoutMs = 180_000;

// A pod made before its namespace has an account is refused.
const defaultAccounts = "/api/v1/namespaces/default/serviceaccounts";

/**
 * Waits for a started lab's daemons, gives it its images and objects, and waits until all is well.
 *
 * @throws {LabGone} when the lab ends meanwhile
 */
export async function makeWhole(layout: Layout, parts: LabParts, namespace: Namespace, tell: Tell): Promise<void> {
  const cluster = Cluster.connect({ kubeconfig: layout.adminKubeconfig });
  const steps = new Steps(tell);
  let problems: string[] = [];
  const isWell = async (): Promise<boolean> => {
    problems = await problemsOf(layout, parts, cluster, namespace);
    return problems.length === 0;
  };
  const apply = (): Promise<void> => applyManifests(cluster, labManifests(layout, parts));
  const work = async (signal: AbortSignal): Promise<void> => {
    const serving = steps.do(
      "API server ready",
      until(() => isApiReady(cluster), signal),
    );
    const own = [imageNamed(parts, "pause"), imageNamed(parts, "coredns")];
    const images = loadMissingImages(parts.images, own, namespace, signal);
    await Promise.all([
      steps.do("images loaded", images.all),
      // Not before its image is there: the kubelet would wait ten seconds before it looks again.
      Promise.all([serving, images.first]).then(() => steps.do("objects applied", persistently(apply, signal))),
      serving.then(() => steps.do("node ready", nodeReady(layout, cluster, signal))),
      serving.then(() =>
        steps.do(
          "accounts served",
          persistently(() => watchUntil(cluster, defaultAccounts, () => true, signal), signal),
        ),
      ),
    ]);
    await steps.do("all well", until(isWell, signal));
  };
  const found = (): string => (problems.length === 0 ? "" : `: ${problems.join("; ")}`);
  await withPatience(work, { isAlive: () => isAlive(namespace), timeoutMs, found }).catch(async (error: unknown) => {
    throw error instanceof LabGone ? error : new Error(await failure(layout, steps.open, error), { cause: error });
  });
}

/** Tells of each step when it is done, and knows which are not. */
class Steps {
  readonly open = new Set<string>();

  constructor(private readonly tell: Tell) {}

  async do(title: string, work: Promise<unknown>): Promise<void> {
    const started = Date.now();
    this.open.add(title);
    await work;
    this.open.delete(title);
    this.tell(`${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  }
}

async function problemsOf(layout: Layout, parts: LabParts, cluster: Cluster, namespace: Namespace): Promise<string[]> {
  const references = parts.images.map(({ reference }) => reference);
  const checks = await checkHealth(layout, cluster, namespace, references);
  return checks.filter(({ isWell }) => !isWell).map(({ name, found }) => `${name}: ${found}`);
}

async function nodeReady(layout: Layout, cluster: Cluster, signal: AbortSignal): Promise<void> {
  let since: number | undefined;
  const hasKubelet = async (): Promise<boolean> => {
    since = (await daemonStates(layout)).find(({ name }) => name === "kubelet")?.since;
    return since !== undefined;
  };
  await until(hasKubelet, signal);
  const isReady = (node: NodeView): boolean => isFrom(since, readySince(node));
  await persistently(() => watchUntil(cluster, "/api/v1/nodes", isReady, signal), signal);
}

async function failure(layout: Layout, open: ReadonlySet<string>, error: unknown): Promise<string> {
  const troubled = (await daemonStates(layout)).filter(({ pid, restarts }) => pid === undefined || restarts > 0);
  return [
    `the lab did not come up: waiting for ${[...open].join(", ")}: ${error instanceof Error ? error.message : String(error)}`,
    ...troubled.map(
      ({ name, restarts, lastEnd }) =>
        `  ${name} ${lastEnd === undefined ? "was not started" : `ended ${restarts} times, last with ${lastEnd}`}`,
    ),
    `Logs: ${layout.logs}. Start over from nothing: npm run lab -- down, then up`,
  ].join("\n");
}
