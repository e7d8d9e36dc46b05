import { links } from "./addresses";
import { runCommand } from "./run-command";

/** Removes the machine's end of the link into the lab, and with it the routes over it. */
export async function removeLink(): Promise<void> {
  // It also goes by itself when the kernel has taken the lab's namespace down, which may be right now.
  while (await isLinkThere()) {
    await runCommand("ip", ["link", "delete", links.machine]).catch(() => undefined);
  }
}

/** Whether the machine is connected to a lab. */
export async function isLinkThere(): Promise<boolean> {
  const present = JSON.parse(await runCommand("ip", ["-json", "link", "show"])) as { ifname: string }[];
  return present.some(({ ifname }) => ifname === links.machine);
}
