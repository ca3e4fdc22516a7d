import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { dialectOf, sameType, sqlOf } from "../../../server/src/dialects/dialect";
import type { Change } from "../../../server/src/model/change";
import { inverse } from "../../../server/src/model/change";
import type { Column, DialectName, Index, Table } from "../../../server/src/model/schema";

describe("types compared", () => {
  const same: readonly (readonly [DialectName, string, string])[] = [
    ["postgresql", "int4", "integer"], ["postgresql", "serial", "integer"], ["postgresql", "bigserial", "bigint"], ["postgresql", "varchar(20)", "character varying(20)"], ["postgresql", "VARCHAR", "character varying"],
    ["postgresql", "timestamptz", "timestamp with time zone"], ["postgresql", "timestamp(6) with time zone", "timestamp with time zone"], ["postgresql", "timestamp", "timestamp(6) without time zone"], ["postgresql", "timestamp (3)", "timestamp(3) without time zone"],
    ["postgresql", "numeric(10)", "numeric(10, 0)"], ["postgresql", "decimal(12, 2)", "numeric(12,2)"], ["postgresql", "text[]", "text[][3]"], ["postgresql", "int8[]", "bigint[]"], ["postgresql", "char", "character(1)"], ["postgresql", "bool", "boolean"],
    ["postgresql", "float8", "double precision"], ["postgresql", "public.geometry", "geometry"], ["postgresql", "vector(3)", "vector(3)"], ["postgresql", "anything", "unknown"],
    ["mysql", "int(11)", "integer"], ["mysql", "boolean", "tinyint(1)"], ["mysql", "BIGINT UNSIGNED", "bigint(20) unsigned"], ["mysql", "decimal", "decimal(10,0)"], ["mysql", "datetime(0)", "DATETIME"], ["mysql", "double precision", "double"], ["mysql", "serial", "bigint unsigned"], ["mysql", "enum('a','B')", "ENUM('a','B')"],
    ["sqlite", "integer", "BIGINT"], ["sqlite", "datetime", "integer"], ["sqlite", "varchar(20)", "TEXT"], ["sqlite", "jsonb", "text"], ["sqlite", "real", "DOUBLE"],
  ];
  for (const [dialect, a, b] of same) it(`${dialect}: ${a} is ${b}`, () => assert.equal(sameType({ name: a }, { name: b }, dialect), true));

  const different: readonly (readonly [DialectName, string, string])[] = [
    ["postgresql", "integer", "bigint"], ["postgresql", "varchar(20)", "varchar(21)"], ["postgresql", "varchar(20)", "text"], ["postgresql", "timestamp", "timestamptz"], ["postgresql", "timestamp(3)", "timestamp"], ["postgresql", "text", "text[]"], ["postgresql", "numeric(10,2)", "numeric"], ["postgresql", "json", "jsonb"], ["postgresql", '"Status"', "status"],
    ["mysql", "int", "int unsigned"], ["mysql", "tinyint(1)", "tinyint"], ["mysql", "varchar(191)", "varchar(255)"], ["mysql", "datetime(3)", "datetime"], ["mysql", "enum('a')", "enum('b')"],
    ["sqlite", "text", "integer"], ["sqlite", "blob", "text"], ["sqlite", "real", "integer"],
  ];
  for (const [dialect, a, b] of different) it(`${dialect}: ${a} is not ${b}`, () => assert.equal(sameType({ name: a }, { name: b }, dialect), false));

  it("enums are compared by name, listed values by what they are", () => {
    const state = { schema: "public", name: "state" };
    assert.equal(sameType({ name: "state", enum: state }, { name: '"public"."state"', enum: state }, "postgresql"), true);
    assert.equal(sameType({ name: "state", enum: state }, { name: "state[]", enum: state }, "postgresql"), false);
    assert.equal(sameType({ name: "state", enum: state }, { name: "kind", enum: { schema: "public", name: "kind" } }, "postgresql"), false);
    assert.equal(sameType({ name: "enum('a','b')", values: ["a", "b"] }, { name: "enum('b','a')", values: ["b", "a"] }, "mysql"), true);
    assert.equal(sameType({ name: "enum('a')", values: ["a"] }, { name: "enum('b')", values: ["b"] }, "mysql"), false);
    assert.equal(sameType({ name: "text", values: ["a"] }, { name: "text" }, "postgresql"), true);
  });
});

const name = { schema: "public", name: 'or"ders' };
const index: Index = { name: "Orders_idx", method: "btree", unique: false, include: [], keys: [{ column: "client_id", order: "asc" }] };
const column = (of: string, more: Partial<Column> = {}): Column => ({ name: of, property: of, type: { name: "integer" }, nullable: true, ...more });
const table: Table = {
  name, property: "orders", columns: [column("id", { nullable: false }), column("client_id"), column("note", { type: { name: "text" }, default: { sql: "'x'", columns: [], complete: true }, nullable: false })],
  primaryKey: { columns: ["id"] }, uniques: [{ name: "u", columns: ["note"] }], foreignKeys: [], indexes: [index], checks: [{ name: "c", expression: { sql: `"id" > 0`, columns: ["id"], complete: true } }], relations: [], complete: true,
};

