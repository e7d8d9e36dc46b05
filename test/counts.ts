/** How many tests ran. */
export interface Counts {
  passed: number;
  failed: number;
}

/**
 * Reads mocha's closing lines, which may have a mark in brackets before them. A test left out counts as failed: nothing may drop out in silence;
 * so does a runner that ended badly without naming a failure.
 */
export function countsOf(output: string, exitCode: number | undefined): Counts {
  const count = (word: string): number =>
    Number(new RegExp(`^(?:\\[[^\\]]*\\])?\\s*(\\d+) ${word}\\b`, "m").exec(output)?.[1] ?? 0);
  const passed = count("passing");
  const failed = count("failing") + count("pending");
  const ended = exitCode === 0 && passed > 0;
  return { passed, failed: failed === 0 && !ended ? 1 : failed };
}

export function total(all: readonly Counts[]): Counts {
  return all.reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }), {
    passed: 0,
    failed: 0,
  });
}
