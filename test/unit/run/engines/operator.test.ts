import assert from "node:assert/strict";
import { operatorLayout, runnerIndex } from "../../../../components/run/engines/operator/layout";
import { testRunManifest } from "../../../../components/run/engines/operator/manifests";
import { resumedIn, unreachedCauses } from "../../../../components/run/engines/operator/starter-log";
import { jobLimits } from "../../../../components/run/engines/operator/tend";
import { observe } from "../../../../components/run/observe";
import { starterProgram } from "../../../simulator/starter";
import { job, operatorInputs, podOfJob, readyPod, seen } from "./facts";

const owner = { apiVersion: "v1", kind: "ConfigMap", name: operatorInputs.run, uid: "u" };
const { run } = operatorInputs;

interface Pod {
  image: string;
  securityContext: { runAsNonRoot: boolean };
  containerSecurityContext: object;
  automountServiceAccountToken: string;
  metadata: { labels: Record<string, string> };
  env?: { name: string; value?: string }[];
}
interface Spec {
  args: string[];
  cleanup?: string;
  parallelism: number;
  runner: Pod & { livenessProbe: object; readinessProbe: { periodSeconds: number } };
  initializer: Pod;
  starter: Pod & { resources: { limits: { cpu: string } } };
}

describe("the TestRun of a run", () => {
  const { metadata, spec } = testRunManifest({ ...operatorInputs, env: { COST: "$(5) $x" } }, owner);
  const { args, cleanup, runner, initializer, starter } = spec as Spec;

  it("goes with the run's record, and keeps what came out", () => {
    assert.equal(metadata?.name, run);
    assert.deepEqual(metadata?.ownerReferences, [owner]);
    assert.equal(cleanup, undefined);
  });

  it("begins its arguments with a flag and has none that is empty, which k6-operator refuses", () => {
    assert.match(args[0], /^--/);
    assert.ok(args.every((argument) => argument !== ""));
    assert.ok(args.includes(`testid=${run}`));
  });

  it("keeps a dollar in a variable from Kubernetes", () => assert.ok(args.includes("COST=$$(5) $x")));

  it("says image, user and token of all three pods, since each is refused or floats by itself", () => {
    for (const pod of [runner, initializer, starter]) {
      assert.equal(pod.securityContext.runAsNonRoot, true);
      assert.deepEqual(pod.containerSecurityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
      assert.equal(pod.automountServiceAccountToken, "false");
      assert.equal(pod.metadata.labels["pulumi-k6/run"], run);
    }
    assert.deepEqual([runner.image, initializer.image, starter.image], ["grafana/k6:1.1.0", "grafana/k6:1.1.0", "starter:1"]);
  });

  it("gives the store's password to runners alone", () => {
    const names = ({ env = [] }: Pod) => env.map(({ name }) => name);
    assert.ok(names(runner).includes("K6_INFLUXDB_PASSWORD"));
    assert.ok(!names(initializer).includes("K6_INFLUXDB_PASSWORD"));
    assert.deepEqual(names(starter), []);
  });

  it("starts fast: a whole CPU for the starter, and a look every second", () => {
    assert.equal(starter.resources.limits.cpu, "1");
    assert.equal(runner.readinessProbe.periodSeconds, 1);
  });

  it("opens policies of runners for runners alone", () => {
    const roles = [runner, initializer, starter].map(({ metadata: { labels } }) => labels["pulumi-k6/role"]);
    assert.deepEqual(roles, ["runner", "initializer", "starter"]);
  });
});

describe("the Jobs of k6-operator", () => {
  it("count runners from 1, and we from 0", () => {
    const jobs = ["1", "12", "initializer", "starter", "0", "1x"].map((name) => runnerIndex(run, `${run}-${name}`));
    assert.deepEqual(jobs, [0, 11, undefined, undefined, undefined, undefined]);
    assert.equal(runnerIndex(run, "other-1"), undefined);
    assert.equal(operatorLayout.jobOf(run, 1), `${run}-2`);
  });

  it("tell that a runner was there whose pod is gone", () => {
    const state = observe(
      operatorInputs,
      seen("started", { pods: [podOfJob("1", readyPod)], jobs: [job("1"), job("2", { failed: 1 })] }),
    );
    assert.match(state.runners[1].cause ?? "", /runner 1 of 2 was lost: its pod is gone/);
  });

  it("end by the run's deadline, and what has not started cannot start later", () => {
    const limits = ["2", "starter", "initializer"].map((name) => jobLimits(operatorInputs, `${run}-${name}`));
    assert.deepEqual(
      limits.map(({ activeDeadlineSeconds }) => activeDeadlineSeconds),
      // A runner ends by itself at its deadline of 60 s and has a pod's grace for it.
      [90, 30, 30],
    );
    assert.ok(limits.every(({ ttlSecondsAfterFinished }) => ttlSecondsAfterFinished === 3600));
  });
});

describe("the starter's log", () => {
  const urls = ["10.0.0.1", "10.0.0.2"];
  const line = (code: string, url: string, error = "") =>
    `{"status":"ok"}\n{"http_code":${code},"time_total":0.001,"time_starttransfer":0.001,"url":"http://${url}:6565/v1/status","remote_ip":"${url}","errormsg":"${error}"}`;

  it("tells of each runner, without an end of line between them and in any order", () => {
    const log = line("200", "10.0.0.2") + line("200", "10.0.0.1");
    assert.deepEqual(
      resumedIn(log, urls).map(({ index, status }) => [index, status]),
      [
        [1, 200],
        [0, 200],
      ],
    );
  });

  it("tells of a runner that nobody reached, whose status is no JSON", () => {
    const resumed = resumedIn(line("200", "10.0.0.1") + line("000", "10.0.0.2", "Connection refused"), urls);
    assert.deepEqual(unreachedCauses(resumed, 2), [
      "runner 1 of 2 was not started by k6-operator's starter: nothing answered (Connection refused).",
    ]);
  });

  it("does not take 10.0.0.1 for 10.0.0.11", () => {
    assert.deepEqual(resumedIn(line("200", "10.0.0.11"), urls), []);
  });

  it("is in the form that the starter's command asks for", () => {
    const fields = [...starterProgram(["10.0.0.1"]).matchAll(/"(\w+)":/g)].map(([, field]) => field);
    const order = ["http_code", "url", "errormsg"].map((field) => fields.lastIndexOf(field));
    assert.ok(order[0] >= 0 && order[0] < order[1] && order[1] < order[2], fields.join());
  });
});
