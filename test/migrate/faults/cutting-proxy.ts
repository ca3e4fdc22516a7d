// A TCP proxy before a PostgreSQL server that counts the protocol's messages and cuts the connection before, within or
// behind one of them. It reads no TLS.
import net from "node:net";
import { join } from "node:path";
import { settingsFromUrl, type ConnectionSettings } from "../../../server/src/databases/connections/settings";
import type { Postgres } from "../../oracles/postgres";

export type Direction = "to the server" | "to the client";

export interface Message {
  readonly direction: Direction;
  /** From 1, of the first connection, those of its start included; 0 of any other: a long statement is looked at over one of its own, which the machine's speed decides. */
  readonly number: number;
  /** Of a query: its SQL. */
  readonly sql: string | undefined;
}

export interface Cut {
  /** The first message for which it holds is the one. */
  at(message: Message): boolean;
  readonly where: "before" | "within" | "behind";
  /** Nobody comes through any more afterwards. */
  readonly forGood: boolean;
}

export interface CuttingProxy {
  settings(database: string): ConnectionSettings;
  /** Messages of the first connection that came through. */
  count(direction: Direction): number;
  /** Whether the cut has been made. */
  readonly hasCut: boolean;
  close(): Promise<void>;
}

export async function cuttingProxy(server: Postgres, cut?: Cut): Promise<CuttingProxy> {
  const counts: Record<Direction, number> = { "to the server": 0, "to the client": 0 };
  const open = new Set<net.Socket>();
  let done = false;
  let isFirst = true;
  const listener = net.createServer({ noDelay: true }, (client) => {
    const counted = isFirst;
    isFirst = false;
    const upstream = net.connect({ path: join(server.connection.host, ".s.PGSQL.5432") });
    const end = (): void => [client, upstream].forEach((socket) => socket.destroy());
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", end).on("close", () => (open.delete(socket), end()));
    }
    pass(client, upstream, "to the server");
    pass(upstream, client, "to the client");
    function pass(from: net.Socket, to: net.Socket, direction: Direction): void {
      const take = messages(direction === "to the server");
      from.on("data", (bytes: Buffer) => {
        for (const { content, sql } of take(bytes)) {
          if (client.destroyed || from.isPaused()) return;
          const number = counted ? ++counts[direction] : 0;
          if (done || !cut?.at({ direction, number, sql })) {
            to.write(content);
            continue;
          }
          done = true;
          [client, upstream].forEach((socket) => socket.pause());
          if (cut.forGood) listener.close();
          to.write(content.subarray(0, { before: 0, within: Math.ceil(content.length / 2), behind: content.length }[cut.where]), end);
        }
      });
    }
  });
  await new Promise<void>((resolve, reject) => listener.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as net.AddressInfo;
  return {
    settings: (database) => settingsFromUrl(`postgresql://postgres@127.0.0.1:${port}/${encodeURIComponent(database)}?sslmode=disable`, "test", { environment: {} }),
    count: (direction) => counts[direction],
    get hasCut() {
      return done;
    },
    close() {
      const closed = new Promise<void>((resolve) => (listener.listening ? listener.close(() => resolve()) : resolve()));
      for (const socket of [...open]) socket.destroy();
      return closed;
    },
  };
}

/** Takes bytes apart into messages: https://www.postgresql.org/docs/current/protocol-message-formats.html. A client's first one has no type. */
function messages(first: boolean): (bytes: Buffer) => readonly { readonly content: Buffer; readonly sql: string | undefined }[] {
  let rest = Buffer.alloc(0);
  let untyped = first;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const found: { content: Buffer; sql: string | undefined }[] = [];
    for (;;) {
      const start = untyped ? 0 : 1;
      if (rest.length < start + 4 || rest.length < start + rest.readInt32BE(start)) return found;
      const content = rest.subarray(0, start + rest.readInt32BE(start));
      rest = rest.subarray(content.length);
      found.push({ content, sql: first && !untyped && content[0] === 0x51 ? content.toString("utf8", 5, content.length - 1) : undefined });
      untyped = false;
    }
  };
}
