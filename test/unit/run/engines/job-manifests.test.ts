import assert from "node:assert/strict";
import { jobManifest, serviceManifest } from "../../../../components/run/engines/job/manifests";
import { runInputs } from "../../../support/run-inputs";

const owner = { apiVersion: "v1", kind: "ConfigMap", name: "checkout-3f9a1c2e", uid: "u" };

describe("the Job of a run", () => {
  const job = jobManifest(runInputs({ env: { COST: "$(5) $x" } }), owner);
  const pod = job.spec?.template.spec;
  const [container] = pod?.containers ?? [];

  it("has one pod per runner and runs none twice", () => {
    const { completionMode, completions, parallelism, backoffLimitPerIndex, podReplacementPolicy } = job.spec ?? {};
    assert.deepEqual([completionMode, completions, parallelism, backoffLimitPerIndex], ["Indexed", 2, 2, 0]);
    assert.equal(podReplacementPolicy, "Failed");
    assert.equal(pod?.restartPolicy, "Never");
  });

  it("ends a runner's index, and nothing else, whatever ended its pod", () => {
    const { rules = [] } = job.spec?.podFailurePolicy ?? {};
    assert.deepEqual([...new Set(rules.map(({ action }) => action))], ["FailIndex"]);
    assert.deepEqual(
      rules.map(({ onPodConditions, onExitCodes }) => onPodConditions?.[0].type ?? onExitCodes?.containerName),
      ["DisruptionTarget", container.name],
    );
  });

  it("does not grow with the number of its runners", () => {
    const size = (runners: number) => JSON.stringify(jobManifest(runInputs({ runners }), owner)).length;
    assert.ok(size(1000) - size(1) < 20);
  });

  it("is left alone by autoscalers that tidy up", () =>
    assert.deepEqual(job.spec?.template.metadata?.annotations, {
      "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
      "karpenter.sh/do-not-disrupt": "true",
    }));

  it("ends by the kubelet's clock first, by the Job controller's later", () => {
    assert.equal(pod?.activeDeadlineSeconds, 60);
    assert.ok((job.spec?.activeDeadlineSeconds ?? 0) >= 60 + 30 + (pod?.terminationGracePeriodSeconds ?? 0));
  });

  it("meets Pod Security `restricted` with a root file system that cannot be written", () => {
    assert.equal(pod?.securityContext?.runAsNonRoot, true);
    assert.equal(pod?.securityContext?.seccompProfile?.type, "RuntimeDefault");
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    assert.equal(pod?.automountServiceAccountToken, false);
    assert.equal(pod?.enableServiceLinks, false);
  });

  it("asks for what it is limited to", () => assert.deepEqual(container.resources?.requests, container.resources?.limits));

  it("keeps the store's credentials in the Secret", () => {
    const password = container.env?.find(({ name }) => name === "K6_INFLUXDB_PASSWORD");
    assert.deepEqual(password?.valueFrom?.secretKeyRef, { name: "k6-store-write", key: "password" });
    assert.ok(!JSON.stringify(job).includes("secret-token"));
  });

  it("hands variables to the script and not to the process, letter by letter", () => {
    assert.deepEqual(container.args?.slice(-2), ["-e", "COST=$$(5) $x"]);
    assert.ok(!container.env?.some(({ name }) => name === "COST"));
  });

  it("goes with the record", () => assert.deepEqual(job.metadata?.ownerReferences, [owner]));

  it("is reached by names that exist before its pods are ready", () => {
    const service = serviceManifest(runInputs(), owner);
    assert.equal(service.spec?.clusterIP, "None");
    assert.equal(service.spec?.publishNotReadyAddresses, true);
    assert.equal(service.metadata?.name, pod?.subdomain);
    const labels = job.spec?.template.metadata?.labels ?? {};
    assert.ok(Object.entries(service.spec?.selector ?? {}).every(([key, value]) => labels[key] === value));
  });
});
