import { join } from "node:path";
import type { Entry } from "./archive";
import { architecture, type ImageConfig, writeImage } from "./image";
import type { Part } from "./part";
import { labFolder } from "./sources";

/** An image: what is in its one layer, and how it runs. The parts' files that it holds are named by part. */
export interface ImageDefinition {
  /** Full name and tag, e.g. `lab.local/k6:1.1.0`. */
  reference: string;
  title: string;
  config: ImageConfig;
  entries: readonly (Entry | ProgramEntry)[];
}

/** A program of another part, readable and executable by all. */
export interface ProgramEntry {
  kind: "program";
  path: string;
  part: Part;
}

/** The archive that an image part's folder holds. */
export const imageFile = "image.tar";

// How an archive is written is part of what it contains.
const writers = ["archive.ts", "image.ts"].map((file) => join(labFolder, "build", file));

/** The part that writes an image. */
export function imagePart({ reference, title, config, entries }: ImageDefinition): Part {
  const name = `image-${reference.slice(reference.lastIndexOf("/") + 1, reference.lastIndexOf(":"))}`;
  const described = entries.map((entry) => (entry.kind === "program" ? { ...entry, part: entry.part.name } : entry));
  return {
    name,
    title,
    files: [imageFile],
    sources: writers,
    settings: { reference, config, architecture, entries: described },
    uses: [...new Set(entries.flatMap((entry) => (entry.kind === "program" ? [entry.part] : [])))],
    async build({ out, work, fileOf }) {
      const resolved = entries.map((entry): Entry =>
        entry.kind === "program"
          ? { kind: "file", path: entry.path, mode: 0o755, content: { file: fileOf(entry.part, entry.part.files[0]) } }
          : entry,
      );
      await writeImage(join(out, imageFile), work, reference, resolved, config);
    },
  };
}
