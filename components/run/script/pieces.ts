// Kubernetes keeps an object's data below 1 MiB (MaxSecretSize, also for ConfigMaps); our own files beside the script take some of it.
/** Bytes of a script's files that are put into one ConfigMap. */
export const configMapBytes = 1024 * 1024 - 32 * 1024;
/**
 * Bytes of a script with all its files that are brought to runners in ConfigMaps, 8 MiB: etcd and Pulumi's state hold every byte of it
 * (the state more than once), and each runner gets a copy.
 */
export const carriedBytes = 8 * 1024 * 1024;

type Files = Record<string, Buffer>;

/**
 * Shares out files to ConfigMaps: the one beside the harness, and as few more as they need. Each is filled up before the next is begun, so
 * that a file may come in pieces.
 *
 * @returns the files of each ConfigMap, by key; pieces as `pieceName`
 */
export function shareOut(files: Files, limitBytes = configMapBytes): Files[] {
  if (sizeOf(files) <= limitBytes) {
    return [files];
  }
  // Pieces have no place beside the harness: what is there is used where it lies.
  const first: Files = {};
  const bins: Files[] = [first];
  for (const [name, content] of Object.entries(files)) {
    if (bins.length === 1 && sizeOf(first) + content.length <= limitBytes) {
      first[name] = content;
    } else {
      append(bins, name, content, limitBytes);
    }
  }
  return bins;
}

function append(bins: Files[], name: string, content: Buffer, limitBytes: number): void {
  let from = 0;
  for (let number = 0; from < content.length || number === 0; number++) {
    if (bins.length === 1 || sizeOf(bins[bins.length - 1]) === limitBytes) {
      bins.push({});
    }
    const bin = bins[bins.length - 1];
    const to = Math.min(content.length, from + limitBytes - sizeOf(bin));
    bin[to - from === content.length ? name : pieceName(name, number)] = content.subarray(from, to);
    from = to;
  }
}

/** The name of a piece of a file, counted from 0; folder.sh knows it too. No file of a person's begins with a dot. */
function pieceName(file: string, number: number): string {
  return `.${String(number).padStart(2, "0")}.${file}`;
}

function sizeOf(files: Files): number {
  return Object.values(files).reduce((sum, { length }) => sum + length, 0);
}
