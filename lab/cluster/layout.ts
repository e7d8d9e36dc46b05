import { homedir } from "node:os";
import { join } from "node:path";
import { instance, instanceOf } from "./instance";

/** Where the lab keeps its things on the machine. */
export interface Layout {
  /** The lab's folder of state; logs of builds and of the last run stay here after `down`. */
  state: string;
  /** What one lab needs between `up` and `down`; removed by `down`. */
  run: string;
  /** Certificates and keys. */
  pki: string;
  /** Rendered configuration files of the daemons. */
  config: string;
  /** Logs of the daemons, one file per part. */
  logs: string;
  /** Folders behind the persistent volumes. */
  volumes: string;
  /** Links to the command line tools, to be first on `PATH`. */
  bin: string;
  /** Pulumi's home: its plugins and workspaces. */
  pulumiHome: string;
  /** State of the stacks in this cluster; goes with the cluster. */
  pulumiBackend: string;
  /** Kubeconfig of the cluster's administrator. */
  adminKubeconfig: string;
}

/** The lab's folder of state for an environment: under `XDG_STATE_HOME`. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  const base =
    env.XDG_STATE_HOME !== undefined && env.XDG_STATE_HOME !== "" ? env.XDG_STATE_HOME : join(homedir(), ".local", "state");
  return join(base, "pulumi-k6", instanceOf(env).name);
}

/** Paths of the lab in its folder of state. */
export function layoutIn(state: string): Layout {
  const run = join(state, "run");
  return {
    state,
    run,
    pki: join(run, "pki"),
    config: join(run, "config"),
    logs: join(state, "logs"),
    volumes: join(run, "volumes"),
    bin: join(run, "bin"),
    pulumiHome: join(run, "pulumi-home"),
    pulumiBackend: join(run, "pulumi-backend"),
    adminKubeconfig: join(run, "admin.kubeconfig"),
  };
}

/**
 * Paths on the machine that are not the user's: the record of a lab, and the lock that `up` and `down` take.
 * Under /run because a lab does not outlive the machine's boot, and neither may its record.
 */
export function machinePathsOf(name: string): { folder: string; record: string; lock: string } {
  const folder = `/run/pulumi-k6-${name}`;
  return { folder, record: `${folder}/lab.json`, lock: `${folder}.lock` };
}

/** Those of this process's lab. */
export const machinePaths = machinePathsOf(instance.name);
