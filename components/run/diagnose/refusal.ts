import type { CoreV1Event } from "@kubernetes/client-node";
import { amountOf } from "../../kube/quantities";
import { missingIn, missingText } from "./missing";
import { amountText, argumentFor } from "./quantities";
import { withoutStop } from "./words";

/** Why Kubernetes makes no pod for a Job, if it says so; with the remedy where there is one. */
export function refusal(job: string, warnings: readonly CoreV1Event[]): string | undefined {
  const refused = warnings.findLast(
    ({ involvedObject, reason }) => involvedObject.kind === "Job" && involvedObject.name === job && reason === "FailedCreate",
  );
  if (refused === undefined) {
    return undefined;
  }
  const { message, involvedObject } = refused;
  return message === undefined ? `see the events of Job ${job}.` : refusalText(message, involvedObject.namespace ?? "");
}

/** Turns what the API server said of a pod that it refused into a sentence with the object and the remedy. */
export function refusalText(message: string, namespace: string): string {
  const said = message.replace(/^Error creating: /, "").replace(/^(pods|jobs\.batch) "[^"]*" is forbidden: /, "");
  const missing = missingIn(said);
  if (missing !== undefined) {
    return `its pod needs ${missingText(missing, namespace)}`;
  }
  return (
    quotaText(said, namespace) ?? podSecurityText(said, namespace) ?? admissionText(said) ?? limitText(said, namespace) ?? said
  );
}

function quotaText(said: string, namespace: string): string | undefined {
  const [, quota, requested, used, limited] =
    /^exceeded quota: (.+), requested: (.+), used: (.+), limited: (.+)$/.exec(said) ?? [];
  if (quota === undefined) {
    return undefined;
  }
  const [uses, limits] = [amountsIn(used), amountsIn(limited)];
  const lacks = [...amountsIn(requested)].map(([resource, asked]) => {
    const [use, limit] = [uses.get(resource) ?? 0, limits.get(resource) ?? 0];
    const text = (amount: number) => amountText(resource, amount);
    return `allows ${text(limit)} (${resource}), ${text(use)} of it in use, and a pod asks for ${text(asked)}: ${text(use + asked - limit)} missing`;
  });
  const changes = [...new Set([...amountsIn(requested).keys()].map(argumentFor))];
  return `quota ${quota} of namespace ${namespace} ${lacks.join("; it ")}. Raise the quota, or lower ${changes.join(", ")}.`;
}

/** Reads `requests.cpu=200m,pods=1`. */
function amountsIn(list: string): Map<string, number> {
  return new Map(
    list.split(",").map((pair) => {
      const [resource = "", quantity = "0"] = pair.split("=");
      return [resource.trim(), amountOf(quantity)];
    }),
  );
}

function podSecurityText(said: string, namespace: string): string | undefined {
  const [, level, fields] = /^violates PodSecurity "([^"]+)": (.+)$/s.exec(said) ?? [];
  return level === undefined
    ? undefined
    : `Pod Security "${level}" of namespace ${namespace} refuses its pod: ${fields}. Runners meet "restricted" by themselves: take out what ` +
        "adds to their pods (an injected sidecar, a mutating webhook), or change the namespace's level.";
}

function admissionText(said: string): string | undefined {
  const [, webhook, denied] = /^admission webhook "([^"]+)" denied the request(?:: (.*))?$/s.exec(said) ?? [];
  const [, policy, answer] = /^ValidatingAdmissionPolicy '([^']+)' with binding '[^']+' denied request: (.*)$/s.exec(said) ?? [];
  const who = webhook === undefined ? policy && `admission policy ${policy}` : `admission webhook ${webhook}`;
  const why = withoutStop(denied ?? answer ?? "it does not say why");
  if (who !== undefined) {
    return `${who} refuses its pod: ${why}. Let it leave out pods with label app.kubernetes.io/managed-by=pulumi-k6, or do what it asks for.`;
  }
  const [, silent, problem] = /failed calling webhook "([^"]+)": (.*)$/s.exec(said) ?? [];
  return silent === undefined
    ? undefined
    : `admission webhook ${silent} does not answer, so no pod is made: ${withoutStop(problem)}. Look at the pods that serve it.`;
}

function limitText(said: string, namespace: string): string | undefined {
  const [, list] = /^\[?((?:maximum|minimum) .+ per .+?)\]?$/.exec(said) ?? [];
  return list === undefined
    ? undefined
    : `a LimitRange of namespace ${namespace} refuses its pod: ${withoutStop(list)}. Change resources, or the LimitRange.`;
}
