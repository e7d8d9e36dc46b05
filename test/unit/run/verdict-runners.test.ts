import assert from "node:assert/strict";
import { gathered } from "../../../components/run/verdict-runners";

describe("sentences on runners", () => {
  const image = (index: number) =>
    `runner ${index} of 1000 is not up: pod shop-3f9a1c2e-${index}-x7k${index}p cannot have its image k6:2. Correct it.`;

  it("are the first few and a number, where many runners have one trouble", () => {
    const all = Array.from({ length: 1000 }, (_, index) => image(index));
    assert.deepEqual(gathered(all), [image(0), image(1), image(2), "997 more runners have the same trouble as the one before."]);
  });

  it("are all of them where they are few", () => {
    const all = [0, 1, 2, 3].map(image);
    assert.deepEqual(gathered(all), all);
  });

  it("stay apart where the trouble is another", () => {
    const lost = "runner 7 of 1000 was lost: pod shop-3f9a1c2e-7-abcde was deleted on node a.";
    const all = [image(0), lost, ...[1, 2, 3, 4].map(image)];
    assert.deepEqual(gathered(all), [...[0, 1, 2].map(image), "2 more runners have the same trouble as the one before.", lost]);
  });
});
