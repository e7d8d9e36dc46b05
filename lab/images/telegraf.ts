import type { ImageDefinition } from "../build/image-part";
import type { Part } from "../build/part";
import { folders, searchPath, temporary, user } from "./root";

// Any user but root: the official image starts as root and changes to its own.
const owner = 999;

/** Telegraf with a read-only root; its configuration is mounted. */
export function telegrafImage(telegraf: Part): ImageDefinition {
  return {
    reference: "lab.local/telegraf:1.37.2",
    title: "image of Telegraf",
    config: {
      Entrypoint: ["telegraf"],
      User: `${owner}:${owner}`,
      WorkingDir: "/",
      Env: [searchPath],
      ExposedPorts: { "8186/tcp": {} },
    },
    entries: [
      ...folders("etc", "usr", "usr/bin"),
      temporary,
      ...user("telegraf", owner, "/"),
      { kind: "program", path: "usr/bin/telegraf", part: telegraf },
    ],
  };
}
