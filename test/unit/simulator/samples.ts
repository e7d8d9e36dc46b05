import type { TestRun, TestRunSpec } from "../../simulator/test-run";

/** A TestRun named `shop` in namespace `load`. */
export function testRun(spec: Partial<TestRunSpec> = {}): TestRun {
  return {
    metadata: { name: "shop", namespace: "load", uid: "0c1d" },
    spec: { script: { configMap: { name: "shop-script", file: "main.js" } }, parallelism: 2, ...spec },
  };
}
