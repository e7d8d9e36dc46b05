import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";

/** The resources that a program under Pulumi's mocks has registered, with the parts of their inputs that a test looks at. */
export class Registered<Inputs> {
  readonly all: MockResourceArgs[] = [];

  /** Inputs of all of a kind, e.g. `Deployment`. */
  inputsOf(kind: string): Inputs[] {
    return this.all.filter(({ type }) => type.endsWith(`:${kind}`)).map(({ inputs }) => inputs as Inputs);
  }

  /** Those of the only one of a kind. */
  one(kind: string): Inputs {
    const [found, ...others] = this.inputsOf(kind);
    assert.ok(found !== undefined && others.length === 0, `one ${kind}`);
    return found;
  }
}

export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
