import type { Problems } from "../../errors";
import type { StoreMode } from "../../run/types";
import { bufferedPoints, cpuMillicores, memoryMi, modeFor, type ExpectedLoad } from "./sizing";

/** How a gateway is sized, and what of samples it keeps. */
export interface MetricsGatewaySettings {
  /** @default "telegraf:1.37.2-alpine" */
  image?: string;
  /** @default "IfNotPresent" */
  imagePullPolicy?: string;
  /** With one, samples of the seconds in which it is replaced are lost. @default 2 */
  replicas?: number;
  /** The most that all runs together do at a time. @default 500 requests per second, 1,000,000 requests in a run */
  expectedLoad?: ExpectedLoad;
  /**
   * `raw` stores each sample; `aggregated` sums and counts over 5 s, exactly, and latencies in buckets, of which percentiles are within 2.5 %.
   *
   * @default by `expectedLoad`: "raw" up to 2,000 requests per second and 1,000,000 requests in a run
   */
  mode?: StoreMode;
  /** How long the store may be away without loss, seconds: samples wait in memory for so long. @default 60 */
  storeOutageSeconds?: number;
  /** Most series of one run (in mode `raw`: for each runner); what is above is stored under one name. @default 10000 */
  seriesPerRun?: number;
  /** The script's own tags that are stored. @default all of them, of each the first 50 values of a run */
  tags?: string[];
  /** Whether replicas tell Prometheus what they count, on port 9273. @default false, in a platform with alerts true */
  exposeMetrics?: boolean;
  /** Request and limit of a replica. @default by `expectedLoad` */
  cpu?: string;
  /** Request and limit of a replica. @default by `expectedLoad` and `storeOutageSeconds` */
  memory?: string;
}

/** A gateway's settings with everything filled in. */
export interface GatewaySizes {
  image: string;
  imagePullPolicy: string;
  replicas: number;
  mode: StoreMode;
  /** Points that a replica holds while the store is away. */
  bufferLimit: number;
  seriesPerRun: number;
  tags?: string[];
  exposeMetrics: boolean;
  cpu: string;
  memory: string;
}

/** Fills in what is not said. */
export function gatewaySizes(settings: MetricsGatewaySettings): GatewaySizes {
  const { expectedLoad = {}, storeOutageSeconds = 60, seriesPerRun = 10_000, replicas = 2, tags } = settings;
  const mode = settings.mode ?? modeFor(expectedLoad);
  const bufferLimit = bufferedPoints({ mode, expectedLoad, storeOutageSeconds, seriesPerRun });
  return {
    image: settings.image ?? "telegraf:1.37.2-alpine",
    imagePullPolicy: settings.imagePullPolicy ?? "IfNotPresent",
    ...{ replicas, mode, bufferLimit, seriesPerRun, exposeMetrics: settings.exposeMetrics ?? false },
    ...(tags === undefined ? {} : { tags }),
    cpu: settings.cpu ?? `${cpuMillicores(expectedLoad)}m`,
    memory: settings.memory ?? `${memoryMi(bufferLimit)}Mi`,
  };
}

const tagForm = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
const reservedTags = ["testid", "instance_id", "relay", "bucket_mid"];

/** Adds what is wrong with a gateway's settings to `problems`; `path` is where they stand, e.g. `gateway`. */
export function checkGateway(settings: MetricsGatewaySettings, path: string, problems: Problems): void {
  const { replicas = 2, expectedLoad = {}, storeOutageSeconds = 60, seriesPerRun = 10_000, tags = [], mode } = settings;
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > 10) {
    problems.add(`${path}.replicas`, `${replicas} replicas cannot be: give a whole number from 1 to 10.`);
  }
  for (const [name, value] of Object.entries(expectedLoad)) {
    if (!(Number(value) > 0)) {
      problems.add(`${path}.expectedLoad.${name}`, `${value} is no load: give a number above 0, or leave it out.`);
    }
  }
  if (mode !== undefined && !["raw", "aggregated"].includes(mode)) {
    problems.add(`${path}.mode`, `"${String(mode)}" is no way to store samples: use "raw" or "aggregated".`);
  }
  if (!(storeOutageSeconds >= 0 && storeOutageSeconds <= 3600)) {
    problems.add(
      `${path}.storeOutageSeconds`,
      `${storeOutageSeconds} is not a number of seconds from 0 to 3600 that memory could hold.`,
    );
  }
  if (!Number.isInteger(seriesPerRun) || seriesPerRun < 500) {
    problems.add(
      `${path}.seriesPerRun`,
      `${seriesPerRun} is too few: k6's own metrics make some hundred series. Give at least 500.`,
    );
  }
  tags.forEach((tag, i) => {
    if (!tagForm.test(tag)) {
      problems.add(`${path}.tags[${i}]`, `"${tag}" is no name of a tag: use letters, digits, "_", "." and "-".`);
    } else if (reservedTags.includes(tag)) {
      problems.add(`${path}.tags[${i}]`, `"${tag}" is a tag of the platform's own. Leave it out.`);
    }
  });
}
