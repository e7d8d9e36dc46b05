import { withoutUndefined } from "../settings";
import type { ScriptForm } from "../types";
import type { Script } from "./source";

/** How the script comes to its runners, where that is not the usual way. */
export function formOf({ isArchive, entry, volumeClaim, splitFiles }: Script): { script?: ScriptForm } {
  const form = withoutUndefined({
    archive: isArchive ? entry : undefined,
    volumeClaim,
    splitFiles: splitFiles.length > 0 ? splitFiles : undefined,
  });
  return Object.keys(form).length === 0 ? {} : { script: form };
}
