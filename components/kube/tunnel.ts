import * as net from "node:net";
import * as k8s from "@kubernetes/client-node";
import type { Cluster } from "./cluster";

/** A Service in the cluster that is reached through the API server. */
export interface ServiceAddress {
  namespace: string;
  service: string;
  /** Port of the Service. */
  port: number;
}

/** A local end of a connection into the cluster; close it when done. */
export interface Tunnel {
  /** `http://127.0.0.1:<port>` */
  url: string;
  close(): Promise<void>;
}

/** A port of a pod. */
export interface PodAddress {
  namespace: string;
  pod: string;
  port: number;
}

/**
 * Forwards a loopback port to a ready pod of a Service through the API server, as `kubectl port-forward` does,
 * because cluster addresses are not routable from where Pulumi runs.
 *
 * @throws when the Service has no ready pod
 */
export async function openTunnel(cluster: Cluster, address: ServiceAddress): Promise<Tunnel> {
  const { pod, port } = await readyPod(cluster, address);
  return openPodTunnel(cluster, { namespace: address.namespace, pod, port });
}

/**
 * Forwards a loopback port to a pod. The pod's node connects inside of the pod, so no network policy is in the way, as one may be with the
 * API server's proxy.
 */
export async function openPodTunnel(cluster: Cluster, { namespace, pod, port }: PodAddress): Promise<Tunnel> {
  const forward = new k8s.PortForward(cluster.config, true);
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    // A refused stream ends the connection: the HTTP client above then retries on a new one.
    forward.portForward(namespace, pod, [port], socket, null, socket).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        sockets.forEach((socket) => socket.destroy());
        server.close(() => resolve());
      }),
  };
}

async function readyPod(cluster: Cluster, { namespace, service, port }: ServiceAddress): Promise<{ pod: string; port: number }> {
  const { spec } = await cluster.core.readNamespacedService({ namespace, name: service });
  const servicePort = spec?.ports?.find((candidate) => candidate.port === port);
  if (spec?.selector === undefined || servicePort === undefined) {
    throw new Error(
      `service ${namespace}/${service} has no selector or no port ${port}: it cannot be reached through the API server`,
    );
  }
  const labelSelector = Object.entries(spec.selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
  const { items } = await cluster.core.listNamespacedPod({ namespace, labelSelector });
  const ready = items.find((pod) => pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"));
  if (ready?.metadata?.name === undefined) {
    throw new Error(
      `service ${namespace}/${service} has no ready pod (${items.length} pods match): look at \`kubectl -n ${namespace} get pods\``,
    );
  }
  return { pod: ready.metadata.name, port: targetPort(ready, servicePort) };
}

function targetPort(pod: k8s.V1Pod, { targetPort: target, port }: k8s.V1ServicePort): number {
  if (typeof target === "number") {
    return target;
  }
  const named = pod.spec?.containers.flatMap((container) => container.ports ?? []).find(({ name }) => name === target);
  return named?.containerPort ?? port;
}
