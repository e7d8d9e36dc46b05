/** A reference to a container image, in its parts. */
export interface ImageReference {
  /** Registry and path, e.g. `ghcr.io/grafana/k6-operator`. */
  repository: string;
  tag?: string;
  /** `sha256:` and 64 digits. */
  digest?: string;
}

const repository = "ghcr.io/grafana/k6-operator";
/** The version of k6-operator that this package was made with and tested against. */
export const testedVersion = "1.6.0";
export const defaultImage = `${repository}:controller-v${testedVersion}`;

/** Takes an image reference apart; `undefined` where it is none. */
export function parseImage(image: string): ImageReference | undefined {
  const match = /^([a-z0-9][^\s:@]*(?::\d+(?=\/))?[^\s:@]*)(?::([A-Za-z0-9_][\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(
    image,
  );
  if (match === null) {
    return undefined;
  }
  const [, path, tag, digest] = match;
  return { repository: path, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** The version in a controller's tag such as `controller-v1.6.0` or `1.6.0`, if it tells one. */
export function versionOfTag(tag: string): string | undefined {
  return /^(?:controller-)?v?(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(tag)?.[1];
}

/** What is wrong with an image of k6-operator, if anything: it must say exactly what runs. */
export function imageProblem(image: string, what: "controller" | "starter"): string | undefined {
  const parsed = parseImage(image);
  const example = `${repository}:${what}-v${testedVersion}`;
  if (parsed === undefined) {
    return `"${image}" is no image reference. Use e.g. "${example}", or add "@sha256:..." to pin the content.`;
  }
  if (parsed.digest !== undefined) {
    return undefined;
  }
  if (parsed.tag === undefined || parsed.tag.startsWith("latest")) {
    return `"${image}" is another ${what} every day. Pin a version, e.g. "${example}", or a digest.`;
  }
  return undefined;
}

/** What is wrong with a version of k6-operator, if anything. */
export function versionProblem(version: string): string | undefined {
  const match = /^(\d+)\.(\d+)\.\d+(-|$)/.exec(version);
  if (match === null) {
    return `"${version}" is no version. Use three numbers, e.g. "${testedVersion}".`;
  }
  const [major, minor] = match.slice(1, 3).map(Number);
  if (major !== 1 || minor < 6) {
    return `k6-operator ${version} is not supported: runs need spec.args, which came with 1.6.0, and 2.0.0 is unknown. Use 1.6.0 or newer, below 2.0.0.`;
  }
  return undefined;
}

/** The starter's image that was released with a controller, in the same registry. */
export function starterImageOf(controllerImage: string, version: string): string {
  return `${parseImage(controllerImage)?.repository ?? repository}:starter-v${version}`;
}
