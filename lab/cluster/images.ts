import { execa } from "execa";
import type { LabParts } from "../build/parts";
import { containerdSocket } from "./containerd-config";
import { insideFlags, type Namespace, runInside } from "./namespace";
import { until } from "./patience";

const ctr = ["ctr", "--address", containerdSocket, "--namespace", "k8s.io"];

/** References of the images that the lab holds. */
export async function storedImages(namespace: Namespace): Promise<string[]> {
  const [program, ...flags] = ctr;
  const listed = await runInside(namespace, program, [...flags, "images", "list", "--quiet"]);
  return listed.split("\n").filter((reference) => reference !== "" && !reference.startsWith("sha256:"));
}

/**
 * Loads an image archive, OCI or Docker, from the machine. It is read here and not inside, where the machine's later mounts are not seen.
 *
 * @returns what containerd printed: the references it unpacked
 */
export async function loadImage({ init }: Namespace, tar: string): Promise<string> {
  const { stdout } = await execa("nsenter", [...insideFlags(init), ...ctr, "images", "import", "-"], { inputFile: tar });
  return stdout;
}

/**
 * Loads the images that the lab does not hold yet, as soon as containerd answers.
 *
 * @param own references to load before all others: what the lab's own pods need
 */
export function loadMissingImages(
  images: LabParts["images"],
  own: readonly string[],
  namespace: Namespace,
  signal: AbortSignal,
): { first: Promise<void>; all: Promise<void> } {
  const load = async (wanted: LabParts["images"]): Promise<void> => {
    const stored = await storedImages(namespace);
    for (const { reference, tar } of wanted.filter((image) => !stored.includes(image.reference))) {
      await loadImage(namespace, tar).catch((error: unknown) => {
        throw new Error(`${reference} could not be loaded from ${tar}`, { cause: error });
      });
    }
  };
  const isAnswering = (): Promise<boolean> =>
    storedImages(namespace).then(
      () => true,
      () => false,
    );
  const first = until(isAnswering, signal).then(() => load(images.filter(({ reference }) => own.includes(reference))));
  return { first, all: first.then(() => load(images)) };
}
