import assert from "node:assert/strict";
import { ApiException } from "@kubernetes/client-node";
import { retried } from "../../../components/kube/retry";

const refused = (code: number) => new ApiException(code, "no", "", {});

/** A request that answers in turn as given, and then for ever with the last. */
function answering(...answers: (() => Promise<string>)[]) {
  let count = 0;
  return { request: () => answers[Math.min(count++, answers.length - 1)](), count: () => count };
}

const yes = () => Promise.resolve("yes");
const no = (code: number) => () => Promise.reject(refused(code));

describe("a request that is sent again", () => {
  it("outlives credentials that expired on their way", async () => {
    assert.equal(await retried(answering(no(401), yes).request), "yes");
  });

  it("tells of wrong credentials after three attempts", async () => {
    const { request, count } = answering(no(401));
    await assert.rejects(retried(request), ApiException);
    assert.equal(count(), 3);
  });

  it("is sent once where the answer is final", async () => {
    const { request, count } = answering(no(403));
    await assert.rejects(retried(request), ApiException);
    assert.equal(count(), 1);
  });

  it("does not wait for an answer that never comes", async () => {
    const never = () => new Promise<string>(() => undefined);
    assert.equal(await retried(answering(never, yes).request, { answerSeconds: 0.1 }), "yes");
  });
});
