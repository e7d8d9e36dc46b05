/**
 * For objects that own no others: the API server removes them in the call itself. Pulumi's default is to let the garbage collector do it
 * and to watch; the Kubernetes provider (seen with 4.18) then misses the end when it comes before its watch stands, and waits ten minutes.
 */
export const removedAtOnce = { "pulumi.com/deletionPropagationPolicy": "background" } as const;
