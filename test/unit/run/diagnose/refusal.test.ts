import assert from "node:assert/strict";
import { refusal, refusalText } from "../../../../components/run/diagnose/refusal";
import { warning } from "../engines/facts";

describe("what the API server says of a pod that it refuses", () => {
  const cases: [string, string, RegExp][] = [
    [
      "a quota, with what is missing of each resource",
      'Error creating: pods "shop-1-x7k4p" is forbidden: exceeded quota: load, requested: pods=1,requests.memory=128Mi, ' +
        "used: pods=4,requests.memory=960Mi, limited: pods=4,requests.memory=1Gi",
      /^quota load of namespace load allows 4 pods \(pods\), 4 pods of it in use, and a pod asks for 1 pods: 1 pods missing; it allows 1024 Mi of memory \(requests\.memory\), 960 Mi of memory of it in use, and a pod asks for 128 Mi of memory: 64 Mi of memory missing\. Raise the quota, or lower runners, resources\.memory or runners\.$/,
    ],
    [
      "Pod Security, with the fields",
      'Error creating: pods "shop-x7k4p" is forbidden: violates PodSecurity "restricted:latest": privileged (container "proxy" must not set securityContext.privileged=true)',
      /^Pod Security "restricted:latest" of namespace load refuses its pod: privileged \(container "proxy" must not set .*\)\. Runners meet/,
    ],
    [
      "a webhook that denies",
      'Error creating: admission webhook "guard.example" denied the request: no owner.',
      /^admission webhook guard\.example refuses its pod: no owner\. Let it leave out pods with label/,
    ],
    [
      "a webhook that is not there",
      'Error creating: Internal error occurred: failed calling webhook "guard.example": no endpoints available for service "guard"',
      /^admission webhook guard\.example does not answer, so no pod is made: no endpoints available for service "guard"\. Look at the pods/,
    ],
    [
      "an admission policy",
      "Error creating: pods \"shop\" is forbidden: ValidatingAdmissionPolicy 'team' with binding 'all' denied request: every pod needs the label team",
      /^admission policy team refuses its pod: every pod needs the label team\. Let it/,
    ],
    [
      "a ServiceAccount that is not there",
      'Error creating: pods "shop" is forbidden: error looking up service account load/default: serviceaccount "default" not found',
      /^its pod needs ServiceAccount default, which is not in namespace load\. Create it\.$/,
    ],
    [
      "a LimitRange",
      'Error creating: pods "shop" is forbidden: [maximum cpu usage per Container is 100m, but limit is 200m, maximum memory usage per Container is 64Mi, but limit is 128Mi]',
      /^a LimitRange of namespace load refuses its pod: maximum cpu usage per Container is 100m, .* is 128Mi\. Change resources/,
    ],
    ["what nobody foresaw, as it is", "Error creating: teapot", /^teapot$/],
  ];
  for (const [what, message, expected] of cases) {
    it(`becomes a sentence on ${what}`, () => assert.match(refusalText(message, "load"), expected));
  }

  it("is the newest of a Job's own", () => {
    const warnings = [
      warning("Job", "1", "FailedCreate", "older"),
      warning("Job", "1", "FailedCreate", "newer"),
      warning("Job", "2", "FailedCreate", "no"),
    ];
    assert.equal(refusal("checkout-3f9a1c2e-1", warnings), "newer");
    assert.equal(refusal("checkout-3f9a1c2e-3", warnings), undefined);
  });
});
