/** An amount of a resource as a person writes it: `62.8 CPU`, `128 Mi of memory`, `3 pods`. */
export function amountText(resource: string, amount: number): string {
  const name = resource.replace(/^(requests|limits)\./, "");
  switch (name) {
    case "cpu":
      return `${rounded(amount)} CPU`;
    case "memory":
    case "ephemeral-storage":
      return `${rounded(amount / 1024 ** 2)} Mi of ${name === "memory" ? name : "ephemeral storage"}`;
    default:
      return `${rounded(amount)} ${name}`;
  }
}

/** The argument of a load test that changes how much of a resource is asked for. */
export function argumentFor(resource: string): string {
  const name = resource.replace(/^(requests|limits)\./, "");
  return name === "cpu" || name === "memory" ? `resources.${name} or runners` : "runners";
}

function rounded(value: number): number {
  return Number(value.toFixed(value < 10 ? 2 : 1));
}
