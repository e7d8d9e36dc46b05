import { join } from "node:path";
import { execa } from "execa";
import { goEnvironment, goFlags, type Preparation } from "./go";
import type { BuildPlace } from "./part";
import { goModules } from "./sources";

/**
 * InfluxDB contains a library in Rust. Its build finds it by calling pkg-config, whose place InfluxData's own program takes: that one
 * compiles the library with cargo.
 */
export async function prepareInfluxdb({ work, run }: BuildPlace): Promise<Preparation> {
  const pkgConfig = join(work, "influx-pkg-config");
  const cwd = join(goModules, "influxdb");
  await run({ program: "cargo", args: ["--version"], cwd });
  await run({
    program: "go",
    args: ["build", ...goFlags({}), "-o", pkgConfig, "github.com/influxdata/pkg-config"],
    cwd,
    env: goEnvironment(),
  });
  // Newer compilers warn of more than the library's authors allowed for, and LTO doubles the time.
  const rust = { RUSTFLAGS: "--cap-lints warn", CARGO_PROFILE_RELEASE_LTO: "off", ...(await rustToolchain()) };
  return { env: { PKG_CONFIG: pkgConfig, ...rust } };
}

/** The library asks for a Rust of its own choice, which rustup would fetch; the one that is installed does. */
async function rustToolchain(): Promise<Record<string, string>> {
  const { stdout, failed } = await execa("rustup", ["show", "active-toolchain"], { reject: false });
  return failed ? {} : { RUSTUP_TOOLCHAIN: stdout.split(/\s/)[0] };
}
