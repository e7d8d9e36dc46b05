import { Cluster } from "../../../components/kube/cluster";
import { labEnvironment } from "../../../lab/env";
import { ourObjects } from "./objects";
import { steady } from "./scripts";
import { loadTest, stackNamespaces, type GivenLoadTest } from "./settings";
import { LabStack } from "./stack";

let opened: Promise<LabStack> | undefined;
let before = new Set<string>();

/** The stack that all tests share, since a platform takes a while to come up; opened anew once it was closed. */
export async function sharedStack(): Promise<LabStack> {
  if (opened === undefined || !(await opened).isOpen) {
    opened = LabStack.open("shows");
    await opened;
    before = new Set(await ourObjects());
  }
  return opened;
}

/**
 * What in the cluster says that it is ours and was not there before the shared stack. In namespaces that are neither the stack's nor
 * Kubernetes' own other tests work with objects of ours.
 */
export async function newObjects(): Promise<string[]> {
  const places = [...stackNamespaces, "<none>", "default", "kube-.*"];
  const isInPlace = new RegExp(` (${places.join("|")})/`);
  // Definitions of k6-operator's kinds stay on purpose, whoever made them; other stacks have namespaces of their own.
  const isOthers = (object: string) =>
    object.startsWith("CustomResourceDefinition ") ||
    (object.startsWith("Namespace ") && !stackNamespaces.some((name) => object.endsWith(`/${name}`)));
  const isNew = (object: string) => isInPlace.test(object) && !isOthers(object) && !before.has(object);
  return (await ourObjects()).filter(isNew);
}

export function labCluster(): Cluster {
  return Cluster.connect({ kubeconfig: labEnvironment()["KUBECONFIG"] });
}

let runs = 0;

/** A load test that takes five seconds, with a trigger that was never used before: it is a run of its own. */
export async function freshLoadTest(stack: LabStack, changes: Partial<GivenLoadTest> = {}): Promise<GivenLoadTest> {
  const script = changes.script ?? (await stack.script("steady.js", steady));
  return loadTest(script, { trigger: `${Date.now()}-${runs++}`, ...changes });
}

after(async function () {
  this.timeout(120_000);
  if (opened !== undefined && (await opened).isOpen) {
    const stack = await opened;
    const { exitCode, output } = await stack.destroy();
    if (exitCode !== 0) {
      throw new Error(`what the tests stood up could not be removed: ${output}`);
    }
    await stack.close();
  }
});
