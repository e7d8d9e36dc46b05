import { readFile, writeFile } from "node:fs/promises";

/** Settings that the kubelet changes for the whole machine because no namespace holds them; `down` puts the old values back. */
export const globalSysctls = [
  "vm.overcommit_memory",
  "vm.panic_on_oom",
  "kernel.panic",
  "kernel.panic_on_oops",
  "kernel.keys.root_maxkeys",
  "kernel.keys.root_maxbytes",
] as const;

const pathOf = (name: string): string => `/proc/sys/${name.replaceAll(".", "/")}`;

/** Current values of the machine-wide settings; one the kernel lacks is left out. */
export async function readSysctls(): Promise<Record<string, string>> {
  const pairs = await Promise.all(
    globalSysctls.map(async (name) => {
      const value = await readFile(pathOf(name), "utf8").catch(() => undefined);
      return value === undefined ? [] : [[name, value.trim()] as const];
    }),
  );
  return Object.fromEntries(pairs.flat());
}

/** Writes the values that differ from the current ones. */
export async function restoreSysctls(saved: Record<string, string>): Promise<void> {
  const current = await readSysctls();
  const changed = Object.entries(saved).filter(([name, value]) => current[name] !== value);
  await Promise.all(changed.map(([name, value]) => writeFile(pathOf(name), value)));
}
