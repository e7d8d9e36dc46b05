import * as pulumi from "@pulumi/pulumi";
import type { ClusterAccess } from "../kube/cluster";
import type * as definitionsProviderModule from "./definitions-provider";
import type { DefinitionsInputs } from "./definitions-provider";

type Provider = typeof definitionsProviderModule;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded where the provider runs, by package name, so that the text in the state is constant */
const provider: pulumi.dynamic.ResourceProvider<DefinitionsInputs, DefinitionsInputs> = {
  check: (_olds, news) => (require("pulumi-k6/dist/alerts/definitions-provider") as Provider).check(news),
  create: (inputs) => (require("pulumi-k6/dist/alerts/definitions-provider") as Provider).create(inputs),
  diff: (_id, olds, news) =>
    Promise.resolve((require("pulumi-k6/dist/alerts/definitions-provider") as Provider).diff(olds, news)),
  update: (_id, _olds, news) => (require("pulumi-k6/dist/alerts/definitions-provider") as Provider).update(news),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/**
 * The question whether a cluster knows rules and monitors of prometheus-operator. It is asked in the preview, so that a stack that wishes for
 * alerts without them ends before anything is created. Deleting this removes nothing.
 */
export class AlertDefinitions extends pulumi.dynamic.Resource {
  constructor(name: string, cluster: ClusterAccess, opts?: pulumi.CustomResourceOptions) {
    const secrets = cluster.kubeconfig === undefined ? {} : { kubeconfig: pulumi.secret(cluster.kubeconfig) };
    super(provider, name, { ...cluster, ...secrets }, opts, "pulumi-k6", "AlertDefinitions");
  }
}
