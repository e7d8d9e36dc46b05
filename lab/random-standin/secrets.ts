// How Pulumi's protocol marks a value: sdk/go/common/resource/properties.go, SigKey and SecretSig.
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

// A value that is not known before it is created: sdk/go/common/resource/plugin/rpc.go, UnknownStringValue and its siblings.
const unknowns: readonly unknown[] = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
];

/** Marks a value as secret. */
export function secret(value: unknown): Record<string, unknown> {
  return { [signatureKey]: secretSignature, value };
}

/** The value itself, whether or not it is marked as secret. */
export function plain(value: unknown): unknown {
  const isSecret =
    typeof value === "object" && value !== null && (value as Record<string, unknown>)[signatureKey] === secretSignature;
  return isSecret ? (value as { value: unknown }).value : value;
}

/** Whether a value is one of the protocol's marks for "known later". */
export function isUnknown(value: unknown): boolean {
  return unknowns.includes(plain(value));
}
