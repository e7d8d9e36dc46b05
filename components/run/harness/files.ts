import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Script } from "../script";

/** What runners execute, by file name. `launcher.sh` starts it, `main.js` is the module that k6 is given. */
export function harnessFiles(script: Pick<Script, "text" | "language">): Record<string, string> {
  // k6 strips types by the file's extension.
  const file = script.language === "typescript" ? "script.ts" : "script.js";
  return {
    [file]: script.text,
    "main.js": mainModule(file),
    ...Object.fromEntries(["harness.js", "barrier.js", "launcher.sh"].map((name) => [name, shipped(name)])),
  };
}

/** Everything the script exports stays what it is; only the summary is ours, and it calls the script's. */
function mainModule(script: string): string {
  return `import * as user from './${script}';
import { summarize, warnOfTags } from './harness.js';
export * from './${script}';
export default user.default;
export const handleSummary = (data) => summarize(user, data);
warnOfTags(user);
`;
}

function shipped(name: string): string {
  return readFileSync(join(__dirname, "k6", name), "utf8");
}
