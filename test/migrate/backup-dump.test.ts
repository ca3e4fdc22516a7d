// A dump over the connection, restored by psql into an empty database: pg_dump must print both alike.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { dumpObjects, dumpScript } from "../../server/src/backup/dump/dump";
import { scriptParts } from "../../server/src/backup/script-reader";
import { openBulkSession } from "../../server/src/databases/postgres/bulk";
import { createNasty } from "../database/nasty";
import { settingsOf } from "../database/servers";
import { debianBinaries, startPostgres, type Postgres } from "../oracles/postgres";

describe("a dump over the connection", function () {
  this.timeout(120_000);
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  it("makes the same database again", async () => {
    const connection = await createNasty(server);
    const session = await openBulkSession(settingsOf({ ...server.connection, database: connection.database }), { purpose: "A dump", readOnly: true });
    const pieces: Uint8Array[] = [];
    try {
      await session.run("begin isolation level repeatable read read only");
      for await (const piece of dumpScript(session, await dumpObjects(session), "plumbline", () => undefined)) pieces.push(piece);
    } finally {
      await session.close();
    }
    await server.createDatabase("again");
    const program = (name: string, ...args: readonly string[]) => execFileSync(join(debianBinaries(), name), ["--host", server.connection.host, "--username", server.connection.user, ...args], { encoding: "utf8", input: name === "psql" ? Buffer.concat(pieces) : undefined });
    program("psql", "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--single-transaction", "again");
    const dump = (database: string): readonly string[] => program("pg_dump", "--dbname", `dbname='${database}'`).split("\n").filter((line) => !/^\\(un)?restrict /.test(line));
    assert.deepEqual(dump("again"), dump(connection.database));
    const kinds = new Set<string>();
    for await (const part of scriptParts((async function* () { yield* pieces; })())) kinds.add(part.kind);
    assert.deepEqual([...kinds].sort(), ["comment", "copy", "statement"]);
  });
});
