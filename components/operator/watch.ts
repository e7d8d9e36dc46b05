/** What an operator watches: the namespaces that are named, or `cluster`, which needs cluster-wide rights. */
export const OperatorWatch = { namespaces: "namespaces", cluster: "cluster" } as const;
export type OperatorWatch = (typeof OperatorWatch)[keyof typeof OperatorWatch];
