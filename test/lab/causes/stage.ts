import { setTimeout as sleep } from "node:timers/promises";
import { Cluster, statusOf } from "../../../components/kube/cluster";
import type { EngineName, RunInputs } from "../../../components/run/types";
import { ensureTestRunKind } from "../../simulator/crd";
import { startSimulator, type Simulator } from "../../simulator/simulator";
import { apply, Bench, kubectl } from "../engines/bench";
import { openToSimulator } from "../engines/operators";
import type { Cause } from "./cause";
import { admissionKinds, operatorPlaceNames, type PlaceName, placeNames, placeObjects, policyName } from "./places";

/** All places of an engine, in which causes are caused. */
export class Stage {
  private readonly benches = new Map<PlaceName, Bench>();
  private simulators: Simulator[] = [];

  constructor(private readonly engine: EngineName) {
    const suffix = Date.now().toString(36);
    const names = engine === "operator" ? [...placeNames, ...operatorPlaceNames] : placeNames;
    names.forEach((place) => this.benches.set(place, new Bench(`causes-${place}-${engine}-${suffix}`, engine)));
  }

  async open(): Promise<void> {
    const closed = [...this.benches].filter(([place]) => place !== "open");
    await Promise.all([
      this.bench("open").open(),
      apply(closed.flatMap(([place, { namespace }]) => placeObjects(place, namespace))),
      this.startOperators(),
    ]);
    await Promise.all([this.acts("guarded"), this.acts("injected"), this.acts("probed"), this.holdUp()]);
  }

  async close(): Promise<void> {
    await Promise.all(this.simulators.map((simulator) => simulator.stop()));
    const names = [...this.benches.values()].map(({ namespace }) => namespace);
    await Promise.all([
      ...[...this.benches.values()].map((bench) => bench.close()),
      kubectl([
        "delete",
        "--ignore-not-found",
        ...admissionKinds.flatMap((kind) => names.map((name) => `${kind}/${policyName(name)}`)),
      ]),
    ]);
  }

  bench(place: PlaceName): Bench {
    return this.benches.get(place)!;
  }

  /** Inputs of a run by which a cause is caused. */
  async inputs({ place = "open", script, change = () => ({}) }: Cause, usual: string): Promise<RunInputs> {
    const open = `http://target.${this.bench("open").namespace}.svc:8080`;
    const inputs = await this.bench(place).inputs(script ?? usual, {
      runners: 1,
      env: { TARGET_URL: open },
      resources: { cpu: "100m", memory: "128Mi" },
      // Busy machines start runners less evenly, which is not looked at here.
      limits: { startSkewMs: 10_000, droppedIterationsRatio: 0 },
    });
    const there = { ...inputs, store: { ...inputs.store, writeUrl: open } };
    return { ...there, ...change(there) };
  }

  private async startOperators(): Promise<void> {
    if (this.engine !== "operator") {
      return;
    }
    const { kubeconfig, namespace } = this.bench("open");
    await ensureTestRunKind(Cluster.connect({ kubeconfig }));
    const namespaces = placeNames.map((place) => this.bench(place).namespace);
    this.simulators = await Promise.all([
      startSimulator({ kubeconfig, namespaces }),
      startSimulator({ kubeconfig, namespaces: [this.bench("blocked").namespace], faults: { blockedStarter: true } }),
      startSimulator({ kubeconfig, namespaces: [this.bench("frozen").namespace], faults: { frozen: true } }),
    ]);
    // Its namespace may not be there yet, or be made by this.
    await apply([{ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }]);
    await apply([openToSimulator(namespace)]);
  }

  /** A TestRun that is as one whose runners do not answer. */
  private async holdUp(): Promise<void> {
    const frozen = this.benches.get("frozen");
    if (frozen !== undefined) {
      const { namespace } = frozen;
      const spec = { parallelism: 1, script: { configMap: { name: "absent" } } };
      await apply([{ apiVersion: "k6.io/v1alpha1", kind: "TestRun", metadata: { name: "stuck", namespace }, spec }]);
      const patch = ["--subresource=status", "--type=merge", "-p", '{"status":{"stage":"created"}}'];
      await kubectl(["-n", namespace, "patch", "testrun", "stuck", ...patch]);
    }
  }

  /** Returns once a place's admission policy is in force, which it is a moment after its creation. */
  private async acts(place: PlaceName): Promise<void> {
    const { cluster, namespace } = this.bench(place);
    const body = { metadata: { name: "probe" }, spec: { containers: [{ name: "k6", image: "none" }] } };
    for (const until = Date.now() + 20_000; ;) {
      try {
        const made = await cluster.core.createNamespacedPod({ namespace, body, dryRun: "All" });
        if (made.spec?.initContainers !== undefined || made.spec?.containers[0].livenessProbe !== undefined) {
          return;
        }
      } catch (error) {
        // Refused: by the policy, or for what the policy adds.
        if ([403, 422].includes(statusOf(error) ?? 0) && place !== "probed") {
          return;
        }
      }
      if (Date.now() > until) {
        throw new Error(`the admission policy of ${namespace} does nothing after 20 s`);
      }
      await sleep(200);
    }
  }
}
