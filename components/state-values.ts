/** What stands for a value that only the deployment will know (`pulumi.runtime.unknownValue`), without Pulumi's library where a provider runs. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What Pulumi can keep: `undefined` anywhere would fail the call after all is done. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** The same with its keys in order, at every depth: the order in which somebody wrote them makes no difference. */
export function ordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(ordered);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, ordered(inner)]));
}

/** Names of the properties that differ. */
export function changed<Key extends string>(
  keys: readonly Key[],
  olds: Partial<Record<Key, unknown>>,
  news: Partial<Record<Key, unknown>>,
): Key[] {
  return keys.filter((key) => JSON.stringify(ordered(olds[key])) !== JSON.stringify(ordered(news[key])));
}
