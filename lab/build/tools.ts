import { join } from "node:path";
import { type BuildFolders, buildFolders } from "./folders";
import { goPart, goToolchain, type Toolchain } from "./go";
import type { Part } from "./part";
import { ensureBuilt } from "./parts";
import type { Progress } from "./progress";

/** Programs that tests alone use: no lab has them, and they are built when a test first wants one. */
export type Tool = "promtool";

/** The parts of all tools, by name. */
export function toolParts(toolchain: Toolchain): Record<Tool, Part> {
  return {
    promtool: goPart(toolchain, {
      name: "promtool",
      title: "promtool of Prometheus 3.8.1",
      module: "promtool",
      package: "github.com/prometheus/prometheus/cmd/promtool",
    }),
  };
}

/** Builds a tool where it is missing. @returns path of its program */
export async function ensureTool(tool: Tool, progress: Progress, folders: BuildFolders = buildFolders()): Promise<string> {
  const part = toolParts(await goToolchain())[tool];
  const folderOf = await ensureBuilt([part], progress, folders);
  return join(folderOf(part), part.name);
}
