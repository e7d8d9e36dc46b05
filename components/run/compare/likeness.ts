import { createHash } from "node:crypto";
import type { RunInputs } from "../types";
import type { Likeness } from "./types";

/** What runs must have in common to be compared: what they ran, and with how much. Nothing secret: of variables a digest of eight digits. */
export function likenessOf(inputs: RunInputs): Likeness {
  const { test, scriptDigest, load, runners, env, resources, image, secrets } = inputs;
  return {
    test,
    script: scriptDigest,
    load: load === undefined ? "the script's own" : JSON.stringify(load),
    runners: String(runners),
    env: createHash("sha256")
      .update(JSON.stringify(Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))))
      .digest("hex")
      .slice(0, 8),
    secrets: secrets?.name ?? "none",
    resources: `${resources.cpu} CPU, ${resources.memory}`,
    image,
  };
}

/** What two runs do not have in common: a few words each. */
export function differences(ours: Likeness, theirs: Likeness): string[] {
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
  return names
    .filter((name) => ours[name] !== theirs[name])
    .map((name) => `${name} (${shortened(theirs[name])} there, ${shortened(ours[name])} here)`);
}

function shortened(text = "nothing"): string {
  return text.length > 40 ? `${text.slice(0, 12)}...` : text;
}
