import type { StateResource } from "./stack";

/** Texts of the code that dynamic resources keep in a state, by resource. */
export function providerTexts(resources: readonly StateResource[]): Record<string, string> {
  return Object.fromEntries(
    resources.flatMap(({ urn, outputs }) =>
      typeof outputs?.["__provider"] === "string" ? [[urn.split("::").slice(2).join("::"), outputs["__provider"]]] : [],
    ),
  );
}

/** A secret as `pulumi stack export --show-secrets` writes it. */
interface ShownSecret {
  plaintext: string;
}

/** Every text that is part of a secret in a decrypted state, by the output it is in. */
export function secretTexts(resources: readonly StateResource[]): [name: string, text: string][] {
  return resources.flatMap(({ urn, outputs = {} }) =>
    Object.entries(outputs).flatMap(([name, value]) =>
      secretsIn(value).flatMap(({ plaintext }) => textsIn(JSON.parse(plaintext)).map((text) => [`${urn} ${name}`, text])),
    ),
  ) as [string, string][];
}

function secretsIn(value: unknown): ShownSecret[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return "plaintext" in value ? [value as ShownSecret] : Object.values(value).flatMap(secretsIn);
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
