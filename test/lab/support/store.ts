import { openTunnel } from "../../../components/kube/tunnel";
import { StoreClient } from "../../../components/metrics/admin/client";
import { storePort } from "../../../components/network/platform-rules";
import { namespace } from "./settings";
import { labCluster } from "./shared";
import type { LabStack } from "./stack";
import { secretTexts } from "./state";

/** The tokens for writing and reading that the state of a stack knows. */
export async function storeTokens(stack: LabStack): Promise<string[]> {
  const { resources } = await stack.state({ showSecrets: true });
  return secretTexts(resources).flatMap(([name, text]) => (/:StoreToken::\S+ token$/.test(name) ? [text] : []));
}

/** The status with which the lab's store answers a query with each of some tokens. */
export function answersTo(tokens: readonly string[]): Promise<number[]> {
  return withStoreUrl((url) =>
    Promise.all(
      tokens.map(async (token) => {
        const body = JSON.stringify({ query: "buckets()", type: "flux" });
        const headers = { authorization: `Token ${token}`, "content-type": "application/json" };
        const answer = await fetch(`${url}/api/v2/query?org=load-tests`, { method: "POST", headers, body });
        await answer.arrayBuffer();
        return answer.status;
      }),
    ),
  );
}

/** Works on the lab's store as its admin. */
export function withAdmin<T>(stack: LabStack, use: (client: StoreClient) => Promise<T>): Promise<T> {
  return withStoreUrl(async (url) => {
    const { resources } = await stack.state({ showSecrets: true });
    const [, token = ""] = secretTexts(resources).find(([name]) => name.endsWith(" adminToken")) ?? [];
    return use(new StoreClient(url, "load-tests", token));
  });
}

async function withStoreUrl<T>(use: (url: string) => Promise<T>): Promise<T> {
  const tunnel = await openTunnel(labCluster(), { namespace, service: "influxdb", port: storePort });
  try {
    return await use(tunnel.url);
  } finally {
    await tunnel.close();
  }
}
