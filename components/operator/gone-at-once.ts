/**
 * Annotations for objects that nothing hangs on: the API server removes them before it answers.
 *
 * By default Pulumi has them removed a moment later ("foreground"). Provider 4.18 misses that when it happens between its look and its
 * watch, which was seen in two of two tries of `pulumi destroy`, and then waits for 10 minutes before it looks again.
 */
export const goneAtOnce = { "pulumi.com/deletionPropagationPolicy": "background" } as const;
