import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { labPath } from "./namespace";

/** Path of a program of the machine, where the lab would find it. */
export function findProgram(name: string, path: string = labPath): string | undefined {
  return path
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
