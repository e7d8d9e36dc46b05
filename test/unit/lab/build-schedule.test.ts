import { strict as assert } from "node:assert";
import type { Part } from "../../../lab/build/part";
import { buildInOrder, lanesFor } from "../../../lab/build/schedule";

describe("buildInOrder", () => {
  const part = (name: string, more: Partial<Part> = {}): Part => ({ name, uses: [], ...more }) as Part;
  const kube = part("kube");
  const coredns = part("coredns", { after: kube });
  const provider = part("provider");
  const image = part("image", { uses: [coredns] });

  /** Builds one tick per part and notes what began and ended. */
  const observed = async (parts: Part[], lanes: number): Promise<{ events: string[]; most: number }> => {
    const events: string[] = [];
    let [now, most] = [0, 0];
    await buildInOrder(parts, lanes, async ({ name }) => {
      most = Math.max(most, ++now);
      events.push(`+${name}`);
      await new Promise(setImmediate);
      events.push(`-${name}`);
      now--;
    });
    return { events, most };
  };

  it("builds everything, at most so many at once", async () => {
    const { events, most } = await observed([kube, coredns, provider, image], 2);
    assert.equal(most, 2);
    assert.equal(events.length, 8);
  });

  it("starts a part when what it uses and what it comes after is done, and takes the next meanwhile", async () => {
    const { events } = await observed([kube, coredns, provider, image], 2);
    assert.deepEqual(events.slice(0, 2), ["+kube", "+provider"]);
    assert.ok(events.indexOf("+coredns") > events.indexOf("-kube"));
    assert.ok(events.indexOf("+image") > events.indexOf("-coredns"));
  });

  it("keeps the order with one lane", async () =>
    assert.deepEqual((await observed([kube, coredns], 1)).events, ["+kube", "-kube", "+coredns", "-coredns"]));

  it("does not wait for a part that is not missing", async () =>
    assert.deepEqual((await observed([image], 2)).events, ["+image", "-image"]));

  it("after a failure starts no more, stops the running ones and throws the first cause", async () => {
    const began: string[] = [];
    let stopRunning = (): void => {};
    const stopped = new Promise<never>((_, reject) => (stopRunning = () => reject(new Error("stopped"))));
    const build = ({ name }: Part): Promise<void> => {
      began.push(name);
      return name === "kube" ? Promise.reject(new Error("kube broke")) : stopped;
    };
    await assert.rejects(
      buildInOrder([kube, provider, coredns], 2, build, () => stopRunning()),
      /kube broke/,
    );
    assert.deepEqual(began, ["kube", "provider"]);
  });
});

describe("lanesFor", () => {
  it("builds two at once where both fit into memory", () =>
    assert.deepEqual(
      [4, 7.4, 7.6, 64].map((gib) => lanesFor(gib * 2 ** 30)),
      [1, 1, 2, 2],
    ));
});
