import assert from "node:assert/strict";
import { ArgumentError } from "pulumi-k6/dist/errors";
import { platformArgs } from "../../../stacks/settings/arguments";
import { readSettings } from "../../../stacks/settings/read";

function read(grafana: unknown, { images = {}, secretKeys = [] as string[], platform = {} } = {}) {
  const config = {
    "k6:context": "shop",
    "k6:images": JSON.stringify(images),
    "k6:platform": JSON.stringify({ grafana, ...platform }),
  };
  return readSettings("test", "k6", config, secretKeys);
}

function problemsOf(...args: Parameters<typeof read>) {
  try {
    read(...args);
  } catch (error) {
    assert.ok(error instanceof ArgumentError);
    return error.problems.map(({ path, reason }) => `${path}: ${reason}`);
  }
  return [];
}

describe("the settings of a stack's Grafana", () => {
  const bind = { url: "https://example.com/grafana", token: "glsa_x" };

  it("deploy one as it comes where they are empty, and none where they are absent", () => {
    assert.deepEqual(platformArgs(read({})).grafana, { image: undefined });
    assert.equal("grafana" in platformArgs(read(undefined)), false);
  });

  it("take the image from those of the stack, and leave it out for one that is there", () => {
    assert.equal(platformArgs(read({}, { images: { grafana: "mirror/grafana:13" } })).grafana?.image, "mirror/grafana:13");
    const bound = platformArgs(read({ bind }, { images: { grafana: "mirror/grafana:13" }, secretKeys: ["k6:platform"] }));
    assert.deepEqual(bound.grafana, { bind });
  });

  it("refuse each token that stands in clear, and take them encrypted", () => {
    const tokens = { bind: { ...bind, annotationToken: "glsa_y" } };
    const found = problemsOf(tokens);
    assert.equal(found.length, 2);
    assert.match(
      found[0],
      /^platform\.grafana\.bind\.token: stands in clear.*config set --secret --path 'platform\.grafana\.bind\.token'/,
    );
    assert.match(found[1], /^platform\.grafana\.bind\.annotationToken: stands in clear/);
    assert.deepEqual(problemsOf(tokens, { secretKeys: ["k6:platform"] }), []);
  });

  it("name what is wrong by its path in the settings", () => {
    assert.match(problemsOf({ url: "example.com" })[0], /^platform\.grafana\.url: "example\.com" is no address/);
    assert.match(problemsOf({ bind: { url: "http://g" } })[0], /^platform\.grafana\.bind\.token: is missing/);
    assert.match(problemsOf({ folders: "k6" })[0], /^platform\.grafana\.folders: .*folder/);
  });
});
