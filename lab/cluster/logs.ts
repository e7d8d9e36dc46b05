import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Layout } from "./layout";

/** Path of a part's log. @throws when there is none, naming those that there are */
export async function logPath({ logs }: Layout, part: string): Promise<string> {
  const parts = (await readdir(logs).catch(() => []))
    .filter((file) => file.endsWith(".log"))
    .map((file) => file.slice(0, -".log".length));
  if (!parts.includes(part)) {
    throw new Error(`no log of ${part} in ${logs}; there are: ${parts.toSorted().join(", ") || "none"}`);
  }
  return join(logs, `${part}.log`);
}
