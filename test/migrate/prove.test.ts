// Generated migrations are carried out on the embedded database before they are reported: what holds is proved, what does
// not is told, and what cannot run there is never called proved.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { defaults } from "../../server/src/config";
import { formats } from "../../server/src/migrate/folders/formats";
import type { WrittenFile } from "../../server/src/migrate/folders/folder-format";
import { openOperations } from "../../server/src/migrate/operations/open";
import type { GenerateRequest, GeneratedFiles, Operations } from "../../server/src/migrate/operations/operations";
import { concernedBy } from "../../server/src/migrate/prove/concerned";
import { proveGenerated, type GeneratedProof } from "../../server/src/migrate/prove/generated";
import type { Proof } from "../../server/src/migrate/proof";
import type { Change } from "../../server/src/model/change";
import type { MigrationFormat } from "../../server/src/model/migration";
import type { Table } from "../../server/src/model/schema";
import { refusalText } from "../../server/src/report/change-text";
import { loadSqlParser } from "../../server/src/sql/load";
import { runtime, temporaryFolder } from "../database/embedded/runtime";
import { workspace } from "../unit/drizzle/memory-files";

const imports = 'import { index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";\n';
const config = 'export default { dialect: "postgresql", schema: "./schema.ts" };';
const clients = 'export const clients = pgTable("clients", { id: integer("id").primaryKey(), email: text("email").notNull() });\n';
const wanted = `${imports}${clients}export const orders = pgTable("orders", { id: integer("id").primaryKey(), clientId: integer("client_id").notNull().references(() => clients.id), note: text("note") }, (table) => [index("orders_client_id_idx").on(table.clientId)]);\n`;
const first = 'create table "clients" ("id" integer primary key not null, "email" text not null);\ncreate table "orders" ("id" integer primary key not null, "client_id" integer not null, "obsolete" text);';

/** A folder of each format whose one migration is `sql`. */
const folderFiles: Readonly<Record<"drizzle v0" | "prisma" | "sql", (sql: string) => Readonly<Record<string, string>>>> = {
  "drizzle v0": (sql) => ({
    "migrations/0000_first.sql": sql, "migrations/meta/_journal.json": '{"version":"7","dialect":"postgresql","entries":[{"idx":0,"version":"7","when":1700000000000,"tag":"0000_first","breakpoints":true}]}',
    "migrations/meta/0000_snapshot.json": '{"id":"00000000-0000-4000-8000-000000000001","prevId":"00000000-0000-0000-0000-000000000000","version":"7","dialect":"postgresql","tables":{},"enums":{},"schemas":{},"sequences":{},"roles":{},"policies":{},"views":{},"_meta":{"columns":{},"schemas":{},"tables":{}}}',
  }),
  prisma: (sql) => ({ "migrations/20240101000000_first/migration.sql": sql, "migrations/migration_lock.toml": 'provider = "postgresql"\n' }),
  sql: (sql) => ({ "migrations/0001_first.up.sql": sql, "migrations/0001_first.down.sql": "select 1;" }),
};

