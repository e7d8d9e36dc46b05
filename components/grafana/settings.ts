import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../errors";
import { Problems } from "../errors";
import type { StoreAddresses } from "../metrics/influxdb-settings";

/** A Grafana that is deployed, or one that is there already, and how dashboards come to it. */
export interface GrafanaSettings {
  /** @default "grafana/grafana:13.1.3" */
  image?: string;
  /** @default "IfNotPresent" */
  imagePullPolicy?: string;
  /** Request and limit. @default "500m" */
  cpu?: string;
  /** Request and limit. @default "512Mi" */
  memory?: string;
  /** Keeps what people make in it, and the runs' verdicts, when its pod goes. @default nothing is kept */
  storage?: GrafanaStorage;
  /** Address under which people open it, with its path. @default that of `ingress`, or of its Service, which is reached by `kubectl port-forward` */
  url?: string;
  /** Lets people in from outside of the cluster. @default nobody */
  ingress?: GrafanaIngress;
  /** Whether everybody who reaches it may look without a login. @default false */
  anonymousViewers?: boolean;
  /** A Grafana that is there already. @default none: one is deployed */
  bind?: GrafanaBinding;
  /** Whether it has a Prometheus that knows the cluster: then pods, operator and the store's size are shown. @default false */
  prometheus?: boolean;
  /** Title of the folder with the dashboards. @default "k6", with `bind.name` after it */
  folder?: string;
  /** Where the store is for network policies, where it is not in this namespace. @default the namespace's own */
  storeAddresses?: StoreAddresses;
}

/** A volume for Grafana's own data. */
export interface GrafanaStorage {
  /** @default "1Gi" */
  size?: string;
  /** @default the cluster's default class */
  storageClass?: string;
}

/** An Ingress before Grafana. */
export interface GrafanaIngress {
  host: string;
  /** @default the cluster's default class */
  className?: string;
  /** Name of a Secret in the namespace with the certificate. @default no TLS */
  tlsSecret?: string;
  /** Namespace of the ingress controller's pods, which alone may reach Grafana. */
  controllerNamespace: string;
}

/** A Grafana that is there already. */
export interface GrafanaBinding {
  /** Address for people and for Pulumi, with the path under which it is served, e.g. `https://example.com/grafana`. */
  url: string;
  /**
   * Token of a service account: of role Editor for folder, dashboards and verdicts, of role Admin where it makes the data source too. A secret.
   *
   * @default none: nothing is written over the API, so `content` must be another way and verdicts are not marked
   */
  token?: pulumi.Input<string>;
  /** Token by which verdicts are marked, of role Editor. A secret. @default `token` */
  annotationToken?: pulumi.Input<string>;
  /** Number of the organisation, for links. @default 1 */
  org?: number;
  /**
   * Tells what this stack has in it (folder, data source, dashboards) from what another has, in uids and titles, e.g. `dev`.
   *
   * @default nothing does: a second stack in the same Grafana is refused
   */
  name?: string;
  /** Address by which it reaches the store. @default the one that pods use */
  storeUrl?: string;
  /** Namespace of its pods, where it is in the same cluster: they may reach the store then. @default not opened */
  namespace?: string;
  /** Uid of a data source that is there for the store's bucket. @default one is made */
  dataSource?: string;
  /** How data source and dashboards come to it; with "none" they are its owner's affair, and verdicts are marked alone. @default "api" */
  content?: "api" | "sidecar" | "operator" | "none";
  /** Labels of ConfigMaps that its sidecar loads (`sidecar`). @default { grafana_dashboard: "1" } */
  sidecarLabels?: Record<string, string>;
  /** Labels of the `Grafana` object that grafana-operator shall write to (`operator`). */
  instanceLabels?: Record<string, string>;
  /** Namespace for what sidecar or operator take. @default the component's */
  contentNamespace?: string;
}

const onlyDeployed = [
  "image",
  "imagePullPolicy",
  "cpu",
  "memory",
  "storage",
  "url",
  "ingress",
  "anonymousViewers",
  "storeAddresses",
] as const;

/** Everything that is wrong with a Grafana's settings. */
export function grafanaProblems(settings: GrafanaSettings): readonly Problem[] {
  const problems = new Problems();
  const { url, ingress, bind } = settings;
  if (url !== undefined) {
    checkUrl("url", url, problems);
  }
  if (ingress !== undefined && !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(ingress.host)) {
    problems.add("ingress.host", `"${ingress.host}" is no host name: write for example grafana.example.com.`);
  }
  if (bind !== undefined) {
    onlyDeployed
      .filter((name) => settings[name] !== undefined)
      .forEach((name) =>
        problems.add(name, "is for a Grafana that is deployed, and `bind` names one that is there. Leave one of them out."),
      );
    checkBinding(bind, problems);
  }
  return problems.all;
}

function checkBinding(
  { url, storeUrl, token, name, content = "api", dataSource, instanceLabels }: GrafanaBinding,
  problems: Problems,
): void {
  checkUrl("bind.url", url, problems);
  if (storeUrl !== undefined) {
    checkUrl("bind.storeUrl", storeUrl, problems);
  }
  if (!["api", "sidecar", "operator", "none"].includes(content)) {
    problems.add("bind.content", `"${String(content)}" is no way to Grafana: use "api", "sidecar", "operator" or "none".`);
  }
  if (content === "api" && token === undefined) {
    problems.add(
      "bind.token",
      'is missing: give a token of a service account as a secret, or use content: "sidecar" or "operator".',
    );
  }
  if (content === "sidecar" && dataSource === undefined) {
    problems.add(
      "bind.dataSource",
      "is missing: a sidecar loads dashboards. Give the uid of a data source for the store's bucket.",
    );
  }
  if (content === "operator" && Object.keys(instanceLabels ?? {}).length === 0) {
    problems.add("bind.instanceLabels", "is missing: give labels of the Grafana object that shall get the dashboards.");
  }
  // Behind the longest uid of ours it must stay within Grafana's 40.
  if (name !== undefined && !/^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/.test(name)) {
    problems.add("bind.name", `"${name}" cannot be part of a uid: use up to 20 small letters, digits and "-", e.g. dev.`);
  }
  // Grafana's own rule for uids.
  if (dataSource !== undefined && !/^[A-Za-z0-9_-]{1,40}$/.test(dataSource)) {
    problems.add(
      "bind.dataSource",
      `"${dataSource}" is no uid: it is in the address of the data source's page, and has up to 40 letters, digits, "_" and "-".`,
    );
  }
}

function checkUrl(path: string, url: string, problems: Problems): void {
  if (!/^https?:\/\/[^\s?#]+$/.test(url)) {
    problems.add(
      path,
      `"${url}" is no address: write for example https://example.com/grafana, with the path under which Grafana is served.`,
    );
  }
}
