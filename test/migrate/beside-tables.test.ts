// `diff` beside tables: sequences, views, policies, schemas and roles of Drizzle's code against a database of another version
// than the one that is asked about spellings.
import assert from "node:assert/strict";
import { readNames } from "../../server/src/databases/declared";
import { openPostgres } from "../../server/src/databases/postgres/open";
import { besideTables, type ComparedSide } from "../../server/src/migrate/operations/beside-tables";
import { changeText } from "../../server/src/report/change-text";
import { runtime, temporaryFolder } from "../database/embedded/runtime";
import { settingsOf } from "../database/servers";
import { startPostgres, type Postgres } from "../oracles/postgres";
import { workspace, readFiles } from "../unit/drizzle/memory-files";

const schema = `import { gt, sql } from "drizzle-orm";
import { boolean, integer, pgMaterializedView, pgPolicy, pgRole, pgSchema, pgSequence, pgTable, pgView, text } from "drizzle-orm/pg-core";
export const reader = pgRole("beside_reader", { createDb: true });
export const missing = pgRole("beside_missing");
export const archive = pgSchema("archive");
export const counter = pgSequence("counter", { startWith: 5 });
export const clients = pgTable("clients", { id: integer("id").primaryKey(), email: text("email").notNull(), shown: boolean("shown").notNull() }, (t) => [
  pgPolicy("readable", { for: "select", to: reader, using: sql\`\${t.shown} and email like '%x'\` }),
  pgPolicy("unreadable", { for: "select", using: sql\`nowhere(\${t.id})\` }),
]);
export const shown = pgView("shown").as((qb) => qb.select({ id: clients.id, email: clients.email }).from(clients).where(gt(clients.id, 5)));
export const stored = pgMaterializedView("stored").as((qb) => qb.select({ id: clients.id }).from(clients));
`;
const made = `create schema archive; create role beside_reader createdb; create role beside_missing; create sequence counter start 5;
create table clients (id integer primary key, email text not null, shown boolean not null); alter table clients enable row level security;
create function nowhere(integer) returns boolean language sql as 'select true';
create policy readable on clients for select to beside_reader using (shown and email like '%x'); create policy unreadable on clients for select using (nowhere(id));
create view shown as select id, email from clients where id > 5; create materialized view stored as select id from clients;`;
const other = `drop schema archive; alter role beside_reader nocreatedb; drop role beside_missing; alter sequence counter start 7;
create or replace view shown as select id, email from clients where id > 6; drop materialized view stored;
alter policy readable on clients using (email like '%x' or shown); alter policy unreadable on clients using (not nowhere(id));
create view hand as select 1 as a; create sequence others; create policy hand on clients using (true); create schema elsewhere; create view elsewhere.far as select 1 as a; create role beside_other`;

describe("diff, beside tables", function () {
  this.timeout(120_000);
  let server: Postgres;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server?.stop());

  it("tells what differs, what stands undeclared, and what cannot be told; what is spelled otherwise is none", async () => {
    const { files } = workspace({});
    const code = readFiles({ "schema.ts": schema }).model;
    const cache = temporaryFolder();
    const database = await openPostgres(settingsOf(server.connection));
    const compared = async (): Promise<{ readonly lines: readonly string[]; readonly notes: readonly string[] }> => {
      const standing: ComparedSide = { model: (await database.read()).model, names: (await readNames(database))! };
      const { changes, notes } = await besideTables({ model: code }, standing, { files, scratch: { folder: "/w", runtime: await runtime(), cache } });
      return { lines: changes.map(changeText).map(({ sign, subject, text }) => `${sign} ${subject}: ${text}`), notes };
    };
    try {
      await server.query(made);
      assert.deepEqual(await compared(), { lines: [], notes: [] });
      await server.query(other);
      const { lines, notes } = await compared();
      assert.deepEqual(lines, [
        "~ counter: sequence (start with 7) → sequence (start with 5)",
        "~ shown: view: query",
        "+ stored: materialized view",
        "~ clients: policy readable as permissive for select to beside_reader using (((email ~~ '%x'::text) OR shown)) → policy readable as permissive for select to beside_reader using (\"clients\".\"shown\" and email like '%x')",
        "+ archive: schema",
        "~ beside_reader: role → role (createdb)",
        "+ beside_missing: role",
      ]);
      assert.deepEqual(notes, [
        "These stand and the code does not declare them, so that they were not compared: the sequence others, the view hand and the policy hand of clients.",
        "Whether the policy unreadable of clients differs could not be told: the embedded database lacks what it needs.",
      ]);
    } finally {
      await database.close();
    }
  });
});
