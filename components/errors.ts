/** One thing wrong with what a person gave us: where, and what to do about it. */
export interface Problem {
  /** Path of the property, e.g. `loadTests.checkout.runners`. */
  path: string;
  /** What was given, what is allowed and what to do, as one or two sentences. */
  reason: string;
}

/** Arguments that cannot work. Carries every problem found, so that all can be mended at once. */
export class ArgumentError extends Error {
  /** By this mark Pulumi prints a program's error without a stack: it is a person's mistake, not the program's. */
  readonly __pulumiRunError = true;

  constructor(
    readonly subject: string,
    readonly problems: readonly Problem[],
  ) {
    const lines = problems.map(({ path, reason }) => `  ${path}: ${reason}`);
    super(`${subject}: ${problems.length === 1 ? "1 problem" : `${problems.length} problems`}\n${lines.join("\n")}`);
    this.name = "ArgumentError";
  }
}

/** Collects problems while arguments are looked at, and throws them once. */
export class Problems {
  private readonly found: Problem[] = [];

  add(path: string, reason: string): void {
    this.found.push({ path, reason });
  }

  /** Takes over problems of what stands at `path`. */
  addUnder(path: string, found: readonly Problem[]): void {
    found.forEach((problem) => this.add(`${path}.${problem.path}`, problem.reason));
  }

  get all(): readonly Problem[] {
    return this.found;
  }

  /** @throws {ArgumentError} when anything was added */
  throwIfAny(subject: string): void {
    if (this.found.length > 0) {
      throw new ArgumentError(subject, this.found);
    }
  }
}
