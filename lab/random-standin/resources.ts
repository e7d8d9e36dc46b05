import { randomId, randomText, type TextInputs, textProblem } from "./values";

/** Properties as Pulumi's engine sends them, without its wrapping of secrets. */
export type Properties = Readonly<Record<string, unknown>>;

/** One kind of resource that the stand-in serves. */
export interface Kind {
  /** Says what is wrong with the inputs, if anything. */
  problem(inputs: Properties): string | undefined;
  /** Names of what `create` adds to the inputs. */
  outputs: readonly string[];
  /** Those of the outputs that are secret. */
  secrets: readonly string[];
  create(inputs: Properties): { id: string; outputs: Properties };
}

const text = {
  outputs: ["result"],
  problem: (inputs: Properties) => textProblem(inputs as unknown as TextInputs),
} as const;

/** The kinds by their token. `bcryptHash` of RandomPassword is not served. */
export const kinds: Readonly<Record<string, Kind>> = {
  "random:index/randomPassword:RandomPassword": {
    ...text,
    secrets: ["result"],
    create: (inputs) => ({ id: "none", outputs: { result: randomText(inputs as unknown as TextInputs) } }),
  },
  "random:index/randomString:RandomString": {
    ...text,
    secrets: [],
    create: (inputs) => {
      const result = randomText(inputs as unknown as TextInputs);
      return { id: result, outputs: { result } };
    },
  },
  "random:index/randomId:RandomId": {
    outputs: ["b64Std", "b64Url", "hex", "dec"],
    secrets: [],
    problem: ({ byteLength }) =>
      Number.isInteger(byteLength) && (byteLength as number) >= 1 ? undefined : "byteLength must be a whole number of at least 1",
    create: ({ byteLength, prefix }) => {
      const { id, ...outputs } = randomId(byteLength as number, prefix as string | undefined);
      return { id, outputs };
    },
  },
};

/** The token in a resource's URN: `urn:pulumi:STACK::PROJECT::PARENT$TOKEN::NAME`. */
export function tokenOf(urn: string): string {
  return urn.split("::")[2].split("$").at(-1) ?? "";
}
