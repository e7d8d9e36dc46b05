import { isDeepStrictEqual } from "node:util";
import { version } from "@pulumi/random/package.json";
import type { CheckResult, CreateResult, DiffResult, Provider } from "@pulumi/pulumi/provider";
import { kinds, type Properties, tokenOf } from "./resources";
import { isUnknown, plain, secret } from "./secrets";

/**
 * Pulumi's verbs for random values, as a stand-in for the provider `random` of Pulumi. A value is made once and stays until an input changes;
 * then the resource is replaced.
 */
export class RandomStandin implements Provider {
  readonly version = version;
  readonly schema = JSON.stringify({
    name: "random",
    version: this.version,
    description: "The lab's stand-in for Pulumi's random provider",
  });

  check = (urn: string, _olds: Properties, news: Properties): Promise<CheckResult> => {
    const token = tokenOf(urn);
    const kind = Object.hasOwn(kinds, token) ? kinds[token] : undefined;
    if (kind === undefined) {
      const served = Object.keys(kinds).map((name) => name.split(":")[2]);
      throw new Error(`the lab's stand-in for the random provider does not serve ${token}; it has ${served.join(", ")}`);
    }
    const isKnown = !Object.values(news).some(isUnknown);
    const reason = isKnown ? kind.problem(plainProperties(news)) : undefined;
    return Promise.resolve({ inputs: news, failures: reason === undefined ? [] : [{ property: "", reason }] });
  };

  diff = (_id: string, urn: string, olds: Properties, news: Properties): Promise<DiffResult> => {
    const replaces = changedInputs(kinds[tokenOf(urn)].outputs, olds, news);
    return Promise.resolve({ changes: replaces.length > 0, replaces });
  };

  create = (urn: string, inputs: Properties): Promise<CreateResult> => {
    const kind = kinds[tokenOf(urn)];
    const { id, outputs } = kind.create(plainProperties(inputs));
    const marked = Object.entries(outputs).map(([name, value]): [string, unknown] => [
      name,
      kind.secrets.includes(name) ? secret(value) : value,
    ]);
    return Promise.resolve({ id, outs: { ...inputs, ...Object.fromEntries<unknown>(marked) } });
  };
}

function plainProperties(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, plain(value)]));
}

/** Names of the inputs that differ; a resource's state holds its inputs and its outputs in one. */
export function changedInputs(outputs: readonly string[], state: Properties, news: Properties): string[] {
  const names = new Set([...Object.keys(state), ...Object.keys(news)].filter((name) => !outputs.includes(name)));
  return [...names].filter((name) => !isDeepStrictEqual(plain(state[name]), plain(news[name])));
}
