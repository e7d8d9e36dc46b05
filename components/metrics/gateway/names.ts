/** Port of the gateway, for runners. */
export const gatewayPort = 8186;

/** Port on which the gateway tells Prometheus what it counts, where it shall. */
export const gatewayMetricsPort = 9273;

/** What stands for all values of a tag that are too many. */
export const overflowValue = "__other__";

/** In front of the names of what the gateway says of itself. */
export const ownPrefix = "gateway_";

/** Where the gateway says which tags it held back, for each run. */
export const firewallMeasurement = `${ownPrefix}firewall`;

/** Seconds over which samples are added up in mode `aggregated`: a run's last samples are in the store this much later. */
export const aggregationSeconds = 5;
