import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { removedAtOnce } from "pulumi-k6/dist/kube/annotations";

/** What a `DemoTarget` runs. */
export interface DemoTargetArgs {
  /** An image that serves HTTP on port 8080 as any user. */
  image: string;
}

/** A system under test to try things out on: `http://target.demo.svc:8080`, two pods, in a namespace of its own. */
export class DemoTarget extends pulumi.ComponentResource {
  constructor(name: string, { image }: DemoTargetArgs, opts?: pulumi.ComponentResourceOptions) {
    super("pulumi-k6:stacks:DemoTarget", name, {}, opts);
    const child = { parent: this };
    const labels = { "app.kubernetes.io/name": "target" };
    const namespace = new k8s.core.v1.Namespace(
      name,
      { metadata: { name: "demo", labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
      child,
    ).metadata.name;
    const deployment = new k8s.apps.v1.Deployment(
      name,
      {
        metadata: { name: "target", namespace, labels },
        spec: {
          replicas: 2,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: pod(image) },
        },
      },
      child,
    );
    new k8s.core.v1.Service(
      name,
      {
        // Pulumi would wait ten seconds for the endpoints to settle, where the pods behind it are ready already.
        metadata: { name: "target", namespace, labels, annotations: { ...removedAtOnce, "pulumi.com/skipAwait": "true" } },
        spec: { selector: labels, ports: [{ name: "http", port: 8080 }] },
      },
      { ...child, dependsOn: deployment },
    );
    this.registerOutputs();
  }
}

function pod(image: string): k8s.types.input.core.v1.PodSpec {
  return {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "target",
        image,
        imagePullPolicy: "IfNotPresent",
        ports: [{ name: "http", containerPort: 8080 }],
        readinessProbe: { httpGet: { path: "/", port: "http" }, periodSeconds: 2 },
        resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "500m", memory: "64Mi" } },
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } },
        volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
      },
    ],
    volumes: [{ name: "tmp", emptyDir: { sizeLimit: "64Mi" } }],
  };
}
