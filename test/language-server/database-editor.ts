// An editor on a project that names a database of a test server, with what the tests of connected databases ask again
// and again.
import { Client } from "pg";
import { databasesMethod, serverCommands, type ConnectAnswer, type ConnectRequest, type DatabaseState } from "../../server/src/lsp/protocol";
import type { Postgres } from "../oracles/postgres";
import { folderWith, startEditor, type Editor, type StartOptions } from "./editor";

/** A Drizzle schema whose tables are `shopSql`'s. */
export const shop = `import { bigint, pgTable, text, timestamp } from "drizzle-orm/pg-core";

export const clients = pgTable("clients", {
  id: bigint("id", { mode: "number" }).primaryKey(),
  name: text("name").notNull(),
});

export const orders = pgTable("orders", {
  id: bigint("id", { mode: "number" }).primaryKey(),
  clientId: bigint("client_id", { mode: "number" }).notNull().references(() => clients.id),
  placedAt: timestamp("placed_at", { withTimezone: true }).notNull(),
});
`;

export const shopSql = `create table clients (id bigint primary key, name text not null);
create table orders (id bigint primary key, client_id bigint not null constraint orders_client_id_clients_id_fk references clients (id), placed_at timestamptz not null)`;

export interface DatabaseEditor extends Editor {
  connect(target: string | ConnectRequest["target"], password?: string): Promise<ConnectAnswer>;
  ask<Answer = unknown>(command: keyof typeof serverCommands, ...parameters: readonly unknown[]): Promise<Answer>;
  states(): readonly DatabaseState[];
  /** Runs SQL in the database, as somebody else. */
  sql(text: string): Promise<readonly Record<string, unknown>[]>;
  /** Sessions of Plumbline in the database. */
  backends(): Promise<number>;
  /** Ends the language server and the own session. */
  end(): Promise<void>;
}

export interface DatabaseOptions extends StartOptions {
  /** What the database holds; a schema that is as the code's by default. */
  readonly sql?: string;
  readonly files?: Readonly<Record<string, string>>;
  /** Of the connection "shop"; the server's socket by default. */
  readonly url?: string;
}

/** Makes the database `name` anew, and starts the language server on a project whose connection "shop" is that database. */
export async function databaseEditor(server: Postgres, name: string, { sql = shopSql, files = {}, url, ...options }: DatabaseOptions = {}): Promise<DatabaseEditor> {
  const connection = await server.createDatabase(name);
  const own = new Client(connection);
  await own.connect();
  const run = async (text: string): Promise<readonly Record<string, unknown>[]> => {
    const answer: unknown = await own.query(text);
    return ((Array.isArray(answer) ? answer.at(-1) : answer) as { rows: Record<string, unknown>[] }).rows;
  };
  await run(sql);
  const address = url ?? `postgresql://${connection.user}@/${connection.database}?host=${encodeURIComponent(connection.host)}`;
  const folder = folderWith({ "src/schema.ts": shop, "plumbline.config.json": JSON.stringify({ connections: { shop: { url: address } } }), ...files });
  const editor = await startEditor(folder, options);
  let states: readonly DatabaseState[] = [];
  editor.connection.onNotification(databasesMethod, (next: readonly DatabaseState[]) => void (states = next));
  const ask = <Answer>(command: keyof typeof serverCommands, ...parameters: readonly unknown[]): Promise<Answer> =>
    editor.connection.sendRequest<Answer>("workspace/executeCommand", { command: serverCommands[command], arguments: [...parameters] });
  // The editor's own members read its state when they are asked, so they are kept, not copied.
  return Object.assign(Object.create(editor) as Editor, {
    ask,
    connect: (target: string | ConnectRequest["target"], password?: string) =>
      ask<ConnectAnswer>("connectDatabase", { target: typeof target === "string" ? { kind: "named", name: target } : target, ...(password !== undefined && { password }) }),
    states: () => states,
    sql: run,
    async backends() {
      return Number((await run(`select count(*) as count from pg_stat_activity where application_name = 'plumbline' and datname = current_database()`))[0]!["count"]);
    },
    async end() {
      if (editor.process.exitCode === null) await editor.stop();
      await own.end().catch(() => undefined);
    },
  });
}
