// A dump over the connection, restored by psql into an empty database: pg_dump must print both alike; where it is older
// than the server and cannot, the reading of the catalogue and the dump itself must.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { dumpObjects, dumpScript } from "../../server/src/backup/dump/dump";
import { scriptParts } from "../../server/src/backup/script-reader";
import { openBulkSession } from "../../server/src/databases/postgres/bulk";
import { openPostgres } from "../../server/src/databases/postgres/open";
import { comparable, createNasty } from "../database/nasty";
import { onEachServer, settingsOf } from "../database/servers";
import { debianBinaries, debianVersion } from "../oracles/postgres";

describe("a dump over the connection", function () {
  this.timeout(300_000);
  onEachServer((server) => {
    it("makes the same database again", async () => {
      const connection = await createNasty(server());
      const original = await ownDump(connection);
      await server().createDatabase("again");
      const program = (name: string, args: readonly string[], input?: Uint8Array) => execFileSync(join(debianBinaries(), name), ["--host", connection.host, "--username", connection.user, ...args], { encoding: "utf8", ...(input && { input }) });
      program("psql", ["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--single-transaction", "again"], original);
      const again = { ...connection, database: "again" };
      if (server().version <= debianVersion()) {
        const dump = (database: string): readonly string[] => program("pg_dump", ["--dbname", `dbname='${database}'`]).split("\n").filter((line) => !/^\\(un)?restrict /.test(line));
        assert.deepEqual(dump("again"), dump(connection.database));
      }
      assert.deepEqual(await reading(again), await reading(connection));
      assert.deepEqual(String(await ownDump(again)).split("\n"), String(original).split("\n"));
      const kinds = new Set<string>();
      for await (const part of scriptParts((async function* () { yield original; })())) kinds.add(part.kind);
      assert.deepEqual([...kinds].sort(), ["comment", "copy", "statement"]);
    });
  });
});

type Connection = Parameters<typeof settingsOf>[0];

async function ownDump(connection: Connection): Promise<Buffer> {
  const session = await openBulkSession(settingsOf(connection), { purpose: "A dump", readOnly: true });
  const pieces: Uint8Array[] = [];
  try {
    await session.run("begin isolation level repeatable read read only");
    for await (const piece of dumpScript(session, await dumpObjects(session), "plumbline", () => undefined)) pieces.push(piece);
  } finally {
    await session.close();
  }
  return Buffer.concat(pieces);
}

async function reading(connection: Connection): Promise<unknown> {
  const database = await openPostgres(settingsOf(connection));
  try {
    const { model } = await database.read();
    // An INVALID index is dumped by neither.
    return comparable({ ...model, tables: model.tables.map((table) => ({ ...table, indexes: table.indexes.filter(({ valid }) => valid !== false) })) });
  } finally {
    await database.close();
  }
}
