import type { RunState } from "../types";

/** All that is known to be wrong with a run, a sentence each: first what is about the whole of it, then its runners. */
export function diagnose({ causes, runners }: Pick<RunState, "causes" | "runners">): string[] {
  return [...new Set([...causes, ...runners.flatMap(({ cause }) => cause ?? [])])];
}
