import type { Cause } from "./cause";
import { failingSetup, misspelt, throwing } from "./scripts";

/** What keeps a run from being started. */
export const causesBeforeStart: Cause[] = [
  {
    title: "the script's ConfigMap is not there",
    change: () => ({ scriptConfigMap: "absent" }),
    names: /ConfigMap absent/,
    remedy: /pulumi up --refresh/,
  },
  {
    title: "the store's Secret is not there",
    change: ({ store }) => ({ store: { ...store, writeSecret: "absent" } }),
    names: /Secret absent/,
    remedy: /pulumi up --refresh/,
  },
  {
    title: "the volume with the script is not there",
    change: () => ({ script: { volumeClaim: "absent" } }),
    names: /PersistentVolumeClaim absent/,
    remedy: /Create it/,
  },
  {
    title: "the image cannot be had",
    change: () => ({ image: "lab.local/k6:absent" }),
    names: /image lab\.local\/k6:absent/,
    remedy: /Correct the image's name/,
  },
  {
    title: "no node has room for a runner",
    change: () => ({ resources: { cpu: "64", memory: "128Mi" }, startDeadlineSeconds: 10 }),
    names: /asks for 64 CPU, and node \S+ has the most left: \S+ CPU, so \S+ CPU missing/,
    remedy: /Lower resources\.cpu or runners, or add a node/,
  },
  {
    title: "the namespace's quota is used up",
    place: "full",
    names:
      /quota load of namespace \S+ allows 0\.05 CPU \(requests\.cpu\), 0 CPU of it in use, and a pod asks for 0\.1 CPU: 0\.05 CPU missing/,
    remedy: /Raise the quota, or lower resources\.cpu/,
  },
  {
    title: "a LimitRange refuses the pods",
    place: "limited",
    names: /LimitRange of namespace \S+ refuses its pod: maximum memory usage per Container is 64Mi/,
    remedy: /Change resources, or the LimitRange/,
  },
  {
    title: "Pod Security refuses the pods, since a mutating policy adds a container to them",
    place: "injected",
    names: /Pod Security "restricted:latest" of namespace \S+ refuses its pod: .*container "proxy-init"/,
    remedy: /take out what adds/,
  },
  {
    title: "an admission policy refuses the pods",
    place: "guarded",
    names: /admission policy \S+ refuses its pod: every pod needs the label team/,
    remedy: /Let it leave out pods/,
  },
  {
    title: "the script throws as it is loaded",
    script: throwing,
    names: /ReferenceError: undefinedHelper is not defined at shop\.js:\d+/,
    remedy: /Correct the script/,
  },
  {
    title: "the script has an option that k6 refuses",
    script: misspelt,
    names: /unknown executor type/,
    remedy: /Correct the script/,
  },
  {
    title: "setup() fails",
    script: failingSetup,
    names: /setup\(\) failed in runner 0.*the shop has no products/,
    remedy: /Correct setup\(\)/,
  },
  {
    title: "a runner never gets ready, since the store takes connections and does not answer",
    place: "held",
    change: ({ namespace, store }) => ({
      store: { ...store, writeUrl: `http://mute.${namespace}.svc:8080` },
      startDeadlineSeconds: 14,
    }),
    names: /runner 0 of 1 .*store http:\/\/mute/,
    remedy: /Look at the store/,
  },
];
