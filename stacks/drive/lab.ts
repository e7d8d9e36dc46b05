import { execa } from "execa";
import { labEnvironment } from "../../lab/env";

/** Brings the lab up (at once when it is up already) and gives the environment that points at it. */
export async function setupLab(): Promise<Record<string, string>> {
  const { exitCode } = await execa(process.execPath, ["-r", "ts-node/register", "lab/main.ts", "up"], {
    stdio: "inherit",
    reject: false,
  });
  if (exitCode !== 0) {
    throw new Error("the lab is not up: see above. To use your own cluster instead: make up STACK=dev");
  }
  return labEnvironment();
}
