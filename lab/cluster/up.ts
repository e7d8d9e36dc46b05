import type { LabParts } from "../build/parts";
import { Cluster } from "../../components/kube/cluster";
import { checkHealth } from "./health";
import { labKey } from "./lab-files";
import type { Layout } from "./layout";
import { makeWhole, type Tell } from "./make-whole";
import { findNamespace, type Namespace } from "./namespace";
import { isLinkThere } from "./network";
import { LabGone } from "./patience";
import { readRecord } from "./record";
import { startLab } from "./start";
import { removeLab, stopProcesses } from "./stop";

/**
 * Brings the lab up, or what is missing of it. The caller holds the lab's lock.
 *
 * @throws when a lab of other parts runs, or a part does not come up
 */
export async function bringUp(layout: Layout, parts: LabParts, tell: Tell): Promise<void> {
  const [key, running, isConnected] = await Promise.all([labKey(layout, parts), findNamespace(layout), isLinkThere()]);
  const record = readRecord();
  if (running !== undefined && record?.key !== key) {
    throw new Error(otherPartsRun(record?.checkout));
  }
  if (running !== undefined && isConnected && (await isMended(layout, parts, running, tell))) {
    return;
  }
  const previous = record?.key === key ? record : undefined;
  if (previous === undefined) {
    await removeLab(layout, record);
  } else {
    tell("the lab is half gone; starting it again on its data");
    await stopProcesses(layout);
  }
  await makeWhole(layout, parts, await startLab(layout, parts, key, previous), tell);
}

/** Why a checkout cannot attach to the lab that runs. */
export function otherPartsRun(checkout: string | undefined): string {
  const owner = checkout === undefined ? "a lab that lost its record" : `a lab made of other parts, by the checkout ${checkout},`;
  return `${owner} runs on this machine, and there can be one. Stop it first, with all that is in it: npm run lab -- down`;
}

/** Waits for a running lab to mend itself, and helps. @returns false when it turned out to be dying */
async function isMended(layout: Layout, parts: LabParts, namespace: Namespace, tell: Tell): Promise<boolean> {
  const cluster = Cluster.connect({ kubeconfig: layout.adminKubeconfig });
  const references = parts.images.map(({ reference }) => reference);
  const ill = (await checkHealth(layout, cluster, namespace, references)).filter(({ isWell }) => !isWell);
  if (ill.length === 0) {
    return true;
  }
  tell(`mending: ${ill.map(({ name, found }) => `${name}: ${found}`).join("; ")}`);
  try {
    await makeWhole(layout, parts, namespace, tell);
    return true;
  } catch (error) {
    if (error instanceof LabGone) {
      return false;
    }
    throw error;
  }
}
