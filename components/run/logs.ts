import { Writable } from "node:stream";
import * as k8s from "@kubernetes/client-node";
import type { Cluster } from "../kube/cluster";
import { parseBarrierLine, type BarrierLine } from "./barrier-line";

// Enough to see an exception with its stack.
const tailLines = 20;

/** The last lines of a pod's log; `undefined` where there is none any more. */
export async function logTail(cluster: Cluster, namespace: string, pod: string): Promise<string[] | undefined> {
  try {
    const text = await cluster.core.readNamespacedPodLog({ namespace, name: pod, tailLines });
    return text.split("\n").filter((line) => line !== "");
  } catch {
    return undefined;
  }
}

/** The barrier's last word in what there is of a pod's log. */
export async function readBarrier(cluster: Cluster, namespace: string, pod: string): Promise<BarrierLine | undefined> {
  try {
    const text = await cluster.core.readNamespacedPodLog({ namespace, name: pod });
    return text
      .split("\n")
      .map(parseBarrierLine)
      .findLast((line) => line !== undefined);
  } catch {
    return undefined;
  }
}

/** Follows a pod's log from its beginning and gives the barrier's lines as they come; ends with the log, when `signal` says so, or by an error. */
export async function followBarrier(
  cluster: Cluster,
  { namespace, pod }: { namespace: string; pod: string },
  onLine: (line: BarrierLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const lines = new LineStream((text) => {
    const line = parseBarrierLine(text);
    if (line !== undefined) {
      onLine(line);
    }
  });
  const ended = new Promise<void>((resolve, reject) => {
    lines.once("finish", resolve);
    lines.once("error", reject);
  });
  // Where opening fails nobody waits for the end.
  ended.catch(() => undefined);
  const request = await new k8s.Log(cluster.config).log(namespace, pod, "k6", lines, { follow: true });
  const abort = () => {
    request.abort();
    lines.destroy(new Error("stopped"));
  };
  if (signal.aborted) {
    return abort();
  }
  signal.addEventListener("abort", abort, { once: true });
  await ended;
}

/** Cuts what is written into lines. */
class LineStream extends Writable {
  private rest = "";

  constructor(private readonly onLine: (line: string) => void) {
    super({ decodeStrings: false, defaultEncoding: "utf8" });
  }

  override _write(chunk: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    const lines = (this.rest + chunk.toString()).split("\n");
    this.rest = lines.pop() ?? "";
    lines.forEach((line) => this.onLine(line));
    done();
  }
}
