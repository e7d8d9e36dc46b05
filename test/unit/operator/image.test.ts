import assert from "node:assert/strict";
import {
  defaultImage,
  imageProblem,
  parseImage,
  starterImageOf,
  versionOfTag,
  versionProblem,
} from "../../../components/operator/image";

const digest = `sha256:${"0a".repeat(32)}`;

describe("an operator's image", () => {
  it("is taken apart, with ports and digests", () => {
    assert.deepEqual(parseImage(defaultImage), { repository: "ghcr.io/grafana/k6-operator", tag: "controller-v1.6.0" });
    assert.deepEqual(parseImage("mirror:5000/k6-operator:1.6.0"), { repository: "mirror:5000/k6-operator", tag: "1.6.0" });
    assert.deepEqual(parseImage(`mirror:5000/k6-operator@${digest}`), { repository: "mirror:5000/k6-operator", digest });
    assert.deepEqual(parseImage(`k6-operator:controller-v1.6.0@${digest}`), {
      repository: "k6-operator",
      tag: "controller-v1.6.0",
      digest,
    });
    assert.equal(parseImage("k6 operator"), undefined);
  });

  it("is refused when it is another one every day", () => {
    for (const image of ["k6-operator", "k6-operator:latest", "ghcr.io/grafana/k6-operator:latest", "mirror:5000/k6-operator"]) {
      assert.match(imageProblem(image, "controller") ?? "", /every day.*Pin a version/, image);
    }
    assert.match(imageProblem("a b", "controller") ?? "", /no image reference/);
  });

  it("is refused with what could be in its place", () => {
    assert.match(imageProblem("x:latest", "controller") ?? "", /controller every day.*k6-operator:controller-v1\.6\.0"/);
    assert.match(imageProblem("x:latest-starter", "starter") ?? "", /starter every day.*k6-operator:starter-v1\.6\.0"/);
  });

  it("is taken with a version or a digest", () => {
    for (const image of [defaultImage, `k6-operator@${digest}`, `k6-operator:latest@${digest}`]) {
      assert.equal(imageProblem(image, "controller"), undefined, image);
    }
  });

  it("tells its version by its tag, if it does", () => {
    assert.equal(versionOfTag("controller-v1.6.0"), "1.6.0");
    assert.equal(versionOfTag("v1.7.2"), "1.7.2");
    assert.equal(versionOfTag("1.7.0-rc.1"), "1.7.0-rc.1");
    assert.equal(versionOfTag("stable"), undefined);
  });

  it("has a starter of the same release in the same registry", () => {
    assert.equal(starterImageOf(defaultImage, "1.6.0"), "ghcr.io/grafana/k6-operator:starter-v1.6.0");
    assert.equal(starterImageOf("mirror:5000/op:controller-v1.7.0", "1.7.0"), "mirror:5000/op:starter-v1.7.0");
  });
});

describe("a version of k6-operator", () => {
  it("is supported from 1.6.0 to below 2.0.0", () => {
    for (const version of ["1.6.0", "1.6.1", "1.10.0", "1.7.0-rc.1"]) {
      assert.equal(versionProblem(version), undefined, version);
    }
    for (const version of ["1.5.9", "0.0.23", "2.0.0", "10.6.0"]) {
      assert.match(versionProblem(version) ?? "", new RegExp(`${version} is not supported.*below 2.0.0`), version);
    }
    assert.match(versionProblem("latest") ?? "", /no version/);
  });
});
