import * as client from "@kubernetes/client-node";
import type { Schema } from "./schema";
import { flag, int32, int64, intOrString, list, map, object, quantity, text } from "./schema";

/** A field of a type of Kubernetes' API, as the client's models describe it. */
interface Attribute {
  baseName: string;
  type: string;
  format: string;
}

interface Model {
  getAttributeTypeMap(): Attribute[];
}

/** Fields that Go reads as `Quantity` and the client's models call text. */
const quantities = new Set([
  "V1ResourceRequirements.limits",
  "V1ResourceRequirements.requests",
  "V1VolumeResourceRequirements.limits",
  "V1VolumeResourceRequirements.requests",
  "V1EmptyDirVolumeSource.sizeLimit",
  "V1ResourceFieldSelector.divisor",
]);

/** Fields without which Kubernetes refuses the pod later, when a run is already under way. */
const required: Readonly<Record<string, string[]>> = {
  V1ContainerPort: ["containerPort"],
  V1EnvVar: ["name"],
  V1Volume: ["name"],
  V1VolumeMount: ["name", "mountPath"],
};

/**
 * Of the many kinds of volumes those that Pod Security `restricted` lets in, and three that others use; the rest are drivers that
 * Kubernetes has replaced by `csi`. A definition that lists them all makes every `pulumi up` seconds slower.
 */
const kept: Readonly<Record<string, ReadonlySet<string>>> = {
  V1Volume: new Set([
    "name",
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "hostPath",
    "image",
    "nfs",
    "persistentVolumeClaim",
    "projected",
    "secret",
  ]),
};

/** Metadata inside a template: what a template can use of it. */
const templateMetadata = object({
  name: text,
  namespace: text,
  labels: map(text),
  annotations: map(text),
  finalizers: list(text),
});

const scalars: Readonly<Record<string, Schema>> = {
  string: text,
  boolean: flag,
  "number/int32": int32,
  "number/int64": int64,
  IntOrString: intOrString,
};

/**
 * The schema of a type of Kubernetes' API with its fields of every depth of the right kind, from the models of the Kubernetes client.
 *
 * Depth matters: a controller reads all objects of a kind at once, so that a single object that Go cannot read (a text where it
 * expects a number, wherever in it) keeps it from seeing any.
 *
 * @param type a type of the client, e.g. `V1Affinity`
 */
export function kubernetesSchema(type: string): Schema {
  if (type === "V1ObjectMeta") {
    return templateMetadata;
  }
  const properties = modelOf(type)
    .getAttributeTypeMap()
    .filter(({ baseName }) => kept[type]?.has(baseName) ?? true)
    .map((attribute) => [attribute.baseName, fieldSchema(type, attribute)] as const);
  return object(Object.fromEntries(properties), required[type]);
}

function fieldSchema(owner: string, { baseName, type, format }: Attribute): Schema {
  if (quantities.has(`${owner}.${baseName}`)) {
    return type === "string" ? quantity : map(quantity);
  }
  return typeSchema(type, format);
}

function typeSchema(type: string, format: string): Schema {
  const item = /^Array<(.+)>$/.exec(type)?.[1];
  if (item !== undefined) {
    return list(typeSchema(item, format));
  }
  const value = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (value !== undefined) {
    return map(typeSchema(value, format));
  }
  return scalars[type === "number" ? `number/${format}` : type] ?? kubernetesSchema(type);
}

function modelOf(type: string): Model {
  const model = (client as unknown as Record<string, Model | undefined>)[type];
  if (model === undefined) {
    throw new Error(`the Kubernetes client has no model ${type}: its version is not one that this package was made for`);
  }
  return model;
}
