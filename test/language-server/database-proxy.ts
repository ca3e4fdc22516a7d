// A network between the language server and a test server's socket, that can hang and be cut.
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";

export interface DatabaseProxy {
  readonly port: number;
  /** Swallows everything, in both directions; what was held is lost to nobody once it ends. */
  hold(held: boolean): void;
  /** Cuts every connection and refuses new ones. */
  close(): Promise<void>;
  /** Takes connections again, at the same port. */
  listen(): Promise<void>;
}

/** `folder`: of the server's Unix socket. */
export async function databaseProxy(folder: string): Promise<DatabaseProxy> {
  const sockets = new Set<Socket>();
  let held = false;
  let port = 0;
  let server: Server | undefined;

  const accept = (near: Socket): void => {
    const far = connect(join(folder, ".s.PGSQL.5432"));
    for (const [from, to] of [[near, far], [far, near]] as const) {
      sockets.add(from);
      if (held) from.pause();
      from.on("data", (chunk) => void to.write(chunk));
      from.on("error", () => {});
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  };

  async function listen(): Promise<void> {
    server = createServer(accept);
    await new Promise<void>((resolve) => server!.listen(port, "127.0.0.1", resolve));
    port = (server.address() as { port: number }).port;
  }

  await listen();
  return {
    get port() { return port; },
    hold(now) {
      held = now;
      for (const socket of sockets) if (held) socket.pause(); else socket.resume();
    },
    async close() {
      const ended = new Promise<void>((resolve) => (server?.listening ? server.close(() => resolve()) : resolve()));
      for (const socket of sockets) socket.destroy();
      await ended;
    },
    listen,
  };
}
