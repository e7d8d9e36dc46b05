import type { ComparedRun } from "../../components/run/compare/compare";
import { passedRun } from "./results";

/** Random numbers that are the same every time (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function normalOf(random: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** How runs that are made up behave. Deviations are of logarithms, so about relative. */
export interface Behaviour {
  /** Milliseconds. */
  p50: number;
  windows: number;
  /** Between windows of a run. */
  within: number;
  /** Between runs. */
  between: number;
  /** Of neighbouring windows. */
  correlation: number;
}

/** A run whose windows are a first-order autoregressive series around a level of the run's own. */
export function syntheticRun(name: string, behaviour: Behaviour, random: () => number): ComparedRun {
  const { p50, windows, within, between, correlation } = behaviour;
  const normal = normalOf(random);
  const level = Math.log(p50) + between * normal();
  let state = normal();
  const series = Array.from({ length: windows }, () => {
    state = correlation * state + Math.sqrt(1 - correlation ** 2) * normal();
    return Math.exp(level + within * state);
  });
  const likeness = { test: "checkout", script: "3f9a", runners: "2" };
  return {
    result: { ...passedRun, run: name, likeness },
    windows: { windowSeconds: 1, p50: series, p95: series.map((value) => value * 2 * Math.exp(within * normal())) },
  };
}
