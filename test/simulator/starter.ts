import { isIPv6 } from "node:net";
import type * as k8s from "@kubernetes/client-node";
import { apiPort, jobOf } from "./job";
import { runLabels } from "./labels";
import type { TestRun } from "./test-run";

export function starterName(testRun: string): string {
  return `${testRun}-starter`;
}

/** The operator's own: 100m of CPU is what makes starts slow with many runners. */
const defaultResources: k8s.V1ResourceRequirements = {
  requests: { cpu: "50m", memory: "2Mi" },
  limits: { cpu: "100m", memory: "200Mi" },
};

/** How the starter fails when it is `blocked`: its pod runs and its requests reach nobody, as behind a policy that drops them. */
const blockedCommand = "trap 'exit 0' TERM; sleep 3600 & wait";

/** The Job that lets the runners at `addresses` go, one after the other. The user's env and volumes do not reach it. */
export function starterJob(testRun: TestRun, addresses: readonly string[], { blocked = false } = {}): k8s.V1Job {
  const { name } = testRun.metadata;
  const settings = testRun.spec.starter ?? {};
  return jobOf(testRun, {
    name: starterName(name),
    labels: runLabels(name),
    settings,
    defaultImage: "ghcr.io/grafana/k6-operator:latest-starter",
    container: {
      name: "k6-curl",
      command: ["sh", "-c", blocked ? blockedCommand : starterProgram(addresses)],
      resources: hasAny(settings.resources) ? settings.resources : defaultResources,
    },
  });
}

/**
 * One request per runner, all in one argument, as the operator has it: about 371 characters each, so that it ends where the operator ends
 * (131 072 bytes, Linux' MAX_ARG_STRLEN, some 350 runners). The exit code is the last request's, whatever the others did.
 */
export function starterProgram(addresses: readonly string[]): string {
  return [curlWhereMissing, addresses.map(resume).join(";")].join("\n");
}

function resume(address: string): string {
  const host = `${isIPv6(address) ? `[${address}]` : address}:${apiPort}`;
  const body = '{"data":{"attributes":{"paused":false,"stopped":false},"id":"default","type":"status"}}';
  return `curl --retry 3 -X PATCH -H 'Content-Type: application/json' http://${host}/v1/status -d '${body}' -s -w '${outputFormat}'`;
}

/** The line that proves what became of a request. No line's end follows it, so the next runner's answer begins right behind it. */
const outputFormat =
  '\n{"http_code":%{http_code},"time_total":%{time_total},"time_starttransfer":%{time_starttransfer},' +
  '"url":"%{url_effective}","remote_ip":"%{remote_ip}","errormsg":"%{errormsg}"}';

/**
 * Stands in for curl in an image that has none, such as k6's with busybox: sends the same request and prints the answer and the line after it,
 * with times of 0, for it takes none. Reads its arguments by position, so it follows `resume`.
 */
const curlWhereMissing = `command -v curl >/dev/null || curl() {
h=\${7#http://};h=\${h%%/*}
a=$(printf 'PATCH /v1/status HTTP/1.1\\r\\nHost: %s\\r\\nContent-Type: application/json\\r\\nContent-Length: %s\\r\\nConnection: close\\r\\n\\r\\n%s' "$h" \${#9} "$9"|nc "\${h%:*}" "\${h##*:}" 2>&1)
case $a in HTTP/*)c=\${a#* };c=\${c%% *};b=$(printf '%s\\n' "$a"|tail -n 1);e=;;*)c=000;b=;e=$a;;esac
printf '%s\\n{"http_code":%s,"time_total":0.000000,"time_starttransfer":0.000000,"url":"%s","remote_ip":"%s","errormsg":"%s"}' "$b" "$c" "$7" "\${h%:*}" "$e"
[ $c != 000 ]
}`;

function hasAny({ requests, limits }: k8s.V1ResourceRequirements = {}): boolean {
  return Object.keys(requests ?? {}).length + Object.keys(limits ?? {}).length > 0;
}
