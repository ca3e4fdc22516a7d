// What a schema of Drizzle declares and no generated migration makes: each is told, by what stands and by what the folder's
// snapshot has.
import assert from "node:assert/strict";
import { ownersRecord, recordedObjects } from "../../../server/src/migrate/folders/drizzle-recorded";
import { declaredChanges, withReadDeclared } from "../../../server/src/migrate/generate/declared";
import { generate } from "../../../server/src/migrate/generate/generate";
import { notGenerated } from "../../../server/src/migrate/operations/not-generated";
import { nameBesideTables } from "../../../server/src/model/change";
import type { MigrationFolder } from "../../../server/src/model/migration";
import type { Role, SchemaModel } from "../../../server/src/model/schema";
import { prisma } from "../../../server/src/sources/prisma";
import { workspace } from "../drizzle/memory-files";

const code = `import { sql } from "drizzle-orm";
import { realtimeMessages } from "drizzle-orm/supabase";
import { integer, pgMaterializedView, pgPolicy, pgRole, pgSchema, pgSequence, pgTable, pgView } from "drizzle-orm/pg-core";
export const app = pgSchema("app");
export const admin = pgRole("admin", { createDb: Math.random() > 1 });
export const nameless = pgRole(process.argv[3]!);
export const unsaid = pgSchema(process.argv[4]!);
export const writer = pgRole("writer", { createRole: true, inherit: false });
export const reader = pgRole("reader").existing();
export const counter = pgSequence("counter", { startWith: 5, cache: 2 });
export const clients = pgTable("clients", { id: integer("id") }, (t) => [pgPolicy("own_rows", { for: "select", using: sql\`true\` }), pgPolicy("odd", { using: sql\`\${process.argv[2]} = 1\` })]);
export const orders = pgTable("orders", { id: integer("id") }).enableRLS();
export const lines = pgTable.withRLS("lines", { id: integer("id"), at: integer("at").default(Number(process.argv[2])) });
export const outside = pgPolicy("outside", { using: sql\`true\` }).link(realtimeMessages);
export const linked = pgPolicy("linked", { using: sql\`true\` }).link(clients);
export const shown = pgView("shown").as((qb) => qb.select().from(clients).for("update"));
export const others = app.view("others", { id: integer("id") }).existing();
export const kept = app.materializedView("kept").as((qb) => qb.select().from(clients).for("update"));
export const sums = pgMaterializedView("sums", { id: integer("id") }).as(sql\`select \${Math.random()} as id\`);
`;

function read(text: string): SchemaModel {
  const { session } = workspace({ "schema.ts": text, "package.json": "{}", "drizzle.config.ts": 'export default { dialect: "postgresql", schema: "./schema.ts" };' });
  const { model, problems } = session.read(session.discover()[0]!);
  assert.deepEqual(problems, []);
  return model;
}

const folder = (format: MigrationFolder["format"], id: string): MigrationFolder => ({ folder: "/p/drizzle", format, dialect: "postgresql", journal: { schema: "drizzle", name: "__drizzle_migrations" }, problems: [], migrations: [{ id, version: "0", up: { file: "/p/drizzle/0.sql", start: 0, end: 0, sql: "" }, checksums: [] }] });

