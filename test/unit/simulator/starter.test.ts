import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { starterJob, starterProgram } from "../../simulator/starter";
import { runShell } from "./shell";
import { testRun } from "./samples";

const containerOf = (...args: Parameters<typeof starterJob>) => starterJob(...args).spec!.template.spec!.containers[0];

describe("starterJob", () => {
  it("is named and labelled without the runners' label", () => {
    const { metadata } = starterJob(testRun(), ["10.0.0.1"]);
    assert.equal(metadata?.name, "shop-starter");
    assert.deepEqual(metadata?.labels, { app: "k6", k6_cr: "shop" });
  });

  it("has the operator's small CPU limit unless the user sets resources", () => {
    assert.deepEqual(containerOf(testRun(), []).resources?.limits, { cpu: "100m", memory: "200Mi" });
    const resources = { limits: { cpu: "1" } };
    assert.deepEqual(containerOf(testRun({ starter: { resources } }), []).resources, resources);
    assert.deepEqual(containerOf(testRun({ starter: { resources: {} } }), []).resources?.limits?.cpu, "100m");
  });

  it("takes no env, volumes or init containers", () => {
    const starter = { env: [{ name: "A" }], volumes: [{ name: "v" }], initContainers: [{ image: "x" }] };
    const { containers, volumes, initContainers } = starterJob(testRun({ starter }), []).spec!.template.spec!;
    assert.deepEqual([containers[0].env, volumes, initContainers], [undefined, undefined, undefined]);
  });

  it("reaches nobody when it is blocked", () =>
    assert.doesNotMatch(containerOf(testRun(), ["10.0.0.1"], { blocked: true }).command![2], /10\.0/));

  it("ends where the operator's ends: one argument of 131072 bytes holds some 350 runners", () => {
    const ofRunners = (count: number): number => Buffer.byteLength(starterProgram(Array<string>(count).fill("198.19.128.10")));
    assert.ok(ofRunners(345) < 131_072);
    assert.ok(ofRunners(353) >= 131_072);
  });
});

describe("the starter's program where the image has no curl", () => {
  const nc = `#!${process.execPath}
const socket = require("node:net").connect(process.argv[3].split("/")[0], process.argv[2]);
socket.on("error", (error) => { console.error("nc: " + error.code); process.exit(1); });
process.stdin.pipe(socket).pipe(process.stdout);`;

  async function resume(
    program: (address: string, port: number) => string,
  ): Promise<{ requests: string[]; lines: string[]; exitCode: number }> {
    const requests: string[] = [];
    const server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        requests.push(`${request.method} ${request.url} ${body}`);
        response.end('{"data":{"type":"status"}}');
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const text = program("127.0.0.1", (server.address() as AddressInfo).port);
    const { stdout, exitCode } = await runShell([text], { nc }, ["tail"]);
    server.close();
    return { requests, lines: stdout.split("\n").filter((line) => line.includes("http_code")), exitCode };
  }

  it("sends k6 the PATCH that lets it go and prints one JSON line with code and URL", async () => {
    const { requests, lines, exitCode } = await resume((address, port) =>
      starterProgram([address]).replaceAll(":6565/", `:${port}/`),
    );
    assert.deepEqual(requests, [
      'PATCH /v1/status {"data":{"attributes":{"paused":false,"stopped":false},"id":"default","type":"status"}}',
    ]);
    const { http_code, url, errormsg } = JSON.parse(lines[0]) as Record<string, unknown>;
    assert.equal(http_code, 200);
    assert.match(String(url), /^http:\/\/127\.0\.0\.1:\d+\/v1\/status$/);
    assert.equal(errormsg, "");
    assert.equal(exitCode, 0);
  });

  it("prints the next runner's answer behind the line, as curl does for want of a line's end", async () => {
    const { lines } = await resume((address, port) => starterProgram([address, address]).replaceAll(":6565/", `:${port}/`));
    assert.match(lines[0], /"errormsg":""\}\{"data":/);
    assert.match(lines[1], /"errormsg":""\}$/);
  });

  it("goes on after a runner that is not there and ends with the last request's exit code", async () => {
    const { requests, lines, exitCode } = await resume((address, port) =>
      starterProgram([address, address]).replace(":6565/", ":1/").replaceAll(":6565/", `:${port}/`),
    );
    assert.equal(requests.length, 1);
    assert.match(lines[0], /"http_code":000.*ECONNREFUSED/);
    assert.match(lines[1], /"http_code":200/);
    assert.equal(exitCode, 0);
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const part of request) {
    body += String(part);
  }
  return body;
}
