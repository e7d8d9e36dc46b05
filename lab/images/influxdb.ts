import type { ImageDefinition } from "../build/image-part";
import type { Part } from "../build/part";
import { folderOf, folders, searchPath, temporary, user } from "./root";

// The user and the data folder of InfluxDB's own image.
const owner = 1000;
const data = "/var/lib/influxdb2";

/** InfluxDB with its data in one folder, so that it runs with a read-only root and a volume there. */
export function influxdbImage(influxd: Part): ImageDefinition {
  return {
    reference: "lab.local/influxdb:2.9.1",
    title: "image of InfluxDB",
    config: {
      Entrypoint: ["influxd"],
      User: `${owner}:${owner}`,
      WorkingDir: data,
      Env: [
        searchPath,
        `HOME=${data}`,
        `INFLUXD_BOLT_PATH=${data}/influxd.bolt`,
        `INFLUXD_SQLITE_PATH=${data}/influxd.sqlite`,
        `INFLUXD_ENGINE_PATH=${data}/engine`,
        // Nothing leaves the lab, so a report of usage would only fail there.
        "INFLUXD_REPORTING_DISABLED=true",
      ],
      ExposedPorts: { "8086/tcp": {} },
      Volumes: { [data]: {} },
    },
    entries: [
      ...folders("etc", "usr", "usr/bin", "var", "var/lib"),
      folderOf(owner, data.slice(1)),
      temporary,
      ...user("influxdb", owner, data),
      { kind: "program", path: "usr/bin/influxd", part: influxd },
    ],
  };
}
