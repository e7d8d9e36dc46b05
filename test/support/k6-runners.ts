import { writeFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";

/** Real k6 processes, one per equal execution segment. */
export interface RunnersOptions {
  folder: string;
  script: string;
  testid: string;
  runners: number;
  target: string;
  influxdb: { url: string; bucket: string; token: string };
}

/** Runs all runners to their end; gives the path of each one's JSON stream. @throws when one does not exit with 0 */
export async function runRunners(k6: string, options: RunnersOptions): Promise<string[]> {
  const { folder, script, testid, runners, target, influxdb } = options;
  const file = path.join(folder, "script.js");
  await writeFile(file, script);
  const sequence = Array.from({ length: runners + 1 }, (_, i) => (i === 0 ? "0" : i === runners ? "1" : `${i}/${runners}`));
  return Promise.all(
    sequence.slice(1).map(async (to, i) => {
      const json = path.join(folder, `runner-${i}.json`);
      const segment = ["--execution-segment", `${sequence[i]}:${to}`, "--execution-segment-sequence", sequence.join(",")];
      const outputs = ["-o", `json=${json}`, "-o", `influxdb=${influxdb.url}/${influxdb.bucket}`];
      const tags = ["--tag", `testid=${testid}`, "--tag", `instance_id=${i}`];
      await execa(k6, ["run", "--quiet", "--address", "", "--no-usage-report", ...segment, ...outputs, ...tags, file], {
        env: { TARGET: `${target}/${i}`, K6_INFLUXDB_USERNAME: "k6", K6_INFLUXDB_PASSWORD: influxdb.token },
      });
      return json;
    }),
  );
}
