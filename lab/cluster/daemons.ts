import { join } from "node:path";
import { addresses, apiPort, apiUrl, nodeName } from "./addresses";
import { containerdSocket } from "./containerd-config";
import type { User } from "./kubeconfig";
import type { Layout } from "./layout";

/** A program that the supervisor keeps running inside the lab. */
export interface Daemon {
  name: string;
  /** Program and arguments. */
  command: readonly string[];
  /** Addresses that must answer first: `tcp:` and `unix:` ones accept a connection, `https:` ones say 200. */
  after: readonly string[];
}

/** Programs that the daemons are started from, as absolute paths. */
export interface DaemonPrograms {
  /** All of Kubernetes and etcd in one program, chosen by its first argument. */
  kube: string;
  netpol: string;
  containerd: string;
  node: string;
  /** Bundle of the keeper of the volumes. */
  volumes: string;
}

const etcdAddress = "127.0.0.1:2379";
// Ready, not merely open: clients that come before the API server knows their rights are refused and back off.
const afterApi = [`${apiUrl}/readyz`];

/** Every daemon of the lab. */
export function daemons(programs: DaemonPrograms, layout: Layout): Daemon[] {
  const { kube, netpol, containerd, node, volumes } = programs;
  const kubeconfig = (user: User): string => `--kubeconfig=${kubeconfigPath(layout, user)}`;
  return [
    { name: "etcd", command: [kube, "etcd", ...etcdFlags(layout)], after: [] },
    { name: "containerd", command: [containerd, "--config", join(layout.config, "containerd.toml")], after: [] },
    { name: "apiserver", command: [kube, "kube-apiserver", ...apiserverFlags(layout)], after: [`tcp://${etcdAddress}`] },
    {
      name: "controller-manager",
      command: [kube, "kube-controller-manager", kubeconfig("controller-manager"), ...controllerManagerFlags(layout)],
      after: afterApi,
    },
    { name: "scheduler", command: [kube, "kube-scheduler", kubeconfig("scheduler"), "--leader-elect=false"], after: afterApi },
    {
      name: "kubelet",
      command: [kube, "kubelet", kubeconfig("kubelet"), ...kubeletFlags(layout)],
      after: [...afterApi, `unix://${containerdSocket}`],
    },
    { name: "proxy", command: [kube, "kube-proxy", kubeconfig("proxy"), ...proxyFlags], after: afterApi },
    { name: "netpol", command: [netpol, kubeconfig("netpol")], after: afterApi },
    { name: "volumes", command: [node, volumes, kubeconfigPath(layout, "volumes"), layout.volumes], after: afterApi },
  ];
}

/** Path of a daemon's kubeconfig. */
export function kubeconfigPath(layout: Layout, user: User): string {
  return user === "admin" ? layout.adminKubeconfig : join(layout.config, `${user}.kubeconfig`);
}

function etcdFlags({ run }: Layout): string[] {
  return [
    `--data-dir=${join(run, "etcd")}`,
    `--listen-client-urls=http://${etcdAddress}`,
    `--advertise-client-urls=http://${etcdAddress}`,
    "--listen-peer-urls=http://127.0.0.1:2380",
    // The data may be lost with the machine's power: the next lab starts empty. It survives the death of any process.
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
}

function apiserverFlags({ pki }: Layout): string[] {
  const file = (name: string): string => join(pki, name);
  return [
    `--etcd-servers=http://${etcdAddress}`,
    "--bind-address=0.0.0.0",
    `--advertise-address=${addresses.node}`,
    `--secure-port=${apiPort}`,
    `--service-cluster-ip-range=${addresses.services}`,
    "--authorization-mode=Node,RBAC",
    "--allow-privileged=true",
    "--profiling=false",
    `--tls-cert-file=${file("apiserver.crt")}`,
    `--tls-private-key-file=${file("apiserver.key")}`,
    `--client-ca-file=${file("ca.crt")}`,
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${file("service-account.pub")}`,
    `--service-account-signing-key-file=${file("service-account.key")}`,
    `--kubelet-client-certificate=${file("apiserver-kubelet.crt")}`,
    `--kubelet-client-key=${file("apiserver-kubelet.key")}`,
    `--kubelet-certificate-authority=${file("ca.crt")}`,
    "--kubelet-preferred-address-types=InternalIP",
    "--enable-aggregator-routing=true",
    `--requestheader-client-ca-file=${file("ca.crt")}`,
    // One authority signs everything here, so only this name may speak for others.
    "--requestheader-allowed-names=front-proxy-client",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-username-headers=X-Remote-User",
    `--proxy-client-cert-file=${file("front-proxy.crt")}`,
    `--proxy-client-key-file=${file("front-proxy.key")}`,
  ];
}

function controllerManagerFlags({ pki }: Layout): string[] {
  return [
    "--leader-elect=false",
    "--use-service-account-credentials=true",
    // It starts by making an account for each controller; at its default of 20 requests/s that takes five seconds.
    "--kube-api-qps=200",
    "--kube-api-burst=400",
    "--profiling=false",
    `--service-account-private-key-file=${join(pki, "service-account.key")}`,
    `--root-ca-file=${join(pki, "ca.crt")}`,
    `--cluster-signing-cert-file=${join(pki, "ca.crt")}`,
    `--cluster-signing-key-file=${join(pki, "ca.key")}`,
  ];
}

function kubeletFlags({ config }: Layout): string[] {
  return [`--config=${join(config, "kubelet.yaml")}`, `--hostname-override=${nodeName}`, `--node-ip=${addresses.node}`];
}

const proxyFlags = [
  "--proxy-mode=iptables",
  `--hostname-override=${nodeName}`,
  `--cluster-cidr=${addresses.pods}`,
  // The table's size is the whole machine's and cannot be set from a namespace.
  "--conntrack-max-per-core=0",
];
