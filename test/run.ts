/** Runs every check and test in turn and ends with `N passed, N failed`. A check (formatter, linter, compiler) counts as one. */
import { execa } from "execa";
import { labEnvironment } from "../lab/env";
import { countsOf, total, type Counts } from "./counts";

interface Step {
  title: string;
  command: string[];
  /** How many tests it ran is read from its output, as mocha prints it. */
  counted?: boolean;
  env?: Record<string, string>;
}

const mocha = (files: string, ...options: string[]): string[] => ["npx", "mocha", ...options, `test/${files}.test.ts`];
const lab = (command: string): string[] => [process.execPath, "-r", "ts-node/register", "lab/main.ts", command];

// They share nothing, so they run at once.
const checks: Step[] = [
  { title: "format", command: ["npx", "prettier", "--check", "--log-level", "warn", "."] },
  { title: "lint", command: ["npx", "eslint", "."] },
  { title: "types", command: ["npx", "tsc", "-p", "."] },
  { title: "types against the newest @pulumi/kubernetes", command: ["npx", "tsc", "-p", "test/types"] },
];

const everywhere: Step[] = [{ title: "unit tests", command: mocha("unit/**/*"), counted: true }];

// With the flags of the lab's build, so that it has compiled what they stand on.
const goTests = [
  "go",
  "-C",
  "lab/go/cluster",
  "test",
  "-vet=off",
  "-trimpath",
  "-gcflags=all=-dwarf=false",
  "./netpol",
  "./target",
];

// A lab of their own: the user's, and what runs in it, is left alone.
const testLab = { PULUMI_K6_LAB: "test" };

function inTheLab(): Step[] {
  const env = { ...testLab, ...labEnvironment() };
  return [
    { title: "lab up", command: lab("up"), env: testLab },
    { title: "Go format", command: ["sh", "-c", 'test -z "$(gofmt -l lab/go)"'] },
    { title: "Go tests", command: goTests, env: { CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false" } },
    // They share nothing and mostly wait for real processes.
    { title: "contract tests", command: mocha("contract/**/*", "--parallel", "--jobs", "3"), counted: true, env },
  ];
}

// Tests with a stack of their own; the others share one.
const ownStacks = "alerts|grafana|platform-operator|settings";

/** What runs in the lab side by side, each in namespaces of its own: most of the time they wait for a run to end. */
function sideBySide(): Step[] {
  const env = { ...testLab, ...labEnvironment() };
  return [
    { title: "lab tests of one stack", command: mocha(`lab/!(${ownStacks})`), counted: true, env },
    { title: "lab tests of other stacks", command: mocha(`lab/@(${ownStacks})`), counted: true, env },
    { title: "lab tests of engines", command: mocha("lab/{engines,causes,guarantees}/*"), counted: true, env },
  ];
}

/** What does things to the lab that nothing else in it would stand. */
function lastInTheLab(): Step[] {
  return [
    {
      title: "lab tests of the lab itself",
      command: mocha("lab/alone/*"),
      counted: true,
      env: { ...testLab, ...labEnvironment() },
    },
    { title: "lab down", command: lab("down"), env: testLab },
  ];
}

/** How much of what a step prints is shown: all as it comes, all with the step's title before each line, or all once it failed. */
type Shown = "all" | "marked" | "failed";

async function run({ title, command, counted, env }: Step, shown: Shown = "all"): Promise<Counts> {
  if (shown !== "failed") {
    console.log(`\n== ${title}`);
  }
  const marked = function* (line: unknown) {
    yield `[${title}] ${String(line)}`;
  };
  const output = { all: ["inherit", "pipe"], marked: [marked, "inherit", "pipe"], failed: ["pipe"] }[shown] as (
    "inherit" | "pipe"
  )[];
  const started = Date.now();
  const [program = "", ...args] = command;
  const { exitCode, all } = await execa(program, args, {
    reject: false,
    all: true,
    stdin: "ignore",
    stdout: output,
    stderr: output,
    env: { PULUMI_K6_LAB: "lab", ...env, FORCE_COLOR: "0" },
  });
  const counts = counted === true ? countsOf(all, exitCode) : { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1 };
  if (shown === "failed" && counts.failed > 0) {
    console.log(`\n== ${title}\n${all}`);
  }
  console.log(`== ${title}: ${counts.passed} passed, ${counts.failed} failed, ${Math.round((Date.now() - started) / 1000)} s`);
  return counts;
}

async function main(): Promise<void> {
  const skipLab = process.env["SKIP_LAB_TESTS"] === "1";
  const canRunLab = process.platform === "linux" && process.getuid?.() === 0;
  console.log(`== ${checks.map(({ title }) => title).join(", ")}`);
  const results: Counts[] = await Promise.all(checks.map((check) => run(check, "failed")));
  const each = async (steps: readonly Step[]) => {
    for (const step of steps) {
      results.push(await run(step));
    }
  };
  await each(everywhere);
  if (canRunLab && !skipLab) {
    await each(inTheLab());
    results.push(...(await Promise.all(sideBySide().map((step) => run(step, "marked")))));
    await each(lastInTheLab());
  }
  if (skipLab || !canRunLab) {
    const why = skipLab ? "SKIP_LAB_TESTS=1 is set" : "they need root on Linux";
    console.log(`\n!! CONTRACT AND LAB TESTS DID NOT RUN: ${why}.`);
    if (!skipLab) {
      console.log("!! This counts as a failure. Set SKIP_LAB_TESTS=1 to leave them out on purpose.");
      results.push({ passed: 0, failed: 1 });
    }
  }
  const { passed, failed } = total(results);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
}

void main();
