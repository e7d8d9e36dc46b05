import * as pulumi from "@pulumi/pulumi";
import { plain } from "../../state-values";
import type { GrafanaAccess } from "../api/client";

/** How Grafana is reached and as whom, each a value or an output. See `GrafanaAccess`. */
export interface GrafanaAccessArgs {
  url: pulumi.Input<string>;
  /** A secret. */
  authorization: pulumi.Input<string>;
}

/** Names of the inputs that say how Grafana is reached. Another way to it is taken over. */
export const accessKeys = ["authorization"] as const;

/** The way to Grafana out of a resource's properties. */
export function accessOf({ url, authorization }: GrafanaAccess): GrafanaAccess {
  return plain({ url, authorization });
}

/** Keeps what must not be readable a secret. */
export function secretAccess({ authorization }: GrafanaAccessArgs): { authorization: pulumi.Output<string> } {
  return { authorization: pulumi.secret(authorization) };
}
