import type { LoadTestArgs } from "pulumi-k6";
import type { LoadTestSettings, Settings } from "./schema";

/** The arguments of a load test as its stack's settings say. */
export function loadTestArgs({ images, reportFolder }: Settings, loadTest: LoadTestSettings): Omit<LoadTestArgs, "platform"> {
  return { ...loadTest, image: images.k6, reportFolder };
}