describe("changes as SQL", () => {
  const written: readonly (readonly [DialectName, Change, readonly string[] | undefined, ("concurrently")?])[] = [
    ["postgresql", { kind: "add-index", table: name, index }, [`CREATE INDEX CONCURRENTLY "Orders_idx" ON "or""ders" ("client_id");`], "concurrently"],
    ["postgresql", { kind: "drop-index", table: { schema: "sales", name: "x" }, index }, [`DROP INDEX CONCURRENTLY "sales"."Orders_idx";`], "concurrently"],
    ["postgresql", { kind: "add-index", table: name, index: { ...index, method: "gin", unique: false, keys: [{ column: "note", order: "asc", operatorClass: "gin_trgm_ops" }, { expression: { sql: `lower("note")`, columns: ["note"], complete: true }, order: "desc", nulls: "last", collation: "C" }], include: ["id"], with: { fastupdate: "off" }, where: { sql: `"id" > 3`, columns: ["id"], complete: true } } },
      [`CREATE INDEX "Orders_idx" ON "or""ders" USING gin ("note" gin_trgm_ops, (lower("note")) COLLATE "C" DESC NULLS LAST) INCLUDE ("id") WITH (fastupdate = off) WHERE "id" > 3;`]],
    ["postgresql", { kind: "add-index", table: name, index: { ...index, unique: true, nullsNotDistinct: true } }, [`CREATE UNIQUE INDEX "Orders_idx" ON "or""ders" ("client_id") NULLS NOT DISTINCT;`]],
    ["postgresql", { kind: "add-index", table: name, index: { ...index, where: { sql: "?", columns: [], complete: false } } }, undefined],
    ["postgresql", { kind: "alter-enum", name: { schema: "public", name: "state" }, from: ["a", "c"], to: ["a", "b'", "c"] }, [`ALTER TYPE "state" ADD VALUE 'b''' AFTER 'a';`]],
    ["postgresql", { kind: "alter-enum", name: { schema: "public", name: "state" }, from: ["a", "c"], to: ["a"] }, undefined],
    ["postgresql", { kind: "add-foreign-key", table: name, foreignKey: { name: "fk", columns: ["client_id"], references: { table: { schema: "auth", name: "users" }, columns: ["id"] }, onDelete: "set null", onUpdate: "no action", enforced: true } }, [`ALTER TABLE "or""ders" ADD CONSTRAINT "fk" FOREIGN KEY ("client_id") REFERENCES "auth"."users" ("id") ON DELETE SET NULL;`]],
    ["mysql", { kind: "add-index", table: { schema: null, name: "a`b" }, index: { ...index, keys: [{ column: "note", order: "desc", length: 20 }] } }, ["CREATE INDEX `Orders_idx` ON `a``b` (`note`(20) DESC);"]],
    ["mysql", { kind: "add-index", table: { schema: null, name: "a" }, index: { ...index, where: { sql: "1", columns: [], complete: true } } }, undefined],
    ["sqlite", { kind: "add-index", table: { schema: null, name: "a" }, index: { ...index, unique: true, where: { sql: "1", columns: [], complete: true } } }, [`CREATE UNIQUE INDEX "Orders_idx" ON "a" ("client_id") WHERE 1;`]],
    ["sqlite", { kind: "add-foreign-key", table: { schema: null, name: "a" }, foreignKey: { columns: ["b"], references: { table: { schema: null, name: "c" }, columns: ["d"] }, onDelete: "cascade", onUpdate: "no action", enforced: true } }, undefined],
    ["mongodb", { kind: "add-index", table: { schema: null, name: "a" }, index }, undefined],
  ];
  for (const [dialect, change, sql, concurrently] of written) it(`${dialect}: ${change.kind} ${sql?.[0] ?? "has no statement"}`, () => assert.deepEqual(sqlOf(change, dialect, { concurrently: concurrently !== undefined }), sql));

  it("quotes so that nothing in a name ends the identifier", () => {
    for (const dialect of ["postgresql", "mysql", "sqlite"] as const) {
      const { quote } = dialectOf(dialect)!;
      const end = quote("x").at(-1)!;
      assert.equal(quote(`a${end}b`), `${end}a${end}${end}b${end}`);
    }
  });

  // Python's own SQLite runs the statements: there is no server to start.
  it("SQLite takes its statements, and their inverses lead back", () => {
    const lite = { ...table, name: { schema: null, name: "orders" }, foreignKeys: [{ columns: ["client_id"], references: { table: { schema: null, name: "orders" }, columns: ["id"] }, onDelete: "cascade" as const, onUpdate: "no action" as const, enforced: true }] };
    const changes: Change[] = [
      { kind: "add-column", table: lite.name, column: column("extra") },
      { kind: "rename-column", table: lite.name, from: "extra", to: "further" },
      { kind: "add-index", table: lite.name, index: { ...index, name: "second" } },
      { kind: "rename-table", from: lite.name, to: { schema: null, name: "bills" } },
    ];
    const create = sqlOf({ kind: "add-table", table: lite }, "sqlite")!;
    const forth = changes.flatMap((change) => sqlOf(change, "sqlite")!);
    const back = [...changes].reverse().flatMap((change) => sqlOf(inverse(change), "sqlite")!);
    const script = "import sqlite3, sys, json\nstatements = json.load(sys.stdin)\ndb = sqlite3.connect(':memory:')\ndef dump(): return sorted(r[0] for r in db.execute(\"select coalesce(sql, name) from sqlite_master where name not like 'sqlite_%'\"))\ndef run(some):\n  for s in some: db.execute(s)\nrun(statements['create']); before = dump(); run(statements['forth']); middle = dump(); run(statements['back']); print(json.dumps([before, middle, dump()]))";
    const [before, middle, after] = JSON.parse(execFileSync("python3", ["-c", script], { input: JSON.stringify({ create, forth, back }), encoding: "utf8" })) as string[][];
    assert.notDeepEqual(middle, before);
    const plain = (statements: readonly string[]): string[] => statements.map((statement) => statement.replace(/"/g, "").replace(/\s+/g, " "));
    assert.deepEqual(plain(after!), plain(before!));
  });
});
