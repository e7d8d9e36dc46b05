/** Where a k6 script comes from: exactly one of `inline`, `path`, `volumeClaim` and `imagePath`. */
export interface ScriptSource {
  /** The script itself, in JavaScript. Imports are looked up from the folder of the program. */
  inline?: string;
  /**
   * Path of a `.js` or `.ts` file, or of a `.tar` that `k6 archive` made, relative to the program.
   *
   * TypeScript, and a script that imports files or npm packages, is bundled into one file; any other is run byte for byte as it is.
   */
  path?: string;
  /** A file on a volume that is there already, in the namespace of the runners. */
  volumeClaim?: ScriptVolume;
  /** Absolute path of a `.js`, `.ts` or `.tar` file in the image of the runners. */
  imagePath?: string;
  /** Data files beside the script, by the name that `open("./name")` has: paths relative to the program. @default none */
  files?: Record<string, string>;
  /**
   * Data files of which each runner gets its own part, by name: paths relative to the program. They are cut between lines, the first line
   * of a `.csv` goes to every runner. @default none
   */
  splitFiles?: Record<string, string>;
}

/** A script on a volume. What is on it is not known here: give another `trigger` when it changes. */
export interface ScriptVolume {
  /** Name of the PersistentVolumeClaim; runners on several nodes need one that many may read (`ReadOnlyMany` or `ReadWriteMany`). */
  name: string;
  /** Path of the file on the volume, e.g. `checkout/main.js`. */
  file: string;
}

/** A script that k6 can be expected to load. */
export interface Script {
  /** Name of the file as its author knows it. */
  name: string;
  /** sha256 in hex: of the script's text or, where there is more than that, of everything that makes it. */
  digest: string;
  /** What the harness imports, or the archive that k6 is given: relative to the harness, or absolute. */
  entry: string;
  /** An archive runs without the harness. */
  isArchive: boolean;
  /** Content of the files beside the harness, by name. */
  files: Record<string, Buffer>;
  /** Names of the files of which each runner has a part, in `files` as `partName`. */
  splitFiles: string[];
  /** PersistentVolumeClaim that holds the script. */
  volumeClaim?: string;
}

/** Name of a bundled or plain script beside the harness. */
export const scriptFile = "script.js";
/** Name of an archive beside the harness. */
export const archiveFile = "archive.tar";
/** Where a volume with a script is mounted. */
export const volumeFolder = "/scripts";

/** The name under which the part of one runner is kept; launcher.sh knows it too. */
export function partName(file: string, runner: number): string {
  return `${file}.${runner}`;
}
