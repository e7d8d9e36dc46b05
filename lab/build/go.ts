import { join } from "node:path";
import { execa } from "execa";
import { CommandError } from "./command";
import type { BuildPlace, Part } from "./part";
import { goModules } from "./sources";

/** The Go toolchain and what it builds for, e.g. `go1.26.8 linux amd64 v1`; part of every Go part's key. */
export type Toolchain = string;

/** Asks the Go toolchain for its version. @throws {CommandError} when there is none */
export async function goToolchain(): Promise<Toolchain> {
  const result = await execa("go", ["env", "GOVERSION", "GOOS", "GOARCH", "GOAMD64"], {
    cwd: join(goModules, "cluster"),
    reject: false,
  });
  if (result.failed) {
    throw new CommandError(`go env: ${result.code ?? result.stderr}`, "Install Go 1.26.4 or newer and put it on PATH");
  }
  return result.stdout.split("\n").join(" ").trim();
}

/** What to build from one of the modules in lab/go. */
export interface GoPartArgs {
  /** Name of the part and of its binary. */
  name: string;
  title: string;
  /** Folder under lab/go. */
  module: string;
  /** Package to build: a folder of the module (`./kube`) or another module's path. */
  package: string;
  /** Variables that the linker sets, by name. @default {} */
  variables?: Readonly<Record<string, string>>;
  /** Build tags. @default [] */
  tags?: readonly string[];
  /** Compile C with it; the result is linked statically all the same. @default false */
  cgo?: boolean;
  after?: Part;
  /** Does what the build needs first. @default nothing */
  prepare?: (place: BuildPlace) => Promise<Preparation>;
  /** What decides the content and is not said here otherwise, e.g. what `prepare` changes. Plain data. @default nothing */
  settings?: unknown;
}

/** What a build gets from what was done before it. */
export interface Preparation {
  env?: Record<string, string>;
  /** Folder to build in. @default the module's */
  cwd?: string;
}

/** A static binary built from one of the Go modules here, exactly as its go.mod and go.sum say. */
export function goPart(toolchain: Toolchain, args: GoPartArgs): Part {
  const { name, title, after, prepare } = args;
  const folder = join(goModules, args.module);
  const own = args.package.startsWith(".") ? [args.package === "." ? "main.go" : args.package] : [];
  const flags = goFlags(args);
  return {
    name,
    title,
    files: [name],
    sources: ["go.mod", "go.sum", ...own].map((path) => join(folder, path)),
    settings: { toolchain, flags, package: args.package, more: args.settings },
    uses: [],
    after,
    async build(place) {
      const prepared = await prepare?.(place);
      const env = { ...goEnvironment(args.cgo), ...prepared?.env };
      const output = join(place.out, name);
      await place.run({
        program: "go",
        args: ["build", ...flags, "-o", output, args.package],
        cwd: prepared?.cwd ?? folder,
        env,
      });
    },
  };
}

/** Environment of every Go build. GOGC=400 compiles a tenth faster for some memory (measured). */
export function goEnvironment(cgo = false): Record<string, string> {
  return { CGO_ENABLED: cgo ? "1" : "0", GOGC: "400", GOFLAGS: "-buildvcs=false", GOWORK: "off" };
}

/**
 * The same compiler flags for all parts, so that they share Go's build cache. -trimpath keeps the place of the checkout out of it,
 * and -dwarf=false saves a fifth of the time: the binaries are stripped anyhow.
 */
export function goFlags({ variables = {}, tags = [], cgo = false }: Pick<GoPartArgs, "variables" | "tags" | "cgo">): string[] {
  const linker = [
    "-s",
    "-w",
    ...Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`),
    ...(cgo ? ["-extldflags=-static"] : []),
  ];
  return [
    "-mod=readonly",
    "-trimpath",
    "-gcflags=all=-dwarf=false",
    `-ldflags=${linker.join(" ")}`,
    ...(tags.length === 0 ? [] : [`-tags=${tags.join(",")}`]),
  ];
}
