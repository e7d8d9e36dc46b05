import type * as pulumi from "@pulumi/pulumi";

/** How a resource for one of several values is called: by the value where it is known, so that reordering them replaces nothing. */
export function childName(value: pulumi.Input<string>, index: number): string {
  return typeof value === "string" ? value : String(index);
}
