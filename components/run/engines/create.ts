import { statusOf } from "../../kube/cluster";
import { retried } from "../../kube/retry";

/** Creates an object; one that is there is ours, left by an attempt whose answer was lost. */
export async function created(request: () => Promise<unknown>): Promise<void> {
  try {
    await retried(request);
  } catch (error) {
    if (statusOf(error) !== 409) {
      throw error;
    }
  }
}