describe("what is not generated", () => {
  const model = read(code);
  const none: SchemaModel = { ...model, source: "database", tables: [], enums: [], views: [] };

  it("tells each thing that the code declares and that does not stand, and nothing that somebody else makes", () => {
    const makes = "which the code declares, is not made. `drizzle-kit generate` makes it, or write it by hand (migrate new --empty).";
    assert.deepEqual(notGenerated({ code: model, before: none, recorded: [], extensions: [], format: "drizzle v0" }), [
      `A schema whose name could not be read, ${makes}`, `The view shown, ${makes}`, `The materialized view app.kept, ${makes}`, `The materialized view sums, ${makes}`, `The role admin, ${makes}`, `A role whose name could not be read, ${makes}`,
      `The policy outside of realtime.messages, ${makes}`, `The policy odd of clients, ${makes}`,
      `The default of lines.at, which the code declares and which cannot be read, is not made. \`drizzle-kit generate\` makes it, or write it by hand (migrate new --empty).`,
    ]);
    assert.deepEqual([model.schemas, model.roles?.map(({ at: _, ...one }) => one)], [["app"], [{ name: "writer", createDatabase: false, createRole: true, inherit: false }, { name: "reader", createDatabase: false, createRole: false, inherit: true, existing: true }]]);
    assert.deepEqual(model.sequences?.map(({ at: _, ...one }) => one), [{ name: { schema: "public", name: "counter" }, type: "bigint", options: { startWith: "5", cache: "2" } }]);
    assert.deepEqual(notGenerated({ code: model, before: none, recorded: [], extensions: [], format: "sql", only: ({ name }) => name === "clients" }), ["The policy odd of clients, which the code declares, is not made. Write it by hand: migrate new --empty."]);
    const sentences = notGenerated({ code: model, before: { ...none, sequences: [{ name: { schema: "public", name: "past" }, type: "bigint" }, ...model.sequences!] }, recorded: [], extensions: [], format: "sql" });
    assert.deepEqual([sentences.at(-1), sentences.length], ["The sequence past stands, and the code does not declare it. Whether it was made by hand is not known, so it stays; to drop it: migrate new --empty.", 10]);
  });

  it("a column that is computed by what cannot be read is left out of a new table, never made as a plain one; with it the table, where something else of it needs the column", () => {
    const computed = `text("path").generatedAlwaysAs(sql.raw(process.argv[2]))`;
    const wanted = read(`import { sql } from "drizzle-orm"; import { index, integer, pgTable, text } from "drizzle-orm/pg-core";
export const free = pgTable("free", { id: integer("id").primaryKey(), path: ${computed} });
export const bound = pgTable("bound", { id: integer("id").primaryKey(), path: ${computed} }, (t) => [index("bound_path").on(t.path)]);
export const checked = pgTable("checked", { id: integer("id").primaryKey(), path: ${computed} }, (t) => [check("short", sql\`length(\${t.path}) < 9\`)]);`.replace("{ index", "{ check, index"));
    const { migrations, refused } = generate({ name: "first", format: "sql", before: { ...none, schemas: [], roles: [], sequences: [] }, wanted });
    assert.deepEqual(migrations.map(({ up }) => up), [['CREATE TABLE "free" (\n  "id" integer NOT NULL,\n  PRIMARY KEY ("id")\n)']]);
    assert.deepEqual(refused.map(({ change }) => [change.kind, change.kind === "add-table" ? change.table.name.name : change.kind === "add-column" ? `${change.table.name}.${change.column.name}` : ""]), [["add-column", "free.path"], ["add-table", "bound"], ["add-table", "checked"]]);
    assert.deepEqual(migrations[0]!.after.tables.map(({ columns }) => columns.map(({ name }) => name)), [["id"]]);
  });

  it("what may be one whose name or options could not be read is neither dropped nor altered", () => {
    const recorded = (name: string): Role => ({ name, createDatabase: true, createRole: false, inherit: true });
    const before: SchemaModel = { ...none, schemas: ["app", "past"], roles: [recorded("admin"), recorded("old"), recorded("reader")] };
    const changesTo = (wanted: SchemaModel) => declaredChanges(before, withReadDeclared(wanted, before)).map((change) => [change.kind, nameBesideTables(change)?.name]);
    assert.deepEqual(changesTo(model), [["drop-role", "reader"], ["add-role", "writer"]]);
    assert.deepEqual(changesTo(read(code.replace(/export const (nameless|unsaid) .*\n/g, ""))), [["drop-schema", "past"], ["drop-role", "old"], ["drop-role", "reader"], ["add-role", "writer"]]);
  });

  it("tells the extensions of a Prisma schema that no migration of the folder makes, and its views", () => {
    const files = workspace({ "prisma/schema.prisma": 'datasource db {\n  provider   = "postgresql"\n  extensions = [pgcrypto, uuid_ossp(map: "uuid-ossp", schema: "auth")]\n}\nmodel A {\n  id Int @id\n}\nview Shown {\n  id Int @unique\n  @@map("shown")\n}\n' }).files;
    const session = prisma.open(files);
    const { model: schema } = session.read(session.discover()[0]!);
    assert.deepEqual(notGenerated({ code: schema, before: schema, recorded: [], extensions: ["pgcrypto"], format: "prisma" }), [
      "The extension uuid-ossp, which the code declares, is not made. `prisma migrate dev` makes it, or write it by hand (migrate new --empty).",
      "The view shown, which the code declares, is not made. Write it by hand: migrate new --empty.",
    ]);
  });

  it("what stands by its name is not compared, which is told; a view that only the snapshot has is dropped, and not told", () => {
    const standing: SchemaModel = { ...none, tables: model.tables, views: [{ name: { schema: "public", name: "shown" }, materialized: false, definition: "select 1" }, { name: { schema: "app", name: "kept" }, materialized: true, definition: "select 1" }, { name: { schema: "public", name: "sums" }, materialized: true, definition: "select 1" }] };
    const compared = "Whether the view shown, the materialized view app.kept, the materialized view sums, the role admin or the policy odd of clients have changed was not compared. `drizzle-kit generate` finds that.";
    assert.deepEqual(notGenerated({ code: model, before: standing, recorded: [{ what: "role", name: { schema: null, name: "admin" } }], extensions: [], format: "drizzle v0" }), [...["A schema", "A role"].map((what) => `${what} whose name could not be read, which the code declares, is not made. \`drizzle-kit generate\` makes it, or write it by hand (migrate new --empty).`), `The policy outside of realtime.messages, which the code declares, is not made. \`drizzle-kit generate\` makes it, or write it by hand (migrate new --empty).`, compared]);
    const bare = read(code.replace(/export const (shown|linked|outside) .*\n/g, ""));
    const v0 = workspace({ "drizzle/meta/0000_snapshot.json": JSON.stringify({ version: "7", views: { "public.shown": { name: "shown", schema: "public", materialized: false, isExisting: false }, "app.others": { name: "others", schema: "app", isExisting: true } }, sequences: { "public.counter": { name: "counter", schema: "public" } }, tables: {
      "public.clients": { name: "clients", schema: "", policies: { linked: { name: "linked" } }, isRLSEnabled: true }, "public.orders": { name: "orders", schema: "", policies: {}, isRLSEnabled: true }, "public.past": { name: "past", schema: "", policies: { old: { name: "old" } }, isRLSEnabled: true },
    } }) });
    const v1 = workspace({ "drizzle/1_a/snapshot.json": JSON.stringify({ type: "base", version: "9", id: "a", prevIds: [], ddl: [
      { schema: "public", name: "shown", materialized: false, isExisting: false, entityType: "views" }, { schema: "public", table: "clients", name: "linked", entityType: "policies" }, { schema: "public", table: "past", name: "old", entityType: "policies" },
      { schema: "public", name: "orders", isRlsEnabled: true, entityType: "tables" }, { schema: "public", name: "counter", entityType: "sequences" }, { schema: "public", name: "clients", isRlsEnabled: true, entityType: "tables" },
    ] }) });
    for (const [format, { files }] of [["drizzle v0", v0], ["drizzle v1", v1]] as const) {
      const recorded = recordedObjects({ ...folder(format, "0000_a"), folder: `${files.root}/drizzle` }, files);
      assert.ok(recorded.some(({ what, name }) => what === "sequence" && name.name === "counter"), format);
      assert.deepEqual(notGenerated({ code: bare, before: standing, recorded, extensions: [], format }).filter((sentence) => !/role admin|whose name|^Whether/.test(sentence)), [], format);
      assert.deepEqual(ownersRecord(recorded).views, [{ schema: "public", name: "shown" }], format);
    }
  });

  it("schemas and roles that a folder of plain SQL has made and the code does not declare stay, and that is said", () => {
    const declaring = (roles: string): SchemaModel => read(`import { integer, pgRole, pgSchema, pgTable } from "drizzle-orm/pg-core";\nexport const app = pgSchema("app");\nexport const used = pgSchema("used").table("one", { id: integer("id") });\n${roles}`);
    const said = (roles: string): readonly string[] => {
      const schema = declaring(roles), plain = { createDatabase: false, createRole: false, inherit: true };
      const made = { schemas: new Set(["app", "used", "gone"]), roles: new Map([["writer", plain], ["former", plain]]) };
      return notGenerated({ code: schema, before: { ...schema, source: "database" }, recorded: [], made, extensions: [], format: "sql" }).map((sentence) => sentence.split(", which")[0]!);
    };
    assert.deepEqual(said('export const writer = pgRole("writer");'), ["The schema gone", "The role former"]);
    assert.ok(!said("export const nameless = pgRole(process.argv[3]!);").includes("The role former"), "of a role whose name cannot be read nobody knows which it is");
  });
});
