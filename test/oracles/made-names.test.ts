// PostgreSQL as the judge of the names that it makes up itself, long ones and multi-byte ones included, and of what is
// taken by them.
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import { checkNameOf, foreignKeyNameOf, indexNameOf, primaryKeyNameOf, sequenceNameOf, uniqueNameOf } from "../../server/src/indexes/default-name";
import { storedName } from "../../server/src/indexes/name-length";
import type { Column, Table } from "../../server/src/model/schema";
import { startPostgres, type Postgres } from "./postgres";

const lengths = [1, 5, 20, 29, 30, 31, 40, 57, 62, 63];
const letters = ["a", "é", "字", "😀b"];
/** A name of about `bytes` bytes, that PostgreSQL keeps whole. */
const named = (bytes: number, letter: string, first: string): string => storedName(first + letter.repeat(Math.ceil(bytes / Buffer.byteLength(letter))), "postgresql").slice(0, 63);

describe("names that PostgreSQL makes up", function () {
  this.timeout(120_000);
  let server: Postgres;
  before(async () => { server = await startPostgres(); });
  after(async () => server.stop());

  it("are those that we say", async () => {
    let count = 0;
    for (const letter of letters)
      for (const tableLength of lengths)
        for (const columnLength of [1, 20, 31, 55]) {
          const [tableName, id, other] = [named(tableLength, letter, "t"), named(columnLength, letter, "c"), named(columnLength, "x", "o")];
          const column = (name: string, rest: Partial<Column> = {}): Column => ({ name, property: name, type: { name: "integer" }, nullable: true, ...rest });
          const table: Table = {
            name: { schema: "public", name: tableName }, property: tableName, columns: [column(id, { generated: "serial" }), column(other)], primaryKey: { columns: [id] }, relations: [], complete: true,
            uniques: [{ columns: [other] }, { columns: [id, other] }],
            foreignKeys: [{ columns: [other], references: { table: { schema: "public", name: tableName }, columns: [id] }, onDelete: "no action", onUpdate: "no action", enforced: true }],
            indexes: [{ method: "btree", unique: false, include: [], keys: [{ column: other, order: "asc" }, { expression: { sql: "1", columns: [], complete: true }, order: "asc" }, { expression: { sql: "2", columns: [], complete: true }, order: "asc" }] }],
            checks: [{ expression: { sql: "", columns: [other], complete: true } }],
          };
          await server.query(`create table "${tableName}" ("${id}" serial primary key, "${other}" integer references "${tableName}", unique ("${other}"), unique ("${id}", "${other}"), check ("${other}" > 0));
            create index on "${tableName}" ("${other}", ("${id}" + 1), ("${id}" + 2))`);
          const theirs = await server.query(`select conname::text as name from pg_constraint where conrelid = '"${tableName}"'::regclass and contype <> 'n' union all
            select relname::text from pg_class where relkind = 'S' union all select c.relname::text from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = '"${tableName}"'::regclass and not i.indisunique`);
          const ours = [
            primaryKeyNameOf(table.primaryKey!, table), ...table.uniques.map((unique) => uniqueNameOf(unique, table)), ...table.indexes.map((index) => indexNameOf(index, table)),
            ...table.foreignKeys.map((key) => foreignKeyNameOf(key, table)), ...table.checks.map((check) => checkNameOf(check, table)), sequenceNameOf(table.columns[0]!, table),
          ];
          assert.equal(theirs.length, ours.length);
          // Where the parts are cut, two of them may come out alike, and PostgreSQL numbers the second: that is no rule of ours.
          if (new Set(ours).size === ours.length) {
            assert.deepEqual([...ours].sort(), theirs.map(({ name }) => name as string).sort());
            count++;
          }
          await server.query(`drop table "${tableName}"`);
        }
    assert.ok(count > 100, String(count));
  });

  const refused: readonly (readonly [what: string, sql: string, error: string | undefined])[] = [
    ["an index by the name of an unnamed primary key", "create table o (id integer primary key); create table l (a integer); create index o_pkey on l (a)", "42P07"],
    ["an index by the name of a sequence", "create table o (id serial); create index o_id_seq on o (id)", "42P07"],
    ["an index by the name of an unnamed unique constraint", "create table o (id integer unique); create index o_id_key on o (id)", "42P07"],
    ["a constraint of the same table by the name of its sequence", "create table o (id serial primary key, a integer, constraint o_id_seq unique (a))", "42P07"],
    ["a constraint of the same table by the name of its key", "create table o (id integer primary key, a integer, constraint o_pkey unique (a))", "42P07"],
    ["not a constraint of a table that came before", "create table l (a integer, constraint o_pkey unique (a)); create table o (id integer primary key)", undefined],
  ];
  for (const [at, [what, sql, error]] of refused.entries()) {
    it(`refuse ${what}`, async () => {
      await server.query(`drop schema public cascade; create schema public`);
      const found = await server.query(sql).then(() => undefined, (cause: { code?: string }) => cause.code);
      assert.equal(found, error, String(at));
    });
  }
});
