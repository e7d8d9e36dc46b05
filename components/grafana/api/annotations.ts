import { ownTag } from "../dashboards/parts";
import type { Grafana } from "./client";
import type { Asked } from "./errors";

/** Something that is marked in the charts of a run. */
export interface AnnotationWish {
  /** The run, which dashboards filter by. */
  testid: string;
  kind: "run" | "event";
  /** Unique within the run and kind: the same key is the same annotation. */
  key: string;
  /** Milliseconds since 1970. */
  time: number;
  timeEnd: number;
  text: string;
  /** Besides those that say run, kind and key. */
  tags: string[];
}

/** Writes an annotation of the organisation, or changes the one of its key: annotations have no uid. */
export function ensureAnnotation(grafana: Grafana, wish: AnnotationWish): Promise<void> {
  // From the look on: a write whose answer was lost must not be sent again blindly.
  return grafana.patiently(() => write(grafana, wish));
}

async function write(grafana: Grafana, wish: AnnotationWish): Promise<void> {
  const { testid, kind, key, time, timeEnd, text, tags } = wish;
  const identity = [ownTag, `testid:${testid}`, `kind:${kind}`, `key:${key}`];
  const query = new URLSearchParams([
    ["type", "annotation"],
    ["limit", "5"],
    ...identity.map((tag) => ["tags", tag] as [string, string]),
  ]);
  const asked = (action: string, permission: string): Asked => ({
    action: `${action} annotations`,
    role: "Editor",
    permissions: `annotations:${permission} on annotations:type:organization`,
  });
  const [found] = await grafana.askOnce<{ id: number }[]>(asked("read", "read"), "GET", `/api/annotations?${query.toString()}`);
  const body = { time, timeEnd, text, tags: [...identity, ...tags] };
  if (found === undefined) {
    await grafana.askOnce(asked("write", "create"), "POST", "/api/annotations", body);
  } else {
    await grafana.askOnce(asked("change", "write"), "PATCH", `/api/annotations/${found.id}`, body);
  }
}
