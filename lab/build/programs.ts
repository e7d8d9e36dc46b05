import { goPart, type Toolchain } from "./go";
import { prepareInfluxdb } from "./influxdb";
import { deletedEdits, prepareKubernetesProvider } from "./kubernetes-provider";
import type { Part } from "./part";

/** The parts that Go builds. */
export interface GoParts {
  kube: Part;
  coredns: Part;
  netpol: Part;
  target: Part;
  pause: Part;
  pulumi: Part;
  nodejsHost: Part;
  kubernetesProvider: Part;
  influxd: Part;
  telegraf: Part;
}

/** The plugins that the gateway's configuration uses: all of Telegraf's would be ten times the size and the time. */
const telegrafTags = [
  "custom",
  "inputs.http_listener_v2",
  "inputs.internal",
  "outputs.influxdb_v2",
  "outputs.prometheus_client",
  "parsers.influx",
  "aggregators.basicstats",
  "processors.starlark",
];

/** Every part that Go builds. Versions are those of the modules' go.mod; where a program reports its version, it is set here too. */
export function goParts(toolchain: Toolchain): GoParts {
  const part = (args: Parameters<typeof goPart>[1]): Part => goPart(toolchain, args);
  const kube = part({
    name: "kube",
    title: "Kubernetes 1.36.3 with etcd",
    module: "cluster",
    package: "./kube",
    // Without the second `kubectl version` fails.
    variables: { "k8s.io/component-base/version.gitVersion": "v1.36.3", "k8s.io/client-go/pkg/version.gitVersion": "v1.36.3" },
  });
  return {
    kube,
    coredns: part({ name: "coredns", title: "CoreDNS 1.14.7", module: "cluster", package: "./coredns", after: kube }),
    netpol: part({ name: "netpol", title: "NetworkPolicy enforcer", module: "cluster", package: "./netpol", after: kube }),
    target: part({ name: "target", title: "HTTP target", module: "cluster", package: "./target", after: kube }),
    pause: part({ name: "pause", title: "pause", module: "cluster", package: "./pause", after: kube }),
    pulumi: part({
      name: "pulumi",
      title: "Pulumi 3.259.0",
      module: "pulumi",
      package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.259.0" },
    }),
    nodejsHost: part({
      name: "pulumi-language-nodejs",
      title: "Pulumi's Node.js host 3.68.0",
      module: "nodejs-host",
      package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    }),
    kubernetesProvider: part({
      name: "pulumi-resource-kubernetes",
      title: "Pulumi's Kubernetes provider 4.18.2",
      module: "kubernetes-provider",
      package: ".",
      variables: { "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version": "4.18.2" },
      prepare: prepareKubernetesProvider,
      settings: deletedEdits,
    }),
    influxd: part({
      name: "influxd",
      title: "InfluxDB 2.9.1",
      module: "influxdb",
      package: "github.com/influxdata/influxdb/v2/cmd/influxd",
      variables: { "main.version": "v2.9.1", "main.commit": "none" },
      // The first two are InfluxDB's own; the others leave out what loads shared libraries, which a static binary cannot.
      tags: ["sqlite_foreign_keys", "sqlite_json", "sqlite_omit_load_extension", "minicore_disabled", "netgo", "osusergo"],
      cgo: true,
      prepare: prepareInfluxdb,
    }),
    telegraf: part({
      name: "telegraf",
      title: "Telegraf 1.37.2",
      module: "telegraf",
      package: "github.com/influxdata/telegraf/cmd/telegraf",
      variables: { "github.com/influxdata/telegraf/internal.Version": "1.37.2" },
      tags: telegrafTags,
    }),
  };
}
