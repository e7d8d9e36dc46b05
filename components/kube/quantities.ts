// Kubernetes' suffixes of quantities (k8s.io/apimachinery, pkg/api/resource).
const factors: Record<string, number> = {
  "": 1,
  ...{ n: 1e-9, u: 1e-6, m: 1e-3, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18 },
  ...{ Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 },
};

/** What a quantity as Kubernetes writes it (`200m`, `1.5Gi`) counts, in the resource's own unit: CPUs, bytes, pieces; `NaN` for any other text. */
export function amountOf(quantity: string): number {
  const [, number, suffix] = /^([+-]?[\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(quantity.trim()) ?? [];
  return Number(number) * (factors[suffix] ?? NaN);
}
