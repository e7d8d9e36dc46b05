import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A stand-in for a Service: hands new connections to its endpoints in turn, and leaves those that are there alone. */
export interface Balancer {
  url: string;
  /** URLs of what is ready. */
  endpoints: string[];
  stop(): Promise<void>;
}

export async function startBalancer(endpoints: string[]): Promise<Balancer> {
  const balancer = { url: "", endpoints, stop: async () => {} };
  let turn = 0;
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    const { hostname, port } = new URL(balancer.endpoints[turn++ % balancer.endpoints.length]);
    const backend = connect(Number(port), hostname);
    client.pipe(backend).pipe(client);
    client.on("error", () => backend.destroy());
    backend.on("error", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  balancer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  balancer.stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      clients.forEach((client) => client.destroy());
    });
  return balancer;
}
