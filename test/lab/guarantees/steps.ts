/** Where a run can be when the process that conducts it is killed. */
export const steps = [
  "before its record is made",
  "before anything runs",
  "when it was just created",
  "while it starts",
  "in the middle",
  "before its result is kept",
  "before Pulumi's state is saved",
] as const;

export type Step = (typeof steps)[number];
