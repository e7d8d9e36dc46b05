import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shareOut } from "../script/pieces";
import type { Script } from "../script/source";

const shippedNames = [
  ...["harness.js", "barrier.js", "ready.js", "heal.js"],
  ...["launcher.sh", "operator.sh", "supervise.sh", "folder.sh", "inspect.sh"],
];
const mainName = "main.js";

/** Names of our own files beside a script. */
export const harnessNames: readonly string[] = [...shippedNames, mainName];

/** What runners execute, by file name. `launcher.sh` (with k6-operator: `operator.sh`) starts it, `inspect.sh` looks at it before, `main.js` is the module that k6 is given unless the script is an archive. */
export function harnessFiles({ entry, isArchive }: Pick<Script, "entry" | "isArchive">): Record<string, string> {
  return {
    ...(isArchive ? {} : { [mainName]: mainModule(entry) }),
    ...Object.fromEntries(shippedNames.map((name) => [name, shipped(name)])),
  };
}

/** The content of a ConfigMap. */
export interface ConfigMapContent {
  data: Record<string, string>;
  /** In base64: what is not text. */
  binaryData?: Record<string, string>;
}

/** Harness and script together, as the ConfigMaps of a load test hold them: the first has the harness, more there are where one is too small. */
export function configMapContents(script: Pick<Script, "entry" | "isArchive" | "files">): ConfigMapContent[] {
  const [first, ...more] = shareOut(script.files).map(contentOf);
  return [{ ...first, data: { ...first.data, ...harnessFiles(script) } }, ...more];
}

function contentOf(files: Record<string, Buffer>): ConfigMapContent {
  const entries = Object.entries(files);
  const texts = entries.filter(([, content]) => isUtf8(content)).map(([name, content]) => [name, content.toString("utf8")]);
  const binaries = entries.filter(([, content]) => !isUtf8(content)).map(([name, content]) => [name, content.toString("base64")]);
  return {
    data: Object.fromEntries(texts) as Record<string, string>,
    ...(binaries.length === 0 ? {} : { binaryData: Object.fromEntries(binaries) as Record<string, string> }),
  };
}

/** Everything the script exports stays what it is; only setup and summary are ours, and call the script's: setup in the first runner alone. */
function mainModule(entry: string): string {
  const script = JSON.stringify(entry);
  return `import * as user from ${script};
import { check, summarize } from './harness.js';
export * from ${script};
export default user.default;
export const setup = () => (__ENV.PULUMI_K6_RUNNER > 0 ? undefined : user.setup?.());
export const handleSummary = (data) => summarize(user, data);
check(user);
`;
}

function shipped(name: string): string {
  return readFileSync(join(__dirname, "k6", name), "utf8");
}
