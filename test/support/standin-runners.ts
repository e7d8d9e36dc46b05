import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

// k6's `status` before and after its VUs are made (lib.ExecutionStatusInitVUs, lib.ExecutionStatusPausedBeforeRun).
const makingVus = 1;
const paused = 4;

/** What one runner was asked. */
interface Asked {
  looks: number;
  /** When it was first looked at, milliseconds since the epoch. */
  firstLookAt?: number;
  /** Whether it was given the result of setup(). */
  isGiven: boolean;
  /** When it was told to start, milliseconds since the epoch. */
  startedAt: number[];
  isStopped: boolean;
}

/** Stands in for the REST APIs of many paused k6 processes, each under a path of its own: as many as a test wants, since none of them is real. */
export class StandinRunners {
  readonly asked: Asked[];

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    count: number,
  ) {
    this.asked = Array.from({ length: count }, () => ({ looks: 0, isGiven: false, startedAt: [], isStopped: false }));
  }

  /**
   * @param readyAfterMs of a runner, counted from here
   * @param isDropped whether its first look never arrives, as where policies do not know the runner yet
   */
  static async start(
    count: number,
    readyAfterMs: (index: number) => number,
    isDropped: (index: number) => boolean = () => false,
  ): Promise<StandinRunners> {
    const server = createServer();
    const runners = new StandinRunners(server, count);
    const begun = Date.now();
    server.on("request", (request: IncomingMessage, response) => {
      void bodyOf(request).then((body) => {
        const [, text, what] = /^\/(\d+)\/v1\/(\w+)$/.exec(request.url ?? "") ?? [];
        const index = Number(text);
        const isFirst = runners.asked[index].firstLookAt === undefined;
        runners.asked[index].firstLookAt ??= Date.now();
        if (isFirst && isDropped(index)) {
          return;
        }
        const status = Date.now() - begun >= readyAfterMs(index) ? paused : makingVus;
        response.setHeader("Content-Type", "application/json");
        response.end(JSON.stringify({ data: { attributes: runners.answer(index, `${request.method} ${what}`, body, status) } }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", 2048, resolve));
    return runners;
  }

  /** Of a runner, with `{index}` for which. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/{index}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer(index: number, what: string, body: string, status: number): object {
    const asked = this.asked[index];
    switch (what) {
      case "GET status":
        asked.looks++;
        return { status, paused: true };
      case "GET setup":
      case "POST setup":
        return { data: { token: "made" } };
      case "PUT setup":
        asked.isGiven = body === '{"token":"made"}';
        return {};
      case "PATCH status":
        if (body.includes('"stopped":true')) {
          asked.isStopped = true;
        } else if (body.includes('"paused":false')) {
          asked.startedAt.push(Date.now());
        }
        return {};
      default:
        throw new Error(`a runner was asked for ${what}`);
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}
