const hour = 3600;
const day = 24 * hour;

/** The shortest time InfluxDB 2 can keep data, seconds: it answers a shorter one with an error 500. */
export const shortestRetentionSeconds = hour;

/**
 * How long one shard group spans for a retention, seconds, by InfluxDB's own rule: data goes away a whole shard group at a
 * time, and InfluxDB does not move it along when the retention of a bucket changes.
 *
 * @param retentionSeconds 0 keeps data for ever
 */
export function shardGroupSeconds(retentionSeconds: number): number {
  if (retentionSeconds === 0 || retentionSeconds > 180 * day) {
    return 7 * day;
  }
  return retentionSeconds < 2 * day ? hour : day;
}
