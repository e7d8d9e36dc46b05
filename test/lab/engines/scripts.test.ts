import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { V1Job } from "@kubernetes/client-node";
import { execa } from "execa";
import { ArgumentError } from "../../../components/errors";
import { containerSecurity, podSecurity } from "../../../components/run/engines/pod-parts";
import { askBeforeRun } from "../../../components/run/inspect-cluster";
import { inspectionJob, inspectionName } from "../../../components/run/inspect-job";
import type { RunInputs, RunState } from "../../../components/run/types";
import { executable } from "../../support/executables";
import { Bench, k6Image, kubectl } from "./bench";
import { loadScriptImage } from "../support/script-image";

const bench = new Bench(`scripts-${Date.now().toString(36)}`, "job");
const { namespace } = bench;

/** Opens data beside it, and says what it sees. */
const told = `
  import { where } from './lib/where.js';
  const users = open('./users.csv').trim().split('\\n');
  export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 2, iterations: 1, maxDuration: '10s' } } };
  export default function () { console.log('SAID ' + where + ' ' + users.length); }
`;
const files = (where: string) => ({
  "shop.js": told,
  "lib/where.js": `export const where = '${where}';`,
  "users.csv": "ann\nbob\ncid\n",
});

describe("a script in a real pod", function () {
  this.timeout(60_000);

  before(async () => {
    await bench.open();
    const stringData = { secrets: "token=swordfish", "env.VUS": "1" };
    await bench.cluster.core.createNamespacedSecret({ namespace, body: { metadata: { name: "asked" }, stringData } });
  });
  after(() => bench.close());

  function assertRan({ runners, causes }: RunState): void {
    assert.deepEqual(
      runners.map(({ exitCode, totals }) => [exitCode, totals?.iterations]),
      runners.map(() => [0, 1]),
      JSON.stringify({ runners, causes }),
    );
  }

  it("lies in the image of the runners, with what it imports and opens", async () => {
    const image = await loadScriptImage(files("image"));
    const inputs = await bench.inputs({ imagePath: "/app/shop.js" }, { image, scriptName: "shop.js", inspected: false });
    await ask(inputs);
    assertRan(await bench.execute(inputs));
    assert.deepEqual(await bench.sayings(inputs), ["image 3", "image 3"]);
  });

  it("lies on a volume, with what it imports and opens", async () => {
    await writeVolume("scripts", files("volume"));
    const inputs = await bench.inputs({ volumeClaim: { name: "scripts", file: "shop.js" } }, { inspected: false });
    await ask(inputs);
    assertRan(await bench.execute(inputs));
    assert.deepEqual(await bench.sayings(inputs), ["volume 3", "volume 3"]);
  });

  it("comes as an archive", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "pulumi-k6-scripts-"));
    const [script, archive] = ["shop.js", "shop.tar"].map((name) => path.join(folder, name));
    const options = "{ scenarios: { all: { executor: 'per-vu-iterations', vus: 2, iterations: 1, maxDuration: '10s' } } }";
    await writeFile(script, `export const options = ${options};\nexport default function () { console.log('SAID packed'); }`);
    await execa(executable("k6"), ["archive", "--quiet", "-O", archive, script]);
    const inputs = await bench.inputs({ path: archive }, { inspected: false });
    await rm(folder, { recursive: true });
    await ask(inputs);
    const { runners } = await bench.execute(inputs);
    assert.deepEqual(
      runners.map(({ exitCode, totals }) => [exitCode, totals]),
      [
        [0, undefined],
        [0, undefined],
      ],
    );
    assert.deepEqual(await bench.sayings(inputs), ["packed", "packed"]);
  });

  describe("that k6 is asked about before its runners are made", () => {
    const load = "export const options = { vus: 3, duration: '20s' };\nexport default function () {}\n";
    const refused: { what: string; script: string; change?: Partial<RunInputs>; says: RegExp }[] = [
      {
        what: "more runners than VUs, and a deadline before its end",
        script: load,
        change: { runners: 4, deadlineSeconds: 40 },
        says: /load test bench: 2 problems\n {2}runners: 4 runners for 3 VUs leaves some without work\. Use at most 3.*\n {2}deadlineSeconds: 40 s ends before the script can: .*up to 50 s/,
      },
      {
        what: "an exception, at the author's line",
        script: `${load}throw new Error(__ENV.TARGET_URL);`,
        says: /script: k6 does not load script shop\.js: Error: http:\/\/target\.scripts-\w+\.svc:8080 at shop\.js:3:\d+$/,
      },
      {
        what: "a load beside its scenarios",
        script:
          "export const options = { scenarios: { browse: { executor: 'constant-vus', vus: 1, duration: '1s' } } }; export default () => {}",
        change: { load: { vus: 4, duration: "3s" } },
        says: /script shop\.js has scenarios \(browse\), which k6 would drop for the load given beside it \(vus, duration\)/,
      },
      {
        what: "too few VUs, which its secrets say, one of them as a variable",
        script: `import secrets from 'k6/secrets';
          const token = await secrets.get('token');
          export const options = { vus: Number(__ENV.VUS), iterations: token.length };
          export default function () {}`,
        change: { secrets: { name: "asked", env: ["VUS"] }, deadlineSeconds: 900 },
        says: /load test bench: 1 problem\n {2}runners: 2 runners for 1 VUs/,
      },
    ];
    let asked: { inputs: RunInputs; error: unknown }[];
    // At once, since each takes seconds of waiting. Small, since other tests run beside them: without room nothing is asked.
    const small = { resources: { cpu: "100m", memory: "128Mi" } };
    before(async () => {
      const all = await Promise.all(
        refused.map(({ script, change }) => bench.inputs(script, { ...small, ...change, inspected: false })),
      );
      // One that was killed as it asked.
      await bench.cluster.batch.createNamespacedJob({ namespace, body: inspectionJob(all[0]) });
      asked = await Promise.all(
        all.map((inputs) =>
          ask(inputs).then(
            () => ({ inputs, error: undefined }),
            (error: unknown) => ({ inputs, error }),
          ),
        ),
      );
    });

    refused.forEach(({ what, says }, i) => {
      it(`is refused for ${what}, and nothing is left`, async () => {
        const { inputs, error } = asked[i];
        assert.ok(error instanceof ArgumentError);
        assert.match(error.message, says);
        assert.deepEqual(await bench.objectsOf(inputs), []);
        assert.deepEqual(await bench.objectsOf({ ...inputs, run: inspectionName(inputs.run) }), []);
      });
    });

    it("leaves it to the runners to tell why none of their pods can come up", async () => {
      const inputs = await bench.inputs(load, { inspected: false, image: "lab.local/absent:1" });
      const lines = await ask(inputs);
      assert.match(lines.at(-1) ?? "", /k6 could not be asked \(.*lab\.local\/absent:1.*\); going on without$/);
    });

    it("is not asked about when the run was started before", async () => {
      const inputs = await bench.inputs(load, { inspected: false, runners: 4 });
      await bench.cluster.core.createNamespacedConfigMap({ namespace, body: { metadata: { name: inputs.run } } });
      assert.deepEqual(await ask(inputs), []);
    });
  });

  async function ask(inputs: RunInputs): Promise<string[]> {
    const lines: string[] = [];
    const begun = Date.now();
    await askBeforeRun(bench.cluster, inputs, (line) => lines.push(line));
    console.log(`      k6 was asked in ${Date.now() - begun} ms`);
    return lines;
  }

  /** Puts files on a volume, as whoever has one would: by a pod. */
  async function writeVolume(name: string, contents: Record<string, string>): Promise<void> {
    const spec = { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } };
    await bench.cluster.core.createNamespacedPersistentVolumeClaim({ namespace, body: { metadata: { name }, spec } });
    const commands = Object.entries(contents).map(([file, text]) => {
      const base64 = Buffer.from(text).toString("base64");
      return `mkdir -p "$(dirname /volume/${file})" && echo ${base64} | base64 -d > /volume/${file}`;
    });
    const body: V1Job = {
      metadata: { name: "writer" },
      spec: {
        template: {
          spec: {
            restartPolicy: "Never",
            securityContext: podSecurity,
            containers: [
              {
                name: "writer",
                image: k6Image,
                command: ["sh", "-ec", commands.join("\n")],
                securityContext: containerSecurity,
                volumeMounts: [{ name: "volume", mountPath: "/volume" }],
              },
            ],
            volumes: [{ name: "volume", persistentVolumeClaim: { claimName: name } }],
          },
        },
      },
    };
    await bench.cluster.batch.createNamespacedJob({ namespace, body });
    await kubectl(["-n", namespace, "wait", "--for=condition=Complete", "job/writer", "--timeout=30s"]);
  }
});
