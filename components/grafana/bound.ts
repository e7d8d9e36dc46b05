import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { removedAtOnce } from "../kube/annotations";
import { roleLabels } from "../kube/labels";
import { GrafanaDashboard } from "./content/dashboard";
import { GrafanaDataSource } from "./content/data-source";
import { GrafanaFolder } from "./content/folder";
import { dashboards } from "./dashboards/dashboards";
import { ownerTag, renderDashboard } from "./dashboards/render";
import { titleOf, uidOf } from "./dashboards/uids";
import { dataSourceBody } from "./api/data-sources";
import type { GrafanaStore } from "./grafana";
import { dashboardFiles, folderUid, storeUid } from "./provisioning";
import type { GrafanaBinding, GrafanaSettings } from "./settings";

/** Writes folder, data source and dashboards over Grafana's API. */
export function writeContent(
  name: string,
  bind: GrafanaBinding,
  store: GrafanaStore,
  { folder = titleOf("k6", bind.name), prometheus = false }: GrafanaSettings,
  opts: pulumi.CustomResourceOptions,
): void {
  const access = { url: bind.url, authorization: bearer(bind.token ?? "") };
  if (bind.dataSource === undefined) {
    const { url: storeUrl, org, bucket, readToken } = store;
    const source = { uid: uidOf(storeUid, bind.name), title: titleOf("k6 store", bind.name) };
    new GrafanaDataSource(name, { ...access, ...source, storeUrl, org, bucket, readToken }, opts);
  }
  const made = new GrafanaFolder(name, { ...access, uid: uidOf(folderUid, bind.name), title: folder }, opts);
  const owner = ownerTag(`${pulumi.getProject()}/${pulumi.getStack()}`);
  for (const dashboard of dashboards({ prometheus, name: bind.name })) {
    const rendered = renderDashboard(dashboard);
    const json = JSON.stringify({ ...rendered, tags: [...rendered.tags, owner] });
    new GrafanaDashboard(`${name}-${dashboard.uid}`, { ...access, uid: dashboard.uid, folder: made.uid, json }, opts);
  }
}

/** ConfigMaps with a dashboard each, which the sidecar of Grafana's Helm chart loads. */
export function labelContent(
  name: string,
  namespace: pulumi.Input<string>,
  { name: ownName, sidecarLabels = { grafana_dashboard: "1" } }: GrafanaBinding,
  { folder = titleOf("k6", ownName), prometheus = false }: GrafanaSettings,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const [file, json] of Object.entries(dashboardFiles({ prometheus, name: ownName }))) {
    new k8s.core.v1.ConfigMap(
      `${name}-${file.replace(/\.json$/, "")}`,
      {
        metadata: {
          namespace,
          labels: { ...roleLabels("grafana"), ...sidecarLabels },
          // By which the chart's sidecar chooses a folder (`folderAnnotation`).
          annotations: { ...removedAtOnce, grafana_folder: folder },
        },
        data: { [file]: json },
      },
      opts,
    );
  }
}

const operatorApi = "grafana.integreatly.org/v1beta1";

/** Objects of grafana-operator: folder, data source and dashboards. */
export function declareContent(
  name: string,
  namespace: pulumi.Input<string>,
  { name: ownName, instanceLabels = {}, dataSource }: GrafanaBinding,
  store: GrafanaStore,
  { folder = titleOf("k6", ownName), prometheus = false }: GrafanaSettings,
  opts: pulumi.CustomResourceOptions,
): void {
  const metadata = { namespace, labels: roleLabels("grafana"), annotations: removedAtOnce };
  const instanceSelector = { matchLabels: instanceLabels };
  const declare = (kind: string, own: string, spec: object) =>
    new k8s.apiextensions.CustomResource(
      `${name}-${own}`,
      { apiVersion: operatorApi, kind, metadata, spec: { instanceSelector, ...spec } },
      opts,
    );
  if (dataSource === undefined) {
    const secret = new k8s.core.v1.Secret(
      `${name}-token`,
      { metadata, immutable: true, stringData: { token: pulumi.secret(store.readToken) } },
      opts,
    );
    const source = { uid: uidOf(storeUid, ownName), title: titleOf("k6 store", ownName) };
    const body = pulumi
      .all([store.url, store.org, store.bucket])
      .apply(([storeUrl, org, bucket]) => dataSourceBody({ ...source, storeUrl, org, bucket, readToken: "${token}" }));
    declare("GrafanaDatasource", "store", {
      uid: source.uid,
      datasource: body,
      valuesFrom: [
        { targetPath: "secureJsonData.token", valueFrom: { secretKeyRef: { name: secret.metadata.name, key: "token" } } },
      ],
    });
  }
  const own = declare("GrafanaFolder", "folder", { uid: uidOf(folderUid, ownName), title: folder });
  for (const dashboard of dashboards({ prometheus, name: ownName })) {
    declare("GrafanaDashboard", dashboard.uid, {
      uid: dashboard.uid,
      folderRef: own.metadata.name,
      json: JSON.stringify(renderDashboard(dashboard)),
    });
  }
}

/** What stands in the header `Authorization` for a token. */
export function bearer(token: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.secret(pulumi.interpolate`Bearer ${token}`);
}
