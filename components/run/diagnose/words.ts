import type { V1Pod } from "@kubernetes/client-node";

/** A message as it stands within a sentence. */
export function withoutStop(text: string): string {
  return text.trim().replace(/\.$/, "");
}

/** Where a pod was, as the end of a clause. */
export function onNode({ spec }: V1Pod): string {
  return spec?.nodeName === undefined ? "" : ` on node ${spec.nodeName}`;
}
