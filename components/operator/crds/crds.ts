import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { definitionAnnotations, type Definition } from "./definition";
import { privateLoadZoneDefinition } from "./private-load-zone";
import { testRunDefinition } from "./test-run";

/** `K6Crds` takes nothing. */
export type K6CrdsArgs = Record<string, never>;

/**
 * The CustomResourceDefinitions of k6-operator. They are applied, not created: where they are already there and somebody else's, and
 * different, the API server refuses and names the owner; where they are left from an earlier stack they are taken up again. They are
 * never deleted, since every TestRun of the cluster would go with them.
 */
export class K6Crds extends pulumi.ComponentResource {
  readonly names: pulumi.Output<string[]>;

  constructor(name: string, _args: K6CrdsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:index:K6Crds", name, {}, opts);
    const crds = [testRunDefinition, privateLoadZoneDefinition].map(
      ({ metadata, spec }) =>
        new k8s.apiextensions.v1.CustomResourceDefinitionPatch(
          `${name}-${spec.names.plural}`,
          {
            metadata: { ...metadata, annotations: definitionAnnotations },
            spec: inPulumisNames(spec),
          },
          { parent: this, retainOnDelete: true },
        ),
    );
    this.names = pulumi.all(crds.map(({ metadata }) => metadata.name));
    this.registerOutputs({ names: this.names });
  }
}

type PatchSpec = k8s.types.input.apiextensions.v1.CustomResourceDefinitionSpecPatch;

/** Pulumi's Kubernetes package writes `x_kubernetes_...` for `x-kubernetes-...`. */
export function inPulumisNames(spec: Definition["spec"]): PatchSpec {
  return JSON.parse(JSON.stringify(spec), (_key, value: unknown) => (isObject(value) ? renamed(value) : value)) as PatchSpec;
}

function renamed(value: object): object {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.startsWith("x-kubernetes-") ? key.replaceAll("-", "_") : key,
      inner as unknown,
    ]),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
