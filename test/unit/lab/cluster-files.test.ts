import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { LabParts } from "../../../lab/build/parts";
import { certificateRequests } from "../../../lab/cluster/certificates";
import { daemons } from "../../../lab/cluster/daemons";
import { renderFirewall } from "../../../lab/cluster/firewall";
import { renderInitScript } from "../../../lab/cluster/init-script";
import { labFiles, labKey } from "../../../lab/cluster/lab-files";
import { layoutIn, stateFolder } from "../../../lab/cluster/layout";
import { hasPki, writePki } from "../../../lab/cluster/pki";
import { toolLinks } from "../../../lab/cluster/tools";

const layout = layoutIn("/state of/lab");
const programs = [
  "kube",
  "coredns",
  "netpol",
  "target",
  "pulumi",
  "pulumi-language-nodejs",
  "pulumi-resource-kubernetes",
  "influxd",
  "telegraf",
  "k6",
  "pulumi-resource-random",
];

function parts(digest = "1"): LabParts {
  return {
    bin: Object.fromEntries(programs.map((name) => [name, `/cache/${name}-${digest}/${name}`])) as LabParts["bin"],
    images: ["pause:1", "coredns:2"].map((name) => ({ reference: `lab.local/${name}`, tar: `/cache/${name}.tar` })),
  };
}

describe("the lab's files", () => {
  it("are under the state folder of the environment", () => {
    assert.equal(layoutIn(stateFolder({ XDG_STATE_HOME: "/s" })).adminKubeconfig, "/s/pulumi-k6/lab/run/admin.kubeconfig");
  });

  it("are all inside the folder that down removes", () => {
    const paths = [...labFiles(layout, parts(), { node: "/bin/node", containerd: "/bin/containerd" }).keys()];
    assert.deepEqual(
      paths.filter((path) => !path.startsWith(`${layout.run}/`)),
      [],
    );
  });

  it("hold a first process that a shell can read, for a folder with a space too", async () => {
    const script = renderInitScript(layout, "/it's/node", "/bin/supervisor.cjs");
    await execa("sh", ["-n"], { input: script });
    assert.ok(script.indexOf("read -r answer") < script.indexOf("while :"), "the daemons start only when the lab is connected");
  });

  it("wall off the link to the machine in both directions out of the lab", () => {
    assert.equal(renderFirewall().match(/oifname "machine".*reject/g)?.length, 4);
  });
});

describe("the lab's key", () => {
  it("is the same for the same parts", async () => assert.equal(await labKey(layout, parts()), await labKey(layout, parts())));
  it("changes with a part", async () => assert.notEqual(await labKey(layout, parts()), await labKey(layout, parts("2"))));
});

describe("the lab's daemons", () => {
  const all = daemons(
    { kube: "/kube", netpol: "/netpol", containerd: "/containerd", node: "/node", volumes: "/volumes.cjs" },
    layout,
  );

  it("have names of their own, which are those of their logs", () =>
    assert.equal(new Set(all.map(({ name }) => name)).size, all.length));

  it("wait for addresses of kinds that the supervisor knows", () => {
    const kinds = new Set(all.flatMap(({ after }) => after.map((address) => new URL(address).protocol)));
    assert.deepEqual([...kinds].toSorted(), ["https:", "tcp:", "unix:"]);
  });
});

describe("the lab's tools", () => {
  it("put Pulumi's plugins where its home has them, by the version that the packages ask for", () => {
    const links = toolLinks(layout, parts().bin, { folder: "/sdk", providers: { kubernetes: "4.18.1", random: "4.21.2" } });
    const plugin = join(layout.pulumiHome, "plugins", "resource-kubernetes-v4.18.1", "pulumi-resource-kubernetes");
    assert.equal(links[plugin], "/cache/pulumi-resource-kubernetes-1/pulumi-resource-kubernetes");
  });

  it("have k6 at hand, which load tests ask about their script", () => {
    const links = toolLinks(layout, parts().bin, { folder: "/sdk", providers: { kubernetes: "4.18.1", random: "4.21.2" } });
    assert.equal(links[join(layout.bin, "k6")], "/cache/k6-1/k6");
  });
});

describe("the lab's certificates", () => {
  let folder: string;
  const certificate = async (name: string): Promise<X509Certificate> =>
    new X509Certificate(await readFile(join(folder, `${name}.crt`)));

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "pki-"));
    await writePki(folder, certificateRequests());
  });

  after(() => rm(folder, { recursive: true }));

  it("are all signed by the lab's authority, with the key beside them", async () => {
    const authority = await certificate("ca");
    for (const { name } of certificateRequests()) {
      const issued = await certificate(name);
      assert.ok(issued.verify(authority.publicKey) && issued.checkIssued(authority), name);
      assert.equal((await stat(join(folder, `${name}.key`))).mode & 0o777, 0o600, name);
    }
  });

  it("let the API server be reached by the node's address and by its Service", async () => {
    const apiserver = await certificate("apiserver");
    assert.equal(apiserver.checkIP("198.18.254.1"), "198.18.254.1");
    assert.equal(apiserver.checkHost("kubernetes.default.svc"), "kubernetes.default.svc");
  });

  it("name the kubelet's group, by which it is known as a node", async () => {
    assert.match((await certificate("kubelet")).subject, /CN=system:node:lab\nO=system:nodes/);
  });

  it("are known to be whole", () => {
    assert.equal(hasPki(folder), true);
    assert.equal(hasPki(join(folder, "nothing")), false);
  });
});
