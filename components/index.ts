/** Everything that users import; nothing else is public. */
export { ArgumentError } from "./errors";
export type { Problem } from "./errors";
export type { ClusterAccess } from "./kube/cluster";
export type { ServiceAddress } from "./kube/tunnel";
export { InfluxDb } from "./metrics/influxdb";
export type { InfluxDbArgs, InfluxDbSettings } from "./metrics/influxdb";
export { TargetPolicy } from "./network/target-policy";
export type { TargetPolicyArgs } from "./network/target-policy";
export type { Target } from "./network/targets";
export { LoadTestPlatform } from "./platform/platform";
export type { LoadTestPlatformArgs } from "./platform/platform";
export type { QuotaSettings } from "./platform/quota";
export { LoadTest } from "./run/load-test";
export type { LoadTestArgs } from "./run/load-test";
export type {
  RunnerReport,
  RunnerResources,
  StoreBinding,
  ThresholdMap,
  ThresholdResult,
  ValidityLimits,
  Verdict,
} from "./run/types";
