/** Where containerd answers, inside the lab's mount namespace. */
export const containerdSocket = "/run/containerd/containerd.sock";

/** Folder of the plugins that connect pods, as Debian's `containernetworking-plugins` installs them. */
export const cniPlugins = "/usr/lib/cni";

/** containerd's configuration. Paths are those inside the lab's mount namespace. */
export function renderContainerdConfig(config: string, pauseImage: string): string {
  return `version = 2
root = "/var/lib/containerd"
state = "/run/containerd/state"
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.internal.v1.tracing", "io.containerd.tracing.processor.v1.otlp"]

[grpc]
  address = "${containerdSocket}"

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  # Without CAP_SYS_RESOURCE runc may not lower a score and dies of it.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${config}/registries"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${cniPlugins}"
    conf_dir = "${config}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
`;
}

/** Sends every pull to a closed port: an image that was not loaded fails at once instead of waiting for a resolver. */
export function renderDeadEndRegistry(): string {
  return `server = "http://127.0.0.1:9"

[host."http://127.0.0.1:9"]
  capabilities = ["pull", "resolve"]
`;
}
