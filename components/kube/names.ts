/** Most runners of one run: names leave room for three digits of index. */
export const maxRunners = 1000;

const digestLength = 8;
// A DNS label: Kubernetes makes host names of Job names and indexes.
const labelLimit = 63;
// "-" and the digest, then "-" and the largest index.
const testNameLimit = labelLimit - (1 + digestLength) - (1 + String(maxRunners - 1).length);

/** Says what is wrong with a load test's name, if anything. */
export function testNameProblem(test: string): string | undefined {
  if (test.length > testNameLimit) {
    return (
      `"${test}" has ${test.length} characters, at most ${testNameLimit} fit: runner host names are <test>-<digest>-<index> ` +
      `and end at ${labelLimit}. Choose a shorter name.`
    );
  }
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(test)) {
    return `"${test}" cannot name objects in Kubernetes: use lower-case letters, digits and "-", starting with a letter, e.g. "checkout".`;
  }
  return undefined;
}

/** The name of a run: `<test>-<digest8>`. */
export function runName(test: string, digest: string): string {
  return `${test}-${digest.slice(0, digestLength)}`;
}
