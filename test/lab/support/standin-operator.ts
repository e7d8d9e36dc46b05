import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { busyboxPart } from "../../../lab/build/busybox";
import { buildFolders } from "../../../lab/build/folders";
import { writeImage } from "../../../lab/build/image";
import { partFolders } from "../../../lab/build/parts";
import { labLoad } from "../../../lab/cluster/commands";
import { currentLayout } from "../../../lab/cluster/record";
import { folders } from "../../../lab/images/root";

/**
 * A stand-in for the controller of k6-operator, whose image is in no package registry: it answers probes and does nothing else. What acts
 * on TestRuns is the simulator, in the process of the test.
 */
export const standinImage = "lab.local/standin/k6-operator:controller-v1.6.0";

/** Makes the image and loads it into the lab. */
export async function loadStandinOperator(): Promise<void> {
  const busybox = busyboxPart();
  const folderOf = await partFolders([busybox], buildFolders());
  const work = await mkdtemp(join(tmpdir(), "pulumi-k6-standin-"));
  try {
    const tar = join(work, "image.tar");
    const answer = (path: string) => ({ kind: "file", path: `www/${path}`, mode: 0o644, content: { text: "ok" } }) as const;
    await writeImage(
      tar,
      work,
      standinImage,
      [
        ...folders("bin", "www"),
        { kind: "file", path: "bin/busybox", mode: 0o755, content: { file: join(folderOf(busybox), busybox.files[0]) } },
        // The controller's arguments are the shell's, which does not look at them.
        { kind: "file", path: "serve.sh", mode: 0o644, content: { text: "exec /bin/busybox httpd -f -p 8081 -h /www\n" } },
        ...["healthz", "readyz"].map(answer),
      ],
      { Entrypoint: ["/bin/busybox", "sh", "/serve.sh"], User: "65532:65532" },
    );
    await labLoad(currentLayout(), tar);
  } finally {
    await rm(work, { recursive: true });
  }
}
