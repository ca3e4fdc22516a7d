// The end of a connection, also over a network that swallows everything.
import type { Socket } from "node:net";
import type { Connection } from "./connect";

/** Says goodbye to the server, and closes the socket after a second where the network swallows that. Never rejects. */
export async function disconnect({ client }: Connection): Promise<void> {
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  const timer = setTimeout(() => stream.destroy(), 1_000);
  await client.end().catch(() => undefined);
  clearTimeout(timer);
}
