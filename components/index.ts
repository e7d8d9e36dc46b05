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
export { K6Operator } from "./operator/operator";
export type { K6OperatorArgs } from "./operator/operator";
export type { ApiServerAddress } from "./operator/policies";
export { PrivateLoadZone, TestRun } from "./operator/resources";
export type { PrivateLoadZoneArgs, TestRunArgs } from "./operator/resources";
export * from "./operator/resource-specs";
export { OperatorWatch } from "./operator/watch";
export { LoadTestPlatform } from "./platform/platform";
export type { LoadTestPlatformArgs } from "./platform/platform";
export type { QuotaSettings } from "./platform/quota";
export { LoadTest } from "./run/load-test";
export type { LoadTestArgs, OperatorBinding, PlatformBinding } from "./run/load-test";
export type { LoadShape, LoadStage } from "./run/script/load-shape";
export type { ScriptSource, ScriptVolume } from "./run/script/source";
export type {
  EngineName,
  RunnerReport,
  RunnerResources,
  StoreBinding,
  ThresholdMap,
  ThresholdResult,
  ValidityLimits,
  Verdict,
} from "./run/types";
