import type { Cause } from "./cause";

/** What only k6-operator can do wrong, or leave undone. */
export const causesByOperator: Cause[] = [
  {
    title: "no k6-operator is there, or it does not watch the namespace",
    engine: "operator",
    place: "unwatched",
    names: /k6-operator did not react to TestRun \S+ within 20 s/,
    remedy: /Look at its pod and its WATCH_NAMESPACES, or use engine: "job"/,
  },
  {
    title: "k6-operator is held up by another run",
    engine: "operator",
    place: "frozen",
    names: /TestRun \S+\/stuck, in stage created, may hold k6-operator up/,
    remedy: /delete it if its runners do not answer on port 6565/,
  },
  {
    title: "k6-operator's starter does not reach the runners",
    engine: "operator",
    place: "blocked",
    since: "started",
    names: /runners were not started 15 s after Job \S+-starter was there/,
    remedy: /Look whether a network policy lets its pod reach port 6565/,
  },
  {
    title: "the starter's image cannot be had",
    engine: "operator",
    change: () => ({ starterImage: "lab.local/starter:absent" }),
    names: /pod \S+-starter-\S+ cannot have its image lab\.local\/starter:absent/,
    remedy: /Correct the image's name/,
  },
  {
    title: "a quota on the number of Jobs lets k6-operator make only some of them",
    engine: "operator",
    place: "counted",
    since: "initialized",
    change: () => ({ runners: 2 }),
    names: /k6-operator made 1 of 2 runner Jobs/,
    remedy: /quota of \S+ \(count\/jobs\.batch, count\/services\)/,
  },
];
