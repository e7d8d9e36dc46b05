import assert from "node:assert/strict";
import { pageWith, type Saying, sayingsOn } from "../../lab/causes/page";
import { plain } from "../../lab/causes/plain";

describe("the page on what can go wrong, as it is written by tests", () => {
  const empty = "# Title\n\n| what goes wrong | engine | what you read |\n| --- | --- | --- |\n\nMore.\n";
  const image: Saying[] = [
    { title: "no image", engine: "job", text: "pod a cannot have it." },
    { title: "no image", engine: "operator", text: "pod a cannot have it." },
  ];
  const quota: Saying[] = [
    { title: "a quota", engine: "operator", text: "Job b has no pod: a|b." },
    { title: "a quota", engine: "job", text: "no pod; see `kubectl`" },
  ];
  const titles = ["a quota", "no image"];

  it("holds what was said, in the order of the causes, once where both engines say the same", () => {
    const page = pageWith(empty, [...image, ...quota], titles);
    assert.equal(
      page,
      "# Title\n\n| what goes wrong | engine | what you read |\n| --- | --- | --- |\n" +
        "| a quota | `job` | `` no pod; see `kubectl` `` |\n| a quota | `operator` | `Job b has no pod: a\\|b.` |\n" +
        "| no image | both | `pod a cannot have it.` |\n\nMore.\n",
    );
  });

  it("is read as it was written", () => {
    const all = sayingsOn(pageWith(empty, [...image, ...quota], titles));
    assert.deepEqual(all, [quota[1], quota[0], ...image]);
  });

  it("keeps what was not said anew, and loses causes that are no more", () => {
    const page = pageWith(empty, [...image, ...quota], titles);
    const changed = pageWith(page, [{ ...image[1], text: "another" }], ["no image"]);
    assert.deepEqual(sayingsOn(changed), [image[0], { ...image[1], text: "another" }]);
  });
});

describe("a sentence for the page", () => {
  it("has names that are always the same", () => {
    const of = { run: "bench-00000007", namespace: "causes-open-job-x1", engine: "operator" } as const;
    const sentence =
      "pod bench-00000007-2-ab1cd on node lab of namespace causes-open-job-x1 asked 198.18.16.3:80 for lab.local/k6:1; no node has it. Job bench-00000007-2";
    assert.equal(
      plain(sentence, of, ["lab"]),
      "pod shop-3f9a1c2e-1-x7k4p on node node-a of namespace load asked 10.0.0.7:80 for registry.example/k6:1; no node has it. Job shop-3f9a1c2e-2",
    );
  });
});
