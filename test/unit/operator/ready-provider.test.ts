import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { create, diff, read, type ReadyInputs } from "../../../components/operator/ready-provider";

/** An API server with one operator that reacts to TestRuns, or does not. */
class FakeApi {
  readonly asked: string[] = [];
  private readonly server: Server;
  private readonly watches = new Set<ServerResponse>();

  constructor(private readonly behaviour: { reacts: boolean; refusal?: { code: number; message: string }; image?: string }) {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    const { port } = this.server.address() as AddressInfo;
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "fake", cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true } }],
      users: [{ name: "fake", user: { token: "none" } }],
      contexts: [{ name: "fake", context: { cluster: "fake", user: "fake" } }],
      "current-context": "fake",
    });
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://fake");
    const name = pathname.split("/").at(-1) ?? "";
    this.asked.push(
      `${request.method} ${pathname}${searchParams.has("watch") ? " watch" : ""}${searchParams.get("fieldValidation") ?? ""}`,
    );
    const send = (code: number, body: object) => {
      response.writeHead(code, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    if (name === "deployments") {
      return send(200, { items: [operatorDeployment(this.behaviour.image ?? "k6-operator:controller-v1.6.0")] });
    }
    if (request.method === "POST" && this.behaviour.refusal !== undefined) {
      const { code, message } = this.behaviour.refusal;
      return send(code, { kind: "Status", code, message });
    }
    if (searchParams.has("watch")) {
      response.writeHead(200, { "content-type": "application/json" });
      const event = (status: object) =>
        response.write(`${JSON.stringify({ type: "MODIFIED", object: { metadata: {}, ...status } })}\n`);
      event({});
      if (this.behaviour.reacts) {
        event({ status: { stage: "error" } });
      }
      this.watches.add(response);
      return;
    }
    send(200, { metadata: { name }, items: [] });
  }
}

function operatorDeployment(image: string): object {
  const spec = { containers: [{ name: "manager", image, env: [{ name: "WATCH_NAMESPACES", value: "load,more" }] }] };
  return { metadata: { name: "op" }, spec: { replicas: 1, selector: { matchLabels: { app: "op" } }, template: { spec } } };
}

const inputs: ReadyInputs = {
  namespace: "ops",
  deployment: "op",
  statedVersion: "",
  namespaces: ["load"],
  timeoutSeconds: 1,
  rollout: "1",
};

const found = { image: "x", version: "1.6.0", podLabels: { app: "was" } };

async function against<T>(
  behaviour: ConstructorParameters<typeof FakeApi>[0],
  use: (given: ReadyInputs, api: FakeApi) => Promise<T>,
): Promise<T> {
  const api = new FakeApi(behaviour);
  const kubeconfig = await api.listen();
  try {
    return await use({ ...inputs, kubeconfig: `${kubeconfig}\n` }, api);
  } finally {
    await api.close();
  }
}

describe("the proof that an operator works", () => {
  it("is a TestRun that it reacts to, in every namespace, and that is taken away again", () =>
    against({ reacts: true }, async (given, api) => {
      const { outs } = await create({ ...given, namespaces: ["load", "more"] });
      assert.deepEqual([outs.version, outs.image], ["1.6.0", "k6-operator:controller-v1.6.0"]);
      assert.deepEqual(outs.podLabels, { app: "op" });
      for (const namespace of ["load", "more"]) {
        const path = `/apis/k6.io/v1alpha1/namespaces/${namespace}/testruns`;
        assert.ok(api.asked.includes(`POST ${path}Strict`), api.asked.join("\n"));
        assert.ok(api.asked.some((line) => line.startsWith(`DELETE ${path}/pulumi-k6-canary-`)));
      }
    }));

  it("fails in time with a cause, and takes its TestRun away, when the operator is silent", () =>
    against({ reacts: false }, async (given, api) => {
      await assert.rejects(
        create(given),
        /operator ops\/op: did not react to a TestRun in namespace load within 1 s: it has no pods/,
      );
      assert.ok(api.asked.some((line) => line.startsWith("DELETE ")));
    }));

  it("says that definitions are too old when they do not know a field", () =>
    against(
      { reacts: true, refusal: { code: 400, message: 'strict decoding error: unknown field "spec.args"' } },
      async (given) => {
        await assert.rejects(
          create(given),
          /unknown field "spec.args"\. The CustomResourceDefinitions are older than the operator/,
        );
      },
    ));

  it("is not tried with a version or a namespace that cannot work", async () => {
    await against({ reacts: true, image: "k6-operator:controller-v1.4.0" }, async (given, api) => {
      await assert.rejects(
        create({ ...given, namespaces: ["other"] }),
        /1\.4\.0 is not supported.*watches only load, more, not other/,
      );
      assert.ok(!api.asked.some((line) => line.startsWith("POST")));
    });
  });

  it("sees another version at a refresh", () =>
    against({ reacts: true, image: "k6-operator:controller-v1.7.0" }, async (given) => {
      const now = await read("ops/op", { ...given, ...found, image: "k6-operator:controller-v1.6.0" });
      assert.equal(now.props?.version, "1.7.0");
      assert.deepEqual(now.props?.podLabels, { app: "op" });
    }));

  it("sees at a refresh that the operator is gone", () =>
    against({ reacts: true }, async (given) => {
      assert.deepEqual(await read("ops/x", { ...given, ...found, deployment: "x" }), {});
    }));

  it("is made again when what runs may be another thing, or other namespaces count", () => {
    const outs = { ...inputs, ...found };
    assert.deepEqual(diff(outs, inputs), { changes: false });
    assert.deepEqual(diff(outs, { ...inputs, rollout: "2" }), { changes: true });
    assert.deepEqual(diff(outs, { ...inputs, namespaces: ["load", "more"] }), { changes: true });
    assert.deepEqual(diff(outs, { ...inputs, context: "other" }), { changes: true });
  });
});
