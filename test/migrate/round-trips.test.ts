// What a migration costs on the wire, counted where it passes: one round trip where one message can hold it with its record,
// and never more than three for one statement.
import assert from "node:assert/strict";
import { openSession } from "../../server/src/databases/postgres/session";
import { down, up } from "../../server/src/migrate/run/runner";
import type { RunEvent } from "../../server/src/migrate/run/progress";
import type { MigrationFolder, MigrationFormat } from "../../server/src/model/migration";
import { loadSqlParser } from "../../server/src/sql/load";
import { latencyProxy, type LatencyProxy } from "../database/latency";
import { settingsOf } from "../database/servers";
import { startPostgres, type Postgres } from "../oracles/postgres";

describe("round trips of a migration", function () {
  this.timeout(300_000);
  let server: Postgres;
  let proxy: LatencyProxy;
  before(async () => {
    server = await startPostgres();
    proxy = await latencyProxy(server.connection.host);
  });
  after(async () => {
    await proxy?.close();
    await server?.stop();
  });

  const cases: readonly { readonly up: string; readonly down: string; readonly trips: number; readonly back: number }[] = [
    { up: "create table orders (id int primary key, client int)", down: "drop table orders", trips: 1, back: 1 },
    { up: "alter table orders add column note text", down: "alter table orders drop column note", trips: 1, back: 1 },
    { up: "update orders set client = 1", down: "select 1", trips: 2, back: 1 },
    { up: "create index concurrently orders_client on orders (client)", down: "drop index concurrently orders_client", trips: 3, back: 3 },
    { up: "set lock_timeout = '2s'; set statement_timeout = 0; create index concurrently orders_note on orders (note)", down: "set lock_timeout = '2s'; drop index concurrently orders_note", trips: 3, back: 3 },
  ];
  const journals: Readonly<Record<Exclude<MigrationFormat, "drizzle v1">, string>> = { "drizzle v0": "__drizzle_migrations", prisma: "_prisma_migrations", sql: "schema_migrations" };
  for (const [format, journal] of Object.entries(journals) as [MigrationFormat, string][]) {
    it(`${format}: one, two for what writes rows, three for an index that is built concurrently`, async () => {
      const settings = settingsOf(await server.createDatabase(format), proxy.port);
      const part = (sql: string, file: string) => ({ file, start: 0, end: sql.length, sql });
      const folder: MigrationFolder = {
        folder: "/p/m", format, dialect: "postgresql", journal: { schema: "public", name: journal }, problems: [],
        migrations: cases.map((one, at) => ({ id: `000${at}_m`, version: `000${at}`, when: 1000 + at, checksums: [`${at}`.repeat(64)], up: part(one.up, `000${at}.up.sql`), down: part(one.down, `000${at}.down.sql`) })),
      };
      const trips: number[] = [];
      const count = ({ kind }: RunEvent): void => {
        if (kind === "migration started") proxy.reset();
        if (kind === "migration ended") trips.push(proxy.stats().roundTrips);
      };
      const context = { folder, parser: await loadSqlParser(), by: "test", connect: (signal?: AbortSignal) => openSession(settings, { signal }) };
      const options = { lossesConfirmed: true, onEvent: count };
      await up(context, options);
      assert.deepEqual(trips.splice(0), cases.map((one) => one.trips));
      await down(context, { ...options, count: cases.length });
      assert.deepEqual(trips, cases.map(({ back }) => back).reverse());
    });
  }
});
