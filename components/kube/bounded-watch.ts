import * as k8s from "@kubernetes/client-node";

/** How long a watch may go on, and how long the API server may take to begin it; both in seconds. */
export interface WatchBounds {
  /** The API server ends it after this time, and it is taken up again. @default 60 */
  lastsSeconds?: number;
  /** @default 15 */
  answerSeconds?: number;
}

/**
 * A watch that always ends and always says so. A connection that died on the way (a NAT or a load balancer that forgot it, a machine that
 * slept) looks the same as one on which nothing happens; and a credential plugin that fails as a watch is taken up again would leave nobody
 * to take it up a second time.
 */
export class BoundedWatch extends k8s.Watch {
  private readonly lastsSeconds: number;
  private readonly answerSeconds: number;

  constructor(config: k8s.KubeConfig, { lastsSeconds = 60, answerSeconds = 15 }: WatchBounds = {}) {
    super(answering(config, answerSeconds));
    this.lastsSeconds = lastsSeconds;
    this.answerSeconds = answerSeconds;
  }

  override async watch(
    path: string,
    params: Record<string, string | number | boolean | undefined>,
    callback: (phase: string, object: unknown, watchObject?: unknown) => void,
    done: (error: unknown) => void,
  ): Promise<AbortController> {
    let timer: NodeJS.Timeout | undefined;
    let hasEnded = false;
    const ended = (error: unknown) => {
      hasEnded = true;
      clearTimeout(timer);
      done(error);
    };
    try {
      const bounded = { ...params, timeoutSeconds: this.lastsSeconds };
      const controller = await super.watch(path, bounded, callback, ended);
      if (!hasEnded) {
        timer = setTimeout(() => controller.abort(), (this.lastsSeconds + this.answerSeconds) * 1000).unref();
      }
      return controller;
    } catch (error) {
      ended(error);
      return new AbortController();
    }
  }
}

/** The configuration as a watch uses it, with an end to waiting for the first answer. */
function answering(config: k8s.KubeConfig, seconds: number): k8s.KubeConfig {
  const bounded = Object.create(config) as k8s.KubeConfig;
  bounded.applyToFetchOptions = async (options) => {
    const applied = await config.applyToFetchOptions(options);
    // node-fetch's own option; it ends with the answer's headers.
    return Object.assign(applied, { timeout: seconds * 1000 });
  };
  return bounded;
}
