/** Everything that users import; nothing else is public. */
export { LoadTestAlerts } from "./alerts/alerts";
export type { LoadTestAlertsArgs, WatchedOperator } from "./alerts/alerts";
export type { AlertName } from "./alerts/rules/rule";
export type { AlertLimits, AlertsSettings, PrometheusPods } from "./alerts/settings";
export { ArgumentError } from "./errors";
export type { Problem } from "./errors";
export { Grafana } from "./grafana/grafana";
export type { GrafanaArgs, GrafanaRuns, GrafanaStore } from "./grafana/grafana";
export type { RunGrafana } from "./grafana/run-links";
export type { GrafanaBinding, GrafanaIngress, GrafanaSettings, GrafanaStorage } from "./grafana/settings";
export type { ClusterAccess } from "./kube/cluster";
export type { ServiceAddress } from "./kube/tunnel";
export { MetricsGateway } from "./metrics/gateway/gateway";
export type { GatewayStore, MetricsGatewayArgs } from "./metrics/gateway/gateway";
export type { MetricsGatewaySettings } from "./metrics/gateway/settings";
export type { ExpectedLoad } from "./metrics/gateway/sizing";
export { InfluxDb } from "./metrics/influxdb";
export type { InfluxDbArgs } from "./metrics/influxdb";
export type { InfluxDbBinding, InfluxDbSettings, RollupSettings, StoreAddresses } from "./metrics/influxdb-settings";
export { TargetPolicy } from "./network/target-policy";
export type { TargetPolicyArgs } from "./network/target-policy";
export type { Target } from "./network/targets";
export { K6Operator } from "./operator/operator";
export type { K6OperatorArgs } from "./operator/operator";
export type { ApiServerAddress } from "./operator/policies";
export { PrivateLoadZone, TestRun } from "./operator/resources";
export type { PrivateLoadZoneArgs, TestRunArgs } from "./operator/resources";
export * from "./operator/resource-specs";
export type { OperatorSettings } from "./operator/settings";
export { OperatorWatch } from "./operator/watch";
export type { PlatformGatewaySettings } from "./platform/gateway";
export type { PlatformOperatorSettings } from "./platform/operator-settings";
export { LoadTestPlatform } from "./platform/platform";
export type { LoadTestPlatformArgs } from "./platform/platform";
export type { QuotaSettings } from "./platform/quota";
export type { Placement } from "./run/engines/placement";
export type { HealSettings } from "./run/healing/heals";
export { LoadTest } from "./run/load-test";
export type { LoadTestArgs, OperatorBinding, PlatformBinding, StoreParts } from "./run/load-test-args";
export type { AbortRule } from "./run/abort";
export type { CompareSettings } from "./run/compare/types";
export type { ReportFiles } from "./run/report/write";
export type { QueryThreshold } from "./run/threshold-types";
export type { LoadShape, LoadStage } from "./run/script/load-shape";
export type { ScriptSource, ScriptVolume } from "./run/script/source";
export { stopRuns } from "./run/stop";
export type { StopArgs, StoppedRun } from "./run/stop";
export type {
  EngineName,
  RunnerReport,
  RunnerResources,
  StoreBinding,
  StoreMode,
  ThresholdMap,
  ThresholdResult,
  ValidityLimits,
  Verdict,
} from "./run/types";
