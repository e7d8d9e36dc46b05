import assert from "node:assert/strict";
import { FakeGrafana } from "../support/fake-grafana";
import { freshLoadTest, sharedStack } from "./support/shared";
import { leaksIn, readablePlaces, secretsOf, type Secret } from "./support/leaks";
import type { GivenSettings } from "./support/settings";
import type { LabStack } from "./support/stack";

const token = "editor-and-admin";
/** As `pulumi config set --secret` writes it, with the lab's empty passphrase: it is of no use elsewhere. */
const encrypted = { secure: "v1:50lLsSyBJ8qDLAcZ:itaK5xAC6VbQQI1F6PxKT+7SPSRw1Twjd7o3JIR0UJM=" } as unknown as string;

describe("a run in the lab with a Grafana that is bound (a stand-in)", function () {
  this.timeout(180_000);
  let stack: LabStack;
  let fake: FakeGrafana;
  let platform: GivenSettings["platform"];
  let shown = "";

  before(async () => {
    fake = await new FakeGrafana("13.1.3", "/tools").start();
    fake.tokens.set(token, "Admin");
    stack = await sharedStack();
    platform = stack.settings.platform;
    stack.settings.platform = { ...platform, grafana: { bind: { url: fake.url, token: encrypted, org: 2 } } };
  });

  after(async () => {
    stack.settings.platform = platform;
    const { exitCode, output } = await stack.up({});
    await fake.stop();
    assert.equal(exitCode, 0, output);
  });

  const markOf = (run: string) => fake.annotations.filter(({ tags }) => tags.includes(`testid:${run}`));

  it("has its dashboard as result, with its own time, and verdict and reasons marked over it", async () => {
    const { exitCode, output } = await stack.up({ shop: await freshLoadTest(stack) });
    shown += output;
    assert.equal(exitCode, 0, output);
    const { resultUrls, runs } = await stack.outputs();
    const result = await stack.run();
    const url = new URL(resultUrls.shop ?? "");
    assert.equal(url.origin + url.pathname, `${fake.url}/d/k6-run`);
    assert.equal(url.searchParams.get("var-testid"), runs.shop);
    assert.equal(url.searchParams.get("orgId"), "2");
    const [from, to] = ["from", "to"].map((name) => Number(url.searchParams.get(name)));
    assert.ok(from <= Date.parse(result.startedAt ?? "") - 10_000 && to >= Date.parse(result.finishedAt ?? "") + 10_000);
    const [mark, ...others] = markOf(result.run);
    assert.equal(others.length, 0);
    assert.ok(mark?.tags.includes("verdict:pass"));
    assert.equal(mark.time, Date.parse(result.startedAt ?? ""));
    assert.ok((mark.text as string).includes(result.reasons[0] ?? "-"));
  });

  it("has both also when it fails", async () => {
    const shop = await freshLoadTest(stack, { thresholds: { http_req_duration: ["p(95)<1"] } });
    const { exitCode, output } = await stack.up({ shop });
    shown += output;
    assert.notEqual(exitCode, 0);
    const { run } = await stack.run();
    assert.match(output, new RegExp(`result: ${fake.url}/d/k6-run\\?.*var-testid=${run}.*var-durationLimit=1`));
    assert.ok(markOf(run)[0]?.tags.includes("verdict:fail"));
  });

  it("is what it was where Grafana refuses the mark: a line says why", async () => {
    fake.faults.push({ to: "POST /tools/api/annotations", status: 403, times: 9 });
    const { exitCode, output } = await stack.up({ shop: await freshLoadTest(stack) });
    shown += output;
    fake.faults.length = 0;
    assert.equal(exitCode, 0, output);
    assert.match(output, /run shop-\w+: its verdict is not marked in Grafana: .*may not write annotations.*role Editor/);
  });

  it("keeps nothing in clear that authorizes: state, objects, logs, reports and what is shown", async () => {
    const secrets = [["Grafana's token", token] satisfies Secret, ...(await secretsOf(stack))];
    assert.deepEqual(leaksIn(await readablePlaces(stack, shown), secrets), []);
  });
});
