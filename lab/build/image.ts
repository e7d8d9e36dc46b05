import { createHash } from "node:crypto";
import { join } from "node:path";
import { arch } from "node:process";
import { type Blob, type Entry, writeArchive } from "./archive";

/** What a container of an image runs and as whom; the names are OCI's. */
export interface ImageConfig {
  Entrypoint: readonly string[];
  /** `UID:GID`. */
  User: string;
  Env?: readonly string[];
  WorkingDir?: string;
  ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
  Volumes?: Readonly<Record<string, Record<string, never>>>;
}

// Go's names, which OCI uses, for Node's.
const architectures: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/** Architecture of the images that are made here, in OCI's words. */
export const architecture = architectures[arch] ?? arch;

/**
 * Writes an image of one layer as an OCI archive. The same entries and config give the same bytes, so that its digest is a content key.
 *
 * @param reference full name and tag; the archive carries it, so that `ctr images import` needs no name
 * @param path the archive to write
 * @param work folder for the layer, which has to be written before it can be named
 */
export async function writeImage(
  path: string,
  work: string,
  reference: string,
  entries: readonly Entry[],
  config: ImageConfig,
): Promise<void> {
  const layerFile = join(work, "layer.tar");
  // Not compressed: it would cost more time than the local disk saves, and zlib versions differ in their bytes.
  const layer = await writeArchive(layerFile, entries);
  const configText = JSON.stringify({ architecture, os: "linux", config, rootfs: { type: "layers", diff_ids: [layer.digest] } });
  const manifestText = JSON.stringify({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.config, ...blobOf(configText) },
    layers: [{ mediaType: mediaTypes.layer, ...layer }],
  });
  await writeArchive(path, [
    file("oci-layout", { text: JSON.stringify({ imageLayoutVersion: "1.0.0" }) }),
    file("index.json", { text: indexText(reference, blobOf(manifestText)) }),
    file(pathOf(blobOf(manifestText)), { text: manifestText }),
    file(pathOf(blobOf(configText)), { text: configText }),
    file(pathOf(layer), { file: layerFile }),
  ]);
}

const mediaTypes = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
} as const;

function indexText(reference: string, manifest: Blob): string {
  // The first annotation is containerd's, the second OCI's, which holds the tag alone.
  const annotations = {
    "io.containerd.image.name": reference,
    "org.opencontainers.image.ref.name": reference.slice(reference.lastIndexOf(":") + 1),
  };
  const manifests = [{ mediaType: mediaTypes.manifest, ...manifest, annotations, platform: { architecture, os: "linux" } }];
  return JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.index, manifests });
}

function file(path: string, content: Extract<Entry, { kind: "file" }>["content"]): Entry {
  return { kind: "file", path, mode: 0o644, content };
}

function blobOf(text: string): Blob {
  return { digest: `sha256:${createHash("sha256").update(text).digest("hex")}`, size: Buffer.byteLength(text) };
}

function pathOf({ digest }: Blob): string {
  return `blobs/${digest.replace(":", "/")}`;
}
