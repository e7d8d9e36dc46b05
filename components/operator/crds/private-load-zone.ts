import { ageColumn, definition, type Definition } from "./definition";
import { kubernetesSchema } from "./kubernetes-schema";
import { conditions, list, map, object, text } from "./schema";

/** The controller takes this of the template and nothing else; the rest is dropped. */
const podTemplate = object({
  metadata: object({ labels: map(text), annotations: map(text) }),
  spec: object({
    tolerations: list(kubernetesSchema("V1Toleration")),
    securityContext: kubernetesSchema("V1PodSecurityContext"),
    containers: list(object({ name: text, securityContext: kubernetesSchema("V1SecurityContext") })),
  }),
});

const spec = object(
  {
    token: text,
    resources: kubernetesSchema("V1ResourceRequirements"),
    serviceAccountName: text,
    nodeSelector: map(text),
    image: text,
    imagePullSecrets: list(kubernetesSchema("V1LocalObjectReference")),
    config: object({
      secrets: list(
        object({ configMapRef: kubernetesSchema("V1ConfigMapEnvSource"), secretRef: kubernetesSchema("V1SecretEnvSource") }),
      ),
    }),
    podTemplate,
  },
  ["token", "resources"],
);

/** The kind by which Grafana Cloud k6 starts runs in this cluster. The controller watches it even where nobody uses it. */
export const privateLoadZoneDefinition: Definition = definition({
  kind: "PrivateLoadZone",
  singular: "privateloadzone",
  plural: "privateloadzones",
  columns: [{ name: "Registered", type: "string", jsonPath: ".status.conditions[0].status" }, ageColumn],
  schema: object({ apiVersion: text, kind: text, metadata: { type: "object" }, spec, status: object({ conditions }) }, ["spec"]),
});
