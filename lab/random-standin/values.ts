import { randomBytes, randomInt } from "node:crypto";

/** Inputs of a random text, with the names and defaults of Terraform's random provider. */
export interface TextInputs {
  length: number;
  /** @default true */
  upper?: boolean;
  /** @default true */
  lower?: boolean;
  /** @default true */
  numeric?: boolean;
  /** @default true */
  special?: boolean;
  /** Characters to take for special ones. @default "!@#$%&*()-_=+[]{}<>:?" */
  overrideSpecial?: string;
  /** @default 0 */
  minUpper?: number;
  /** @default 0 */
  minLower?: number;
  /** @default 0 */
  minNumeric?: number;
  /** @default 0 */
  minSpecial?: number;
}

const alphabets = {
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  lower: "abcdefghijklmnopqrstuvwxyz",
  numeric: "0123456789",
  special: "!@#$%&*()-_=+[]{}<>:?",
} as const;

/** Says why no text can be made from these inputs, if so. */
export function textProblem(inputs: TextInputs): string | undefined {
  const classes = classesOf(inputs);
  const minimum = classes.reduce((sum, { min }) => sum + min, 0);
  if (!Number.isInteger(inputs.length) || inputs.length < 1) {
    return `length must be a whole number of at least 1, got ${inputs.length}`;
  }
  if (classes.every(({ isOn }) => !isOn)) {
    return "upper, lower, numeric and special are all false, which leaves no character to take";
  }
  return minimum > inputs.length
    ? `length is ${inputs.length}, less than the ${minimum} characters that the min... inputs ask for`
    : undefined;
}

/** A text from cryptographic randomness: the asked-for minimum of each class, the rest from all that are on, in random order. */
export function randomText(inputs: TextInputs): string {
  const classes = classesOf(inputs);
  const all = classes.flatMap(({ isOn, alphabet }) => (isOn ? [alphabet] : [])).join("");
  const least = classes.flatMap(({ min, alphabet }) => pick(alphabet, min));
  return shuffled([...least, ...pick(all, inputs.length - least.length)]).join("");
}

function classesOf(inputs: TextInputs): { isOn: boolean; min: number; alphabet: string }[] {
  const special =
    inputs.overrideSpecial === undefined || inputs.overrideSpecial === "" ? alphabets.special : inputs.overrideSpecial;
  return [
    { isOn: inputs.upper ?? true, min: inputs.minUpper ?? 0, alphabet: alphabets.upper },
    { isOn: inputs.lower ?? true, min: inputs.minLower ?? 0, alphabet: alphabets.lower },
    { isOn: inputs.numeric ?? true, min: inputs.minNumeric ?? 0, alphabet: alphabets.numeric },
    { isOn: inputs.special ?? true, min: inputs.minSpecial ?? 0, alphabet: special },
  ];
}

function pick(alphabet: string, count: number): string[] {
  return Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]);
}

// Fisher and Yates: every order is as likely.
function shuffled(characters: string[]): string[] {
  for (let i = characters.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [characters[i], characters[j]] = [characters[j], characters[i]];
  }
  return characters;
}

/** A random number of some bytes in the spellings that RandomId gives; the prefix is put before each but `id`. */
export function randomId(byteLength: number, prefix = ""): Record<"id" | "b64Std" | "b64Url" | "hex" | "dec", string> {
  const bytes = randomBytes(byteLength);
  return {
    id: bytes.toString("base64url"),
    b64Std: prefix + bytes.toString("base64"),
    b64Url: prefix + bytes.toString("base64url"),
    hex: prefix + bytes.toString("hex"),
    dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
  };
}
