/** How often ^C was pressed while something went on. */
export interface Interrupts {
  readonly count: number;
}

/**
 * Does something with a command in front that gets ^C itself from the terminal, and outlives it to tidy up: without this, the first ^C would
 * end this process, and that would kill Pulumi in the middle of its own orderly end. A SIGTERM is passed on as one ^C.
 */
export async function outliving<T>(act: (interrupts: Interrupts) => Promise<T>, passOn: () => void): Promise<T> {
  const interrupts = { count: 0 };
  const onInterrupt = () => void interrupts.count++;
  const onTerminate = () => {
    interrupts.count++;
    passOn();
  };
  process.on("SIGINT", onInterrupt).on("SIGTERM", onTerminate);
  try {
    return await act(interrupts);
  } finally {
    process.off("SIGINT", onInterrupt).off("SIGTERM", onTerminate);
  }
}
