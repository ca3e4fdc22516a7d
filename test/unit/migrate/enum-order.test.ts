// The order of an enum's values: made only where whoever owns the folder asks for it, since the type is made anew for it and
// every column that has it is rewritten.
import assert from "node:assert/strict";
import { ownersRecord, recordedObjects } from "../../../server/src/migrate/folders/drizzle-recorded";
import { generate } from "../../../server/src/migrate/generate/generate";
import { notGenerated } from "../../../server/src/migrate/operations/not-generated";
import type { MigrationFolder } from "../../../server/src/model/migration";
import type { EnumType, SchemaModel, SourceName } from "../../../server/src/model/schema";

const name = { schema: "public", name: "status" };

function schema(source: SourceName, values: string): SchemaModel {
  return { id: source, source, dialect: "postgresql", tables: [], enums: [{ name, values: values.split(" ") }] };
}

/** The statements that lead from one order to the other. */
function made(source: SourceName, { from, to, recorded }: { readonly from: string; readonly to: string; readonly recorded?: string }): readonly string[] {
  const enums: readonly EnumType[] = recorded === undefined ? [] : [{ name, values: recorded.split(" ") }];
  const { migrations, refused, questions } = generate({ name: "order", format: source === "drizzle" ? "drizzle v0" : source === "prisma" ? "prisma" : "sql", before: schema("database", from), wanted: schema(source, to), record: { enums } });
  assert.deepEqual([refused, questions], [[], []]);
  return migrations.flatMap(({ up }) => up.map((sql) => sql.replaceAll(/^--.*\n|"public"\./gm, ""))).filter((sql) => /TYPE/.test(sql));
}

const anew = (values: string): readonly string[] => [`ALTER TYPE "status" RENAME TO "status_old"`, `CREATE TYPE "status" AS ENUM (${values})`, `DROP TYPE "status_old"`];

const cases: readonly { readonly what: string; readonly source: SourceName; readonly from: string; readonly to: string; readonly recorded?: string; readonly sql: readonly string[] }[] = [
  { what: "Prisma's engine does not look at it", source: "prisma", from: "a b c", to: "c a b", sql: [] },
  { what: "and makes a new value alone", source: "prisma", from: "a b c", to: "c d a b", sql: [`ALTER TYPE "status" ADD VALUE 'd' AFTER 'c'`] },
  { what: "a value that goes takes the type along, in the order of the code", source: "prisma", from: "a b c", to: "c a", sql: anew("'c', 'a'") },
  { what: "drizzle-kit's record has the code's order, the database another", source: "drizzle", from: "a c b", to: "a b c", recorded: "a b c", sql: [] },
  { what: "and a new value is made alone", source: "drizzle", from: "a c b", to: "a b c d", recorded: "a b c", sql: [`ALTER TYPE "status" ADD VALUE 'd' AFTER 'c'`] },
  { what: "drizzle-kit's record has the database's order", source: "drizzle", from: "a b c", to: "c a b", recorded: "a b c", sql: anew("'c', 'a', 'b'") },
  { what: "there is no record yet", source: "drizzle", from: "a b c", to: "c a b", sql: [] },
  { what: "a schema in SQL says it", source: "sql", from: "a b c", to: "c a b", sql: anew("'c', 'a', 'b'") },
];

describe("values of an enum in another order", () => {
  for (const { what, source, sql, ...given } of cases) {
    it(what, () => assert.deepEqual(made(source, given), sql));
  }

  it("what stays in another order is told, and nothing where it is made", () => {
    const told = (source: SourceName, from: string, to: string, recorded?: string): readonly string[] =>
      notGenerated({ code: schema(source, to), before: schema("database", from), recorded: recorded === undefined ? [] : [{ what: "enum", name, values: recorded.split(" ") }], extensions: [], format: source === "prisma" ? "prisma" : "drizzle v0" });
    const sentence = "The values of the enum status stand in the order a, b, c, by which they sort, and the code has c, a, b. They stay as they are: the type would be made anew and every column that has it rewritten. Where that is wanted: migrate new --empty.";
    assert.deepEqual([told("drizzle", "a b c", "c d a b"), told("drizzle", "a b c", "c a b", "c a b"), told("drizzle", "a b c", "c a b", "a b c"), told("drizzle", "a b c", "c a"), told("drizzle", "a b c", "a b c"), told("prisma", "a b c", "c a b")], [[sentence], [sentence], [], [], [], []]);
  });

  it("the record is the newest snapshot of either version", () => {
    const folder = (format: MigrationFolder["format"], id: string): MigrationFolder => ({ folder: "/p/drizzle", format, dialect: "postgresql", journal: { schema: "drizzle", name: "__drizzle_migrations" }, problems: [], migrations: [{ id, version: "0", up: { file: "/p/drizzle/0.sql", start: 0, end: 0, sql: "" }, checksums: [] }] });
    const read = (format: MigrationFolder["format"], id: string, file: string, snapshot: object): readonly EnumType[] | undefined => ownersRecord(recordedObjects(folder(format, id), { read: (path) => (path === file ? JSON.stringify(snapshot) : undefined), list: () => [file] })).enums;
    const expected = [{ name: { schema: "app", name: "status" }, values: ["b", "a"] }];
    assert.deepEqual(read("drizzle v0", "0000_a", "/p/drizzle/meta/0000_snapshot.json", { version: "7", tables: {}, enums: { "app.status": { name: "status", schema: "app", values: ["b", "a"] } } }), expected);
    assert.deepEqual(read("drizzle v1", "20260101000000_a", "/p/drizzle/20260101000000_a/snapshot.json", { version: "9", type: "base", id: "6f7a6d3c-0000-4000-8000-000000000000", prevIds: ["00000000-0000-0000-0000-000000000000"], ddl: [{ entityType: "enums", schema: "app", name: "status", values: ["b", "a"] }] }), expected);
  });
});