describe("the proof of a generated migration", function () {
  this.timeout(300_000);
  const cache = temporaryFolder();
  let embedded: string;
  /** What is then damaged. */
  let whole: GeneratedFiles | undefined;
  before(async () => {
    embedded = await runtime();
  });

  function project(texts: Readonly<Record<string, string>>) {
    const { files, session } = workspace({ "schema.ts": wanted, "drizzle.config.ts": config, ...texts });
    const { model: schema, problems } = session.read(session.discover()[0]!);
    const operations: Operations = openOperations({ files, config: defaults, folder: "/w/migrations", schema: () => schema, problems: () => problems, embedded: { runtime: embedded, cache }, by: "a test", now: () => new Date("2026-01-01T00:00:00Z") });
    return { files, schema, operations };
  }
  const generated = (texts: Readonly<Record<string, string>>, request: Partial<GenerateRequest> = {}): Promise<GeneratedFiles> => project(texts).operations.generate({ name: "second", renames: {}, ...request });

  for (const format of ["drizzle v0", "prisma", "sql"] satisfies readonly MigrationFormat[])
    it(`holds for a folder of ${format}: several files, a concurrent index among them`, async () => {
      const made = await generated(folderFiles[format](first), { renames: { "orders.obsolete": null } });
      assert.deepEqual(made.questions, []);
      assert.ok(made.migrations.length >= 2, JSON.stringify(made.migrations.map(({ name }) => name)));
      assert.deepEqual([made.proof, made.unproved], [[], undefined]);
    });

  it("does not stumble over roles that are there on a server before any migration", async () => {
    const made = await generated(folderFiles.sql(`${first}\ngrant select on orders to reporting;\ncreate policy own on orders to "web user" using (true);`), { renames: { "orders.obsolete": null } });
    assert.deepEqual([made.proof, made.unproved], [[], undefined]);
  });

  const secured = `import { sql } from "drizzle-orm"; import { authenticatedRole, authUid, authUsers } from "drizzle-orm/supabase"; import { pgPolicy, pgTable, text, uuid } from "drizzle-orm/pg-core";
export const notes = pgTable("notes", { id: uuid("id").primaryKey(), owner: uuid("owner").notNull().references(() => authUsers.id), body: text("body") }, (t) => [
  pgPolicy("own", { to: authenticatedRole, using: sql\`\${t.owner} = \${authUid}\` }), pgPolicy("shared", { for: "select", to: authenticatedRole, using: sql\`exists (select 1 from \${shares} where \${shares.note} = \${t.id} and \${shares.reader} = auth.uid())\` }),
]);
export const shares = pgTable("shares", { note: uuid("note"), reader: uuid("reader") }).enableRLS();
`;
  const notes = `create table notes (id uuid primary key, owner uuid not null constraint notes_owner_users_id_fk references auth.users (id), body text);\nalter table notes enable row level security;\ncreate policy own on notes to authenticated using (owner = (select auth.uid()));\ngrant select on notes to anon;`;

  it("has stand-ins for what Supabase gives, and says so; a policy that is written otherwise is the same one, or another", async () => {
    const made = await generated({ "schema.ts": secured, ...folderFiles.sql(notes) });
    assert.deepEqual([made.refused, made.questions, made.proof, made.unproved], [[], [], [], undefined]);
    assert.deepEqual(made.proofNotes, ["auth.uid() and auth.users, which the provider gives, were empty stand-ins on the embedded database."]);
    assert.deepEqual(made.migrations.flatMap(({ changes }) => changes.map(({ kind }) => kind)), ["add-table", "add-policy"]);
    assert.deepEqual(made.notGenerated, ["Whether the policy own of notes has changed was not compared."]);
    const { files } = project({ "schema.ts": secured, ...folderFiles.sql(notes) });
    const input: GeneratedProof = { folder: formats.sql.read("/w/migrations", files)!, files, made: made.migrations, written: made.written.map(replaced(/(reader"? = auth\.uid\(\))/, "$1 and true")), from: "folder" };
    assert.deepEqual(await proveGenerated(input, { runtime: embedded, parser: await loadSqlParser() }), { kind: "failed", problems: ["After it has run, the schema is not as wanted: notes, policy shared is otherwise."] });
  });

  it("has the extensions that no migration makes, and says so; a column, table or type that is called like one needs none", async () => {
    const made = await generated({ "schema.ts": `${imports}import { customType, vector } from "drizzle-orm/pg-core"; const citext = customType<{ data: string }>({ dataType: () => "citext" });\n${clients.replace('text("email").notNull()', 'citext("email").notNull(), cube: integer("cube")')}export const seg = pgTable("seg", { isbn: text("isbn") }, (table) => [index("seg_isbn").using("gin", table.isbn.op("gin_trgm_ops"))]);\nexport const items = pgTable("items", { embedding: vector("embedding", { dimensions: 1536 }) }, (table) => [index("items_nearest").using("hnsw", table.embedding.op("vector_cosine_ops"))]);\n`, ...folderFiles.sql("create type ltree as enum ('a');\ncreate table seg (isbn text, kind ltree);\ncomment on table seg is 'hstore, cube';\ngrant select on seg to reporting;") }, { renames: { "seg.kind": null, "ltree": null } });
    assert.deepEqual([made.refused, made.questions, made.proof, made.unproved], [[], [], [], undefined]);
    assert.deepEqual(made.proofNotes, ["citext", "pg_trgm", "vector"].map((name) => `No migration makes the extension "${name}": on a database without it this fails. Make it first: migrate new --empty with CREATE EXTENSION IF NOT EXISTS "${name}".`));
    const places = await generated({ "schema.ts": 'import { geometry, pgTable } from "drizzle-orm/pg-core"; export const places = pgTable("places", { at: geometry("at") });\n' });
    assert.deepEqual([places.proof, places.unproved], [undefined, 'The embedded database has no extension "postgis", and no migration makes it: on a database without it this fails. Make it first: migrate new --empty with CREATE EXTENSION IF NOT EXISTS "postgis".']);
  });

  it("compares with drizzle-kit's own record where the embedded database lacks an extension, and proves what needs none of it", async () => {
    const places = (more: string, note: string): string => `${imports}import { geometry } from "drizzle-orm/pg-core";\n${clients}export const places = pgTable("places", { id: integer("id").primaryKey(), at: geometry("at"), ${more} });\nexport const notes = pgTable("notes", { id: integer("id").primaryKey(), ${note} });\n`;
    const written = ({ written }: GeneratedFiles): Readonly<Record<string, string>> => Object.fromEntries(written.map(({ file, text }) => [file.replace("/w/", ""), text]));
    const begun = await generated({ "schema.ts": places("", "") }, { proof: false });
    const next = await generated({ ...written(begun), "schema.ts": places("", 'body: text("body")') });
    assert.match(next.compared!, /^Compared with drizzle-kit's own record of the migrations in \/w\/migrations, since the embedded database cannot run them all: \S+\.sql:\d+: "CREATE TABLE "places" .* it has no extension "postgis", and no migration makes it\.$/);
    assert.deepEqual([next.refused, next.questions, next.migrations.flatMap(({ changes }) => changes.map(({ kind }) => kind))], [[], [], ["add-column"]]);
    assert.deepEqual([next.proof, next.unproved, next.proofPart], [[], undefined, { tables: 1, of: 3 }]);
    const last = await generated({ ...written(begun), ...written(next), "schema.ts": places('name: text("name")', 'body: text("body")') });
    assert.deepEqual([last.migrations.flatMap(({ changes }) => changes.map(({ kind }) => kind)), last.proof], [["add-column"], undefined]);
    assert.match(last.unproved!, /could not be made on the embedded database: extension "postgis" is not available/);
    const { files } = project({ ...written(begun), ...written(next), ...written(last) });
    // Without code, a database that is to be recorded as migrated is held against the record.
    const byFolder = openOperations({ files, config: defaults, folder: "/w/migrations", schema: () => undefined, embedded: { runtime: embedded, cache }, by: "a test", now: () => new Date() });
    await assert.rejects(byFolder.baseline({ target: { kind: "embedded" }, lossesConfirmed: false }), /differs from what the files in \/w\/migrations lead to.*\n {2}\+ clients\n/);
    // Nobody has recorded what plain SQL leads to.
    await assert.rejects(generated({ ...folderFiles.sql("create table places (at geometry);"), "schema.ts": places("", "") }), /do not run on an empty database, .* it has no extension "postgis"/);
  });

  async function proofOf(damage: (file: WrittenFile) => WrittenFile, sql = first): Promise<Proof> {
    const { files } = project(folderFiles.sql(sql));
    whole ??= await generated(folderFiles.sql(first), { renames: { "orders.obsolete": null } });
    const input: GeneratedProof = { folder: formats.sql.read("/w/migrations", files)!, files, made: whole.migrations, written: whole.written.map(damage), from: "folder" };
    return proveGenerated(input, { runtime: embedded, parser: await loadSqlParser() });
  }
  const replaced = (from: RegExp, to: string, in_ = /\.up\.sql$/) => (one: WrittenFile): WrittenFile => (in_.test(one.file) ? { ...one, text: one.text.replace(from, to) } : one);

  it("knows a view made by hand over what is renamed, and leaves out what that view is in the way of", async () => {
    const view = 'create view "shown" as select clients.id, o.obsolete, o.client_id from clients join orders o on o.client_id = clients.id;';
    const code = `${imports}export const customers = pgTable("customers", { id: integer("id").primaryKey(), email: text("email").notNull() });\nexport const orders = pgTable("orders", { id: integer("id").primaryKey(), customerId: integer("customer_id"), obsolete: integer("obsolete") });\n`;
    const made = await generated({ ...folderFiles["drizzle v0"](`${first}\n${view}`), "schema.ts": code }, { renames: { clients: "customers", "orders.client_id": "customer_id" } });
    assert.deepEqual([made.questions, made.proof], [[], []]);
    assert.deepEqual(made.refused.map(refusalText), ["orders, column obsolete: type text → integer: The view shown reads it, and cannot be made again beside a new name of what it reads. Do this in a migration after the renames."]);
    assert.doesNotMatch(made.migrations.map(({ up }) => up.join("\n")).join("\n"), /shown/);
  });

  const peopled = (others: string): string => `${imports}import { pgPolicy, pgRole, pgSchema } from "drizzle-orm/pg-core";\n${others}export const kept = pgSchema("kept");\n${clients.replace(" });", " }, () => [pgPolicy(\"own\", { to: writer })]);")}`;

  it("roles and schemas that nothing stands in are made, altered and renamed, by what the folder's files have made of them so far; one that is otherwise fails", async () => {
    const standing = 'create table "clients" ("id" integer primary key not null, "email" text not null);\ncreate schema kept;\ncreate role pen createrole;\ndo $$begin if not exists (select from pg_roles where rolname = \'pen\') then create role pen; end if; end$$;\nalter role pen rename to writer;\ncreate role gone;\ndrop role gone;';
    const code = peopled('export const writer = pgRole("writer", { inherit: false });\nexport const gone = pgRole("gone");\nexport const spare = pgSchema("spare");\n');
    const texts = { "schema.ts": code, ...folderFiles.sql(standing) };
    const made = await generated(texts);
    assert.deepEqual([made.refused, made.questions, made.proof, made.unproved, made.notGenerated], [[], [], [], undefined, undefined]);
    assert.deepEqual(made.migrations.flatMap(({ changes }) => changes.map(({ kind }) => kind)), ["add-schema", "alter-role", "add-role", "enable-row-security", "add-policy"]);
    assert.deepEqual(made.migrations.flatMap(({ down }) => [down].flat().flatMap((sql) => sql.match(/^-- The (?:schema|role) .*/gm) ?? [])), ['-- The schema "spare" stays: it may have been there before.', '-- The role "gone" stays: it is of the whole server, and may have been there before.']);
    const { files, schema } = project(texts);
    const input: GeneratedProof = { folder: formats.sql.read("/w/migrations", files)!, files, made: made.migrations, written: made.written.map(replaced(/ NOCREATEROLE/, "")), from: "folder" };
    assert.deepEqual(await proveGenerated(input, { runtime: embedded, parser: await loadSqlParser() }), { kind: "failed", problems: ["After it has run, the schema is not as wanted: writer, role (createrole noinherit) → role (noinherit) is otherwise."] });
    const renamed = await generated({ ...texts, "schema.ts": peopled('export const writer = pgRole("author", { inherit: false });\n') }, { from: schema, renames: { writer: "author", gone: null } });
    assert.deepEqual([renamed.refused, renamed.questions, renamed.proof, renamed.unproved], [[], [], [], undefined]);
    assert.deepEqual(renamed.migrations.flatMap(({ changes, losses }) => [...changes.map(({ kind }) => kind), ...losses]), ["rename-role", "drop-schema", "drop-role", "The role gone is dropped on the whole server, with its password, its memberships and what was set for it."]);
  });

  it("makes nothing of a schema with a syntax error, and names its place; what is written by hand needs none", async () => {
    const broken = { "schema.ts": wanted.replace('text("note")', 'text("note"),\n    .notNull()') };
    await assert.rejects(generated(broken), { message: "schema.ts:4: Syntax error: Identifier expected. Nothing is compared or made of a schema with such an error: mend that first." });
    assert.equal((await generated(broken, { empty: true })).migrations.length, 0);
  });

  it("fails where up does not lead to the schema", async () => {
    const proof = await proofOf(replaced(/ADD COLUMN "note" text/i, 'ADD COLUMN "note" integer'));
    assert.ok(proof.kind === "failed" && /orders, column note: type integer → text is otherwise/.test(proof.problems.join()), JSON.stringify(proof));
  });

  it("fails where a statement fails, with its file and line", async () => {
    const proof = await proofOf(replaced(/ADD COLUMN "note"/i, 'ADD COLUMN "id"'));
    assert.ok(proof.kind === "failed" && /migrations\/\S+\.up\.sql:\d+: .*column "id" of relation "orders" already exists/.test(proof.problems.join()), JSON.stringify(proof));
  });

  it("fails where down leaves something behind, and where it takes too much", async () => {
    const left = await proofOf(replaced(/DROP COLUMN "note"/i, 'ALTER COLUMN "note" SET DEFAULT 5', /\.down\.sql$/));
    assert.ok(left.kind === "failed" && left.problems.some((problem) => problem.startsWith("After it has been taken back, the column public.orders.note is there, which was not there before")), JSON.stringify(left));
    const trigger = `${first}\ncreate function noted() returns trigger language plpgsql as $$ begin return new; end $$;\ncreate trigger noted before insert on orders for each row execute function noted();`;
    const taken = await proofOf(replaced(/DROP COLUMN "note"/i, 'DROP COLUMN "note"; DROP TRIGGER noted ON orders', /\.down\.sql$/), trigger);
    assert.ok(taken.kind === "failed" && taken.problems.some((problem) => /the trigger public\.orders\.noted is missing/.test(problem)), JSON.stringify(taken));
  });

  it("says which statement the embedded database cannot run, and does not call that proved", async () => {
    const proof = await proofOf(replaced(/ALTER TABLE/, 'CREATE EXTENSION "postgis";\nALTER TABLE'));
    assert.ok(proof.kind === "not proved" && /migrations\/\S+\.up\.sql:\d+: .*no extension "postgis"/.test(proof.why), JSON.stringify(proof));
  });

  it("is not claimed for what is yet to be written by hand", async () => {
    const made = await generated(folderFiles.sql(first), { empty: true });
    assert.equal(made.proof, undefined);
    assert.match(made.unproved!, /written by hand/);
    assert.deepEqual(made.written.map(({ file }) => file), ["/w/migrations/0002_second.up.sql", "/w/migrations/0002_second.down.sql", "/w/migrations/0002_second.verify.sql"]);
  });

  it("leaves no process of the embedded database behind, where it had begun one and nothing differs as well", async () => {
    const all = (): readonly string[] => readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, "utf8").trim().split(" ");
    const before = all();
    const added = () => all().filter((child) => !before.includes(child)).length;
    const { schema, operations } = project({});
    const begun = operations.begin({ proof: true });
    assert.equal(added(), 1);
    const same = await operations.generate({ name: "none", from: schema, begun });
    assert.deepEqual([same.written, same.proof, same.unproved], [[], undefined, undefined]);
    await begun.close();
    assert.deepEqual((await operations.generate({ name: "none", from: schema })).written, []);
    assert.equal(added(), 0);
  });

  it("starts from another schema where that is named", async () => {
    const { schema } = project({ "schema.ts": `${imports}${clients}` });
    const made = await generated({}, { from: schema });
    assert.deepEqual([made.proof, made.unproved], [[], undefined]);
  });

  describe("of a few tables of many", () => {
    /** A chain: each table refers to the one before. */
    const chain = (changed: string, at: number) => imports + Array.from({ length: 12 }, (_, i) => `export const t${i} = pgTable("t${i}", { id: integer("id").primaryKey(), before: integer("before_id")${i > 0 ? `.references(() => t${i - 1}.id)` : ""}, note: text("note").notNull() }, (table) => [index("note${i}_idx").on(table.note)${i === at ? changed : ""}]);\n`).join("");
    const from = () => project({ "schema.ts": chain("", -1) }).schema;

    for (const { what, index, part } of [
      { what: "is carried out with what foreign keys join to them, and says so", index: ', index("both_idx").on(table.before, table.note)', part: { tables: 3, of: 12 } },
      { what: "takes in a table that is merely named", index: ', index("both_idx").on(table.before).where(sql`note <> \'t8\'`)', part: { tables: 6, of: 12 } },
    ])
      it(what, async () => {
        const text = chain(index, 4).replace('"drizzle-orm/pg-core";', '"drizzle-orm/pg-core";\nimport { sql } from "drizzle-orm";');
        const made = await project({ "schema.ts": text }).operations.generate({ name: "second", renames: {}, from: from() });
        assert.deepEqual([made.proof, made.unproved, made.proofPart], [[], undefined, part]);
      });

    it("meets the index elsewhere that has its name already", async () => {
      const made = await project({ "schema.ts": chain(', index("note8_idx").on(table.before)', 4) }).operations.generate({ name: "second", renames: {}, from: from() });
      assert.equal(made.proofPart, undefined);
      assert.match(made.proof!.join(), /There is public\.note8_idx already/);
    });

    it("is not enough where an enum changes, or most tables do", () => {
      const before = from();
      const part = (changes: readonly Change[], ...texts: string[]) => concernedBy(before, changes, before, texts)?.before.tables.map(({ name, foreignKeys }) => `${name.name} ${foreignKeys.length}`);
      const drop = ({ name, indexes: [index] }: Table): Change => ({ kind: "drop-index", table: name, index: index! });
      assert.deepEqual(part([drop(before.tables[4]!)]), ["t3 0", "t4 1", "t5 1"]);
      assert.deepEqual(part([], "select 1 from T0"), ["t0 0", "t1 1"]);
      assert.deepEqual(part([{ kind: "add-enum", enum: { name: { schema: null, name: "mood" }, values: ["fine"] } }]), undefined);
      assert.deepEqual(part(before.tables.map(drop)), undefined);
    });
  });
});
