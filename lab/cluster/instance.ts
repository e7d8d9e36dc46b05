/** The labs that one machine can hold side by side: the user's, and one that tests may break. */
const slots = { lab: 0, test: 1 } as const;

/** One of the labs of a machine. Everything that is the machine's (addresses, links, cgroups, folders) is named after it. */
export interface LabInstance {
  name: keyof typeof slots;
  /** Place of its addresses among the labs'. */
  slot: number;
}

/**
 * Which lab is meant: the variable `PULUMI_K6_LAB`. @default `lab`
 *
 * @throws when it names none of them
 */
export function instanceOf(env: NodeJS.ProcessEnv): LabInstance {
  const name = env.PULUMI_K6_LAB ?? "lab";
  if (name !== "lab" && name !== "test") {
    throw new Error(`PULUMI_K6_LAB: there is no lab "${name}". Use "lab" (or leave it out), or "test", which is for the tests.`);
  }
  return { name, slot: slots[name] };
}

/** The lab of this process. */
export const instance = instanceOf(process.env);

/** Names of the labs that may stand beside this process's own. */
export const otherNames = Object.keys(slots).filter((name) => name !== instance.name);
