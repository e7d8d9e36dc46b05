import { alertsProblems } from "pulumi-k6/dist/alerts/settings";
import { Problems } from "pulumi-k6/dist/errors";
import { grafanaProblems } from "pulumi-k6/dist/grafana/settings";
import { influxDbProblems } from "pulumi-k6/dist/metrics/influxdb-settings";
import { checkPlatformGateway } from "pulumi-k6/dist/platform/gateway";
import { platformOperatorProblems } from "pulumi-k6/dist/platform/operator-settings";
import { loadTestProblems } from "pulumi-k6/dist/run/settings";
import { loadTestArgs, operatorSettings } from "./arguments";
import type { LoadTestSettings, Settings } from "./schema";

/** Adds what is wrong with settings that are each well formed but do not go together. */
export function checkRules(settings: Settings, problems: Problems): void {
  checkContext(settings, problems);
  problems.addUnder("platform.store", influxDbProblems(settings.platform.store));
  checkGateway(settings, problems);
  const { alerts } = settings.platform;
  problems.addUnder("platform.alerts", alerts === undefined ? [] : alertsProblems(alerts));
  problems.addUnder("platform.grafana", grafanaProblems(settings.platform.grafana ?? {}));
  checkOperator(settings, problems);
  for (const [name, loadTest] of Object.entries(settings.loadTests)) {
    checkMayRun(name, loadTest, settings.mayRun, problems);
    if (loadTest.engine === "operator" && settings.platform.operator === undefined) {
      problems.add(
        `loadTests.${name}.engine`,
        'is "operator", and this stack has none. Run `pulumi config set --path platform.operator.expectedRunners 20` to have one, or use engine "job".',
      );
    }
    for (const { path, reason } of loadTestProblems(name, loadTestArgs(settings, loadTest))) {
      problems.add(settingOf(name, path), reason);
    }
  }
}

/** Where a property of a load test stands in the settings: its name is a key there, and its script just a path. */
function settingOf(test: string, property: string): string {
  const path = `loadTests.${test}`;
  return property === "name" ? path : `${path}.${property === "script.path" ? "script" : property}`;
}

// In the settings of a stack all images are in one group.
const imageSettings: Readonly<Record<string, string>> = { image: "images.k6Operator", starterImage: "images.starter" };

function checkOperator(settings: Settings, problems: Problems): void {
  const operator = operatorSettings(settings);
  const found = operator === undefined ? [] : platformOperatorProblems(settings.platform.namespace, operator);
  found.forEach(({ path, reason }) => problems.add(imageSettings[path] ?? `platform.operator.${path}`, reason));
}

function checkGateway({ platform: { gateway } }: Settings, problems: Problems): void {
  const own = new Problems();
  checkPlatformGateway(gateway, own);
  problems.addUnder("platform", own.all);
}

function checkContext({ context, useCurrentContext }: Settings, problems: Problems): void {
  if (context === undefined && !useCurrentContext) {
    problems.add(
      "context",
      "is missing: this stack must name its cluster, so that nobody reaches the wrong one by accident. Choose one of " +
        "`kubectl config get-contexts -o name` and run `pulumi config set context <name>`.",
    );
  }
  if (context !== undefined && useCurrentContext) {
    problems.add("useCurrentContext", `is true, but context names "${context}" already: leave one of them out.`);
  }
}

function checkMayRun(name: string, { runners, trigger }: LoadTestSettings, mayRun: Settings["mayRun"], problems: Problems): void {
  const { tests, maxRunners, needsTrigger } = mayRun;
  const path = `loadTests.${name}`;
  if (tests !== undefined && !tests.includes(name)) {
    problems.add(path, `may not run in this stack: mayRun.tests allows ${tests.length === 0 ? "none" : tests.join(", ")}.`);
  }
  if (maxRunners !== undefined && runners > maxRunners) {
    problems.add(`${path}.runners`, `${runners} is above the ${maxRunners} that mayRun.maxRunners allows in this stack.`);
  }
  if (needsTrigger && (trigger === undefined || trigger === "")) {
    problems.add(
      `${path}.trigger`,
      `is missing: in this stack nothing runs unasked. Run \`pulumi config set --path ${path}.trigger <any text>\`; another text is another run.`,
    );
  }
}
