import { readFile } from "node:fs/promises";

interface Sample {
  metric: string;
  value: number;
  /** Milliseconds since 1970. */
  time: number;
  tags: Record<string, string>;
}

type Tags = Record<string, string>;

/** k6's own JSON streams, pooled: the truth that the store's figures are held against. */
export class JsonSamples {
  private constructor(private readonly samples: readonly Sample[]) {}

  static async read(files: readonly string[]): Promise<JsonSamples> {
    const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
    const lines = texts.flatMap((text) => text.trim().split("\n")).map((line) => JSON.parse(line) as JsonLine);
    return new JsonSamples(
      lines.flatMap(({ type, metric, data: { value = 0, time = "", tags = {} } }) =>
        type === "Point" ? [{ metric, value, time: Date.parse(time), tags }] : [],
      ),
    );
  }

  /** Samples of all metrics. */
  get count(): number {
    return this.samples.length;
  }

  sum(metric: string, tags: Tags = {}): number {
    return this.values(metric, tags).reduce((sum, value) => sum + value, 0);
  }

  countOf(metric: string, tags: Tags = {}): number {
    return this.values(metric, tags).length;
  }

  mean(metric: string, tags: Tags = {}): number {
    return this.sum(metric, tags) / this.countOf(metric, tags);
  }

  /** By linear interpolation between the two nearest samples, as k6 does. */
  percentile(metric: string, percent: number, tags: Tags = {}): number {
    const sorted = this.values(metric, tags).sort((a, b) => a - b);
    const rank = (percent / 100) * (sorted.length - 1);
    const below = sorted[Math.floor(rank)] ?? NaN;
    return below + ((sorted[Math.ceil(rank)] ?? NaN) - below) * (rank - Math.floor(rank));
  }

  /** When each sample was taken, milliseconds since 1970. */
  times(metric: string): number[] {
    return this.samples.flatMap(({ metric: name, time }) => (name === metric ? [time] : []));
  }

  /** Samples per window of a length, from a time on. */
  countPerWindow(metric: string, start: Date, seconds: number): number[] {
    const windows: number[] = [];
    for (const { metric: name, time } of this.samples) {
      const window = Math.floor((time - start.getTime()) / (seconds * 1000));
      if (name === metric) {
        windows[window] = (windows[window] ?? 0) + 1;
      }
    }
    return Array.from(windows, (count = 0) => count);
  }

  /** A gauge that each runner tells once a second, added up over runners at each second of the run. */
  addedUpPerSecond(metric: string): number[] {
    const byRunner = new Map<string, number[]>();
    for (const { metric: name, value, tags } of this.samples) {
      if (name === metric) {
        const runner = tags.instance_id ?? "";
        byRunner.set(runner, [...(byRunner.get(runner) ?? []), value]);
      }
    }
    const runners = [...byRunner.values()];
    return (runners[0] ?? []).map((_, i) => runners.reduce((sum, values) => sum + (values[i] ?? 0), 0));
  }

  private values(metric: string, tags: Tags): number[] {
    return this.samples
      .filter((sample) => sample.metric === metric && Object.entries(tags).every(([tag, value]) => sample.tags[tag] === value))
      .map(({ value }) => value);
  }
}

interface JsonLine {
  type: "Metric" | "Point";
  metric: string;
  data: { value?: number; time?: string; tags?: Tags };
}
