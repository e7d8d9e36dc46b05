import assert from "node:assert/strict";
import { ArgumentError } from "pulumi-k6/dist/errors";
import { readSettings } from "../../../stacks/settings/read";

/** What is wrong with settings, as lines. */
function problemsOf(config: Record<string, unknown>, secretKeys: string[] = []): string {
  const texts = Object.entries(config).map(([key, value]) => [
    `k6:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  try {
    readSettings(
      "dev",
      "k6",
      Object.fromEntries(texts) as Record<string, string>,
      secretKeys.map((key) => `k6:${key}`),
    );
    return "";
  } catch (error) {
    assert.ok(error instanceof ArgumentError);
    return error.message;
  }
}

describe("secrets in the settings of a stack", () => {
  for (const [form, kubeconfig] of [
    ["YAML", "apiVersion: v1\nusers: [{ name: me, user: { token: swordfish } }]\n"],
    ["JSON", '{"users":[{"name":"me","user":{"token":"swordfish"}}]}'],
  ]) {
    it(`are refused in clear as content of a kubeconfig in ${form}`, () => {
      const problems = problemsOf({ context: "shop", kubeconfig });
      assert.match(problems, /kubeconfig: stands in clear in the settings, .* `pulumi config set --secret kubeconfig/);
      assert.doesNotMatch(problems, /swordfish/);
      assert.equal(problemsOf({ context: "shop", kubeconfig }, ["kubeconfig"]), "");
    });
  }

  it("are not in the path of a kubeconfig", () =>
    assert.equal(problemsOf({ context: "shop", kubeconfig: "/home/me/.kube/config" }), ""));

  for (const key of ["token", "annotationToken"]) {
    it(`are not told where ${key} is wrong`, () => {
      const bind = { url: "https://grafana.example", token: "good", [key]: ["swordfish"] };
      const problems = problemsOf({ context: "shop", platform: { grafana: { bind } } }, ["platform"]);
      assert.match(problems, new RegExp(`platform.grafana.bind.${key}: something was given: use text`));
      assert.doesNotMatch(problems, /swordfish/);
    });
  }
});
