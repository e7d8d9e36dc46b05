import type { Command } from "./command";

/** One thing that is built once and kept: a folder of files, named by what went into it. */
export interface Part {
  /** Name of its folder and of its log, e.g. `kube`. */
  name: string;
  /** What a person is told, e.g. `Kubernetes 1.36.3`. */
  title: string;
  /** Files that its folder holds when it is done. */
  files: readonly string[];
  /** Files and folders of this repository that decide its content. */
  sources: readonly string[];
  /** What else decides its content: flags, versions, the machine's architecture. Plain data. */
  settings: unknown;
  /** Parts whose files it is made from; their keys are part of its own. */
  uses: readonly Part[];
  /** A part that compiles much of the same: built before, so that both do not compile it at the same time. */
  after?: Part;
  /** Makes `files` in the place's `out`. */
  build(place: BuildPlace): Promise<void>;
}

/** Where and with what one part is built. */
export interface BuildPlace {
  /** Folder that becomes the part's. */
  out: string;
  /** Folder for things in between; removed afterwards. */
  work: string;
  /** Runs a program, its output into the part's log. @throws {CommandError} when it fails */
  run: (command: Command) => Promise<void>;
  /** Path of a file of a part that this one uses. */
  fileOf: (part: Part, file: string) => string;
}
