import { accessSync, constants } from "node:fs";
import path from "node:path";

/** Where a real binary that a contract test runs is: `K6_PATH`, `INFLUXD_PATH`, `TELEGRAF_PATH`, or `PATH`. @throws when it is nowhere */
export function executable(name: "k6" | "influxd" | "telegraf"): string {
  const variable = `${name.toUpperCase()}_PATH`;
  const given = process.env[variable];
  const candidates =
    given === undefined ? (process.env.PATH ?? "").split(path.delimiter).map((folder) => path.join(folder, name)) : [given];
  const found = candidates.find(isExecutable);
  if (found === undefined) {
    throw new Error(
      `${name} is not at ${variable} (${given ?? "not set"}) nor in PATH: this test runs the real one. Set ${variable} to its path.`,
    );
  }
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
