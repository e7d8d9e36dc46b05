import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { consoleProgress } from "../../lab/build/progress";
import { ensureTool } from "../../lab/build/tools";

/** A time series as promtool's tests write it: `0+1x10` is eleven values from 0 on, one more each time. */
export interface InputSeries {
  series: string;
  values: string;
}

/** What shall be so at a time. */
export interface PromCase {
  interval: string;
  input_series: InputSeries[];
  alert_rule_test?: {
    eval_time: string;
    alertname: string;
    exp_alerts: { exp_labels: Record<string, string>; exp_annotations?: Record<string, string> }[];
  }[];
  promql_expr_test?: { expr: string; eval_time: string; exp_samples: { labels: string; value: number }[] }[];
}

/** Prometheus's own program for looking at rules; it is built first where it is missing, which takes minutes. */
export async function promtool(): Promise<string> {
  return process.env.PROMTOOL_PATH ?? (await ensureTool("promtool", consoleProgress()));
}

/** What promtool says of rules, and of cases of them; it must find nothing wrong. @throws with what it found */
export async function checkedByPrometheus(
  program: string,
  groups: readonly object[],
  cases: readonly PromCase[],
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "promtool-"));
  try {
    await writeFile(path.join(folder, "rules.yaml"), stringify({ groups }));
    const tests = { rule_files: ["rules.yaml"], evaluation_interval: "30s", tests: cases };
    await writeFile(path.join(folder, "tests.yaml"), stringify(tests));
    const lint = ["check", "rules", "--lint=all", "--lint-fatal", "rules.yaml"];
    const checked = await execa(program, lint, { cwd: folder, all: true, reject: false });
    if (checked.exitCode !== 0) {
      throw new Error(checked.all);
    }
    const tested = await execa(program, ["test", "rules", "tests.yaml"], { cwd: folder, all: true, reject: false });
    if (tested.exitCode !== 0) {
      throw new Error(tested.all);
    }
    return `${checked.all}\n${tested.all}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
