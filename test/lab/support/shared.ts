import { Cluster } from "../../../components/kube/cluster";
import { labEnvironment } from "../../../lab/env";
import { steady } from "./scripts";
import { loadTest, type GivenLoadTest } from "./settings";
import { LabStack } from "./stack";

let opened: Promise<LabStack> | undefined;

/** The stack that all tests share, since a platform takes a while to come up; opened anew once it was closed. */
export async function sharedStack(): Promise<LabStack> {
  if (opened === undefined || !(await opened).isOpen) {
    opened = LabStack.open("shows");
  }
  return opened;
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
