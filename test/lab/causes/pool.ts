/** Begins the work on all items, as many at a time as allowed, in their order; gives what will come of each. */
export function pooled<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Map<Item, Promise<Result>> {
  const running = new Set<Promise<unknown>>();
  let turn = Promise.resolve();
  return new Map(
    items.map((item) => {
      turn = turn.then(async () => {
        while (running.size >= atOnce) {
          await Promise.race(running);
        }
      });
      const result = turn.then(() => {
        const begun = work(item);
        const over: Promise<unknown> = begun.then(
          () => running.delete(over),
          () => running.delete(over),
        );
        running.add(over);
        return begun;
      });
      // Told to whoever asks for the item; nobody may, once a test has failed.
      result.catch(() => undefined);
      return [item, result];
    }),
  );
}
