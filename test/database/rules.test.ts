// Runs the documented examples of every rule that judges a database, or compares one with the code: the example's SQL is
// run on a real PostgreSQL, which is then read as the doors do.
import assert from "node:assert/strict";
import { defaults } from "../../server/src/config";
import { settingsFromUrl } from "../../server/src/databases/connections/settings";
import { openPostgres } from "../../server/src/databases/postgres/open";
import type { ConnectedDatabase } from "../../server/src/database-checking";
import { openProject } from "../../server/src/engine";
import { readRecord } from "../../server/src/migrate/record";
import type { MigrationFolder } from "../../server/src/model/migration";
import { rules } from "../../server/src/rules/registry";
import type { Example } from "../../server/src/rules/rule";
import { markersOf, memoryFiles, root } from "../rules/cases";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { Client } from "pg";

describe("rules on a real database", () => {
  let postgres: Postgres;
  let made = 0;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.stop());

  /** The database that the statements make, as a door reads it, with what it records of the folders. */
  async function databaseOf(sql: string, folders: readonly MigrationFolder[] = []): Promise<ConnectedDatabase> {
    const name = `example_${++made}`;
    const connection = await postgres.createDatabase(name);
    // Each in a session of its own, which reports what it did when it ends: a later ANALYZE must not come before that. A bad example may hold one that fails.
    for (const statement of statementsOf(sql)) {
      const client = new Client(connection);
      await client.connect();
      await client.query(statement).catch((error: { code?: string }) => assert.equal(error.code, "23505", statement));
      await client.end();
      await settled(connection);
    }
    const database = await openPostgres(settingsFromUrl(`postgresql://postgres@/${name}?host=${encodeURIComponent(connection.host)}`, name));
    try {
      const { reading, facts } = await database.readAll();
      const journals = await Promise.all(folders.map(async (folder) => ({ folder: folder.folder, rows: (await readRecord(folder, async (query) => (await database.query(query)).map((row) => row.map((value) => (value === true ? "t" : value === null ? null : String(value)))))).applied })));
      return { model: reading.model, facts, journals };
    } finally {
      await database.close();
    }
  }

  it("what a partition has of its parent is reported once", async () => {
    const project = openProject(memoryFiles(new Map()), defaults);
    project.connect([await databaseOf(`create table clients (id bigint primary key);
create table orders (id bigint, day date, client_id bigint references clients (id), primary key (id, day)) partition by range (day);
create table orders_2025 partition of orders for values from ('2025-01-01') to ('2026-01-01');
create table orders_2026 partition of orders for values from ('2026-01-01') to ('2027-01-01');
`)]);
    const found = project.report().findings.filter(({ rule }) => rule === "fk/unindexed");
    assert.deepEqual(found.map(({ table, columns }) => [table?.name, columns]), [["orders", ["client_id"]]]);
  });

  it("what a REINDEX CONCURRENTLY left is told from an index whose name ends so by chance", async () => {
    const project = openProject(memoryFiles(new Map()), defaults);
    project.connect([await databaseOf(`create table words (id int);
insert into words values (1), (1);
create function doubled(id int) returns int language sql immutable as 'select $1 * 2';
create index words_idx on words (doubled(id));
create or replace function doubled(id int) returns int language plpgsql immutable as $$ begin raise unique_violation; end $$;
reindex index concurrently words_idx;
create unique index concurrently mine_ccnew on words (id);
`)]);
    const found = project.report().findings.filter(({ rule }) => rule === "index/invalid");
    assert.deepEqual(found.map(({ message, fixes }) => [/words_idx_ccnew.* left behind by a REINDEX CONCURRENTLY of words_idx/.test(message), fixes.map(({ title }) => title)]), [
      [false, ["Rebuild the index mine_ccnew concurrently", "Drop the index mine_ccnew"]],
      [true, ["Drop the index words_idx_ccnew"]],
    ]);
  });

  for (const [id, rule] of rules) {
    for (const title of ["bad", "good"] as const) {
      const example: Example = rule[title];
      if (example.sql === undefined) continue;
      const config = { ...defaults, rules: { [id]: { severity: "warning" as const, ...example.options } } };
      if (rule.checkDatabaseTable)
        it(`${id}: the ${title} example`, async () => {
          const project = openProject(memoryFiles(new Map()), config);
          project.connect([await databaseOf(example.sql!)]);
          const report = project.report();
          assert.deepEqual(report.failures, []);
          const found = report.findings.filter((finding) => finding.rule === id);
          assert.equal(found.length > 0, title === "bad", found.map(({ message }) => message).join("\n"));
          for (const finding of found) assert.ok(finding.table, finding.message);
        });
      else if (rule.checkFolder)
        it(`${id}: the ${title} example`, async () => {
          const texts = new Map(Object.entries(example.migrations!).map(([path, text]) => [`${root}/${path}`, text]));
          const plain = memoryFiles(new Map([...texts].map(([path, text]) => [path, text.replaceAll(/^--\^.*\n/gm, "")])));
          const project = openProject(plain, config);
          const folders = project.report().folders;
          assert.equal(folders.length, 1);
          project.connect([await databaseOf(example.sql!, folders)]);
          const report = project.report();
          assert.deepEqual(report.failures, []);
          const found = report.findings.filter((finding) => finding.rule === id);
          const markers = [...texts].flatMap(([path, text]) => markersOf(path, text));
          assert.equal(markers.length > 0, title === "bad");
          assert.deepEqual(found.map(({ at }) => [at?.file, at?.start]), markers.map(({ file, start }) => [file, start]));
          for (const [position, marker] of markers.entries()) assert.ok(found[position]!.message.includes(marker.message), found[position]!.message);
        });
      else
        for (const [language, file] of [["drizzle", "schema.ts"], ["prisma", "schema.prisma"]] as const) {
          const text = example[language];
          if (text === undefined) continue;
          it(`${id}: the ${title} example in ${language}`, async () => {
            const project = openProject(memoryFiles(new Map([[`${root}/${file}`, text]])), config);
            project.connect([await databaseOf(example.sql!)]);
            const found = project.report().findings.filter((finding) => finding.rule === id);
            const markers = markersOf(`${root}/${file}`, text);
            assert.equal(markers.length > 0, title === "bad");
            assert.deepEqual(found.map(({ at }) => at?.start), markers.map(({ start }) => start));
            for (const [position, marker] of markers.entries()) assert.ok(found[position]!.message.includes(marker.message), found[position]!.message);
          });
        }
    }
  }
});

/** By the semicolons at the ends of lines; an example keeps a DO block on one line. */
function statementsOf(sql: string): readonly string[] {
  return sql.split(/;\n/).map((one) => one.trim()).filter((one) => one.replace(/--.*$/gm, "").trim() !== "");
}

/** Waits until the server has counted what the session before did: a backend reports its scans when it ends. */
async function settled(connection: { readonly host: string; readonly user: string; readonly database: string }): Promise<void> {
  const client = new Client(connection);
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query("select count(*)::int as others from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
      if (rows[0].others === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    await client.end();
  }
}
