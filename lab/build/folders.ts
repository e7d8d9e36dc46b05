import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where the lab's parts are kept and where their building is told. */
export interface BuildFolders {
  /** One folder per part and content key. */
  parts: string;
  /** One log per part, of its last build. */
  logs: string;
}

/** The folders under the user's `XDG_CACHE_HOME` and `XDG_STATE_HOME`. */
export function buildFolders(env: NodeJS.ProcessEnv = process.env): BuildFolders {
  return {
    parts: join(base(env.XDG_CACHE_HOME, ".cache"), "pulumi-k6", "lab"),
    logs: join(base(env.XDG_STATE_HOME, join(".local", "state")), "pulumi-k6", "lab", "logs"),
  };
}

// The XDG specification: a relative path there is to be ignored.
function base(given: string | undefined, usual: string): string {
  return given !== undefined && isAbsolute(given) ? given : join(homedir(), usual);
}
