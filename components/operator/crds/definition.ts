import { labelKeys, managedBy } from "../../kube/labels";
import type { Schema } from "./schema";

/** API group of k6-operator's objects. */
export const group = "k6.io";
/** The only version that k6-operator serves and reads. */
export const version = "v1alpha1";

/** A column of `kubectl get`. */
export interface Column {
  name: string;
  type: "string" | "date" | "integer";
  jsonPath: string;
}

/** What tells the kinds of k6-operator apart. */
export interface Kind {
  kind: string;
  singular: string;
  plural: string;
  columns: Column[];
  schema: Schema;
}

/** A CustomResourceDefinition as the API server takes it. */
export interface Definition {
  apiVersion: "apiextensions.k8s.io/v1";
  kind: "CustomResourceDefinition";
  metadata: { name: string; labels: Record<string, string> };
  spec: {
    group: string;
    scope: "Namespaced";
    names: { kind: string; listKind: string; plural: string; singular: string };
    versions: {
      name: string;
      served: true;
      storage: true;
      subresources: { status: Record<string, never> };
      additionalPrinterColumns: Column[];
      schema: { openAPIV3Schema: Schema };
    }[];
  };
}

export const ageColumn: Column = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };

/** A CustomResourceDefinition of k6-operator. No field has a default: what is applied is what is stored, so that nothing drifts. */
export function definition({ kind, singular, plural, columns, schema }: Kind): Definition {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, labels: { ...managedBy, [labelKeys.name]: "k6-operator" } },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, listKind: `${kind}List`, plural, singular },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: columns,
          schema: { openAPIV3Schema: schema },
        },
      ],
    },
  };
}

/** By this name Kubernetes knows whose the definitions are. Stacks share it: each of them may apply the same. */
export const definitionManager = "pulumi-k6-operator";

/** What they are applied with. Until they are established, the API server does not serve their kinds. */
export const definitionAnnotations = {
  "pulumi.com/patchFieldManager": definitionManager,
  "pulumi.com/waitFor": "condition=Established",
} as const;
