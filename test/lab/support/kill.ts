import { listProcesses } from "../../../lab/cluster/processes";

/** Kills a process and all that came of it at once, as a machine that loses power would. @returns how many there were */
export async function killTree(pid: number): Promise<number> {
  const all = await listProcesses();
  const tree = [pid];
  for (const at of tree) {
    tree.push(...all.filter(({ parent }) => parent === at).map((child) => child.pid));
  }
  for (const each of tree) {
    kill(each);
  }
  return tree.length;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It went with one that was killed before it.
  }
}
