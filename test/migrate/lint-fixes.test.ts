// Each fix of a rule about migrations, carried out: it leads to the schema and the rows that the file would have led to
// without it, once what it leaves to later migrations in comments has run, too.
import assert from "node:assert/strict";
import { openScratch } from "../../server/src/databases/embedded/scratch";
import type { Session } from "../../server/src/databases/session";
import { differencesOf, fingerprint, type Fingerprint } from "../../server/src/migrate/prove/fingerprint";
import { rules } from "../../server/src/rules/registry";
import { loadSqlParser } from "../../server/src/sql/load";
import type { SqlParser } from "../../server/src/sql/parser";
import { runtime } from "../database/embedded/runtime";
import { fixedTexts, loadParser } from "../rules/cases";

const standing = `
  create table clients (id bigint primary key, email text, name text, code int);
  create table orders (id bigint, client_id bigint, amount int not null, total int, unique (id, amount));
  create table parts (id bigint, order_id bigint, amount int);
  create domain positive as int;
  create index clients_name_idx on clients (name); create index "By code" on clients (code);
  insert into clients values (1, 'a@b.c', 'a', 5), (2, 'd@e.f', 'b', 6); insert into orders values (1, 1, 5, 5), (2, 1, 7, 7)`;

interface FixCase {
  readonly rule: string;
  readonly sql: string;
  /** Of the folder that it stands in; by default all that it can stand in. */
  readonly formats?: readonly Format[];
  /** What a person is to do behind the fix, by its own words. */
  readonly then?: string;
  /** What is meant to be otherwise with it. */
  readonly differs?: readonly RegExp[];
}

type Format = "sql" | "drizzle" | "prisma";

const paths: Readonly<Record<Format, string>> = { sql: "migrations/0001_change.sql", drizzle: "drizzle/0000_change.sql", prisma: "prisma/migrations/20260101000000_change/migration.sql" };
const all = ["sql", "drizzle", "prisma"] as const;

const cases: readonly FixCase[] = [
  { rule: "check-not-valid", sql: "ALTER TABLE orders ADD CONSTRAINT \"Above 0\" CHECK (amount > 0 OR note <> ');'), ADD COLUMN note text" },
  { rule: "check-not-valid", sql: "ALTER TABLE orders ADD CHECK (amount > 0)" },
  { rule: "check-not-valid", sql: "ALTER TABLE orders ADD CHECK (amount <= total)" },
  { rule: "check-not-valid", sql: "ALTER DOMAIN positive ADD CHECK (value > 0)" },
  { rule: "concurrent-if-not-exists", sql: "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS clients_email_idx ON clients (lower(email), code DESC) WHERE code > 0", formats: ["sql", "prisma"] },
  { rule: "concurrent-in-transaction", sql: "CREATE INDEX CONCURRENTLY clients_email_idx ON clients (email)", formats: ["drizzle"] },
  { rule: "concurrent-in-transaction", sql: "DROP INDEX CONCURRENTLY \"By code\"", formats: ["drizzle"] },
  { rule: "concurrent-in-transaction", sql: "SET lock_timeout = '2s';\nCREATE INDEX CONCURRENTLY clients_email_idx ON clients (email)", formats: ["prisma"] },
  { rule: "concurrent-in-transaction", sql: "BEGIN;\nDROP INDEX CONCURRENTLY clients_name_idx;\nCOMMIT", formats: ["sql"] },
  { rule: "delete-without-where", sql: "DELETE FROM orders" },
  { rule: "drop-index-not-concurrent", sql: "DROP INDEX IF EXISTS \"By code\"" },
  { rule: "foreign-key-not-valid", sql: "ALTER TABLE orders ADD FOREIGN KEY (client_id) REFERENCES clients ON DELETE CASCADE, ADD COLUMN note text" },
  { rule: "foreign-key-not-valid", sql: "ALTER TABLE parts ADD FOREIGN KEY (order_id, amount) REFERENCES orders (id, amount) DEFERRABLE INITIALLY DEFERRED" },
  { rule: "index-not-concurrent", sql: "CREATE UNIQUE INDEX ON clients (email) INCLUDE (name)" },
  { rule: "lock-timeout", sql: "ALTER TABLE clients ADD COLUMN note text" },
  { rule: "reindex-not-concurrent", sql: "REINDEX (VERBOSE) TABLE clients", formats: ["sql", "prisma"] },
  { rule: "rename", sql: "ALTER TABLE clients RENAME TO \"Customers\"", differs: [/the view public\.clients is there/] },
  { rule: "required-column", sql: "ALTER TABLE parts ADD COLUMN country text NOT NULL CHECK (country <> 'NOT NULL')", then: "ALTER TABLE parts ALTER country SET NOT NULL" },
  { rule: "set-not-null", sql: "ALTER TABLE orders ALTER client_id SET NOT NULL, ALTER COLUMN total SET NOT NULL" },
  { rule: "unique-not-using-index", sql: "ALTER TABLE clients ADD CONSTRAINT \"One email\" UNIQUE (email, name) DEFERRABLE" },
  { rule: "unique-not-using-index", sql: "ALTER TABLE clients ADD UNIQUE (email) DEFERRABLE INITIALLY DEFERRED" },
  { rule: "unique-not-using-index", sql: "ALTER TABLE orders ADD PRIMARY KEY (id)" },
  { rule: "validate-in-same-transaction", sql: "ALTER TABLE orders ADD CONSTRAINT a CHECK (amount > 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT a", formats: ["sql"] },
  { rule: "volatile-default", sql: "ALTER TABLE clients ADD COLUMN token uuid DEFAULT gen_random_uuid(), ADD COLUMN at timestamptz DEFAULT clock_timestamp()" },
  { rule: "volatile-default", sql: "ALTER TABLE parts ADD COLUMN token text NOT NULL DEFAULT md5(random()::text) || ', NOT NULL'", then: "ALTER TABLE parts ALTER token SET NOT NULL" },
  { rule: "wide-lock", sql: "ALTER TABLE clients ADD COLUMN country text;\nUPDATE clients SET country = 'NL'", formats: ["sql"] },
];

describe("fixes of migrations", function () {
  this.timeout(300_000);
  let session: Session;
  let parser: SqlParser;
  before(async () => {
    await loadParser();
    parser = await loadSqlParser();
    session = await openScratch({ folder: "/projects/shop", runtime: await runtime() });
  });
  after(() => session?.close());

  for (const { rule, sql, formats = all, then = "", differs = [] } of cases)
    it(`${rule}: ${sql}`, async () => {
      const wanted = await ledTo([sql]);
      for (const format of formats) {
        const path = paths[format];
        const fixed = fixedTexts(`migration/${rule}`, { files: { [path]: `${format === "drizzle" ? sql.replaceAll(";\n", ";--> statement-breakpoint\n") : sql};\n` } }).map((texts) => texts.get(path)!);
        assert.ok(fixed.length > 0, `${format}: no fix`);
        for (const text of fixed) {
          const left = [...text.matchAll(/^-- In the (?:next migration|one after it): (.*)$/gm)].map(([, statements]) => statements!);
          const differences = differencesOf(wanted, await ledTo([text, ...left, then]), "With the fix");
          assert.ok(differences.length === differs.length && differs.every((one, at) => one.test(differences[at]!)), `${format}: ${differences.join("\n")}\n${text}`);
        }
      }
    });

  it("are all among these", () => {
    const fixing = [...rules].filter(([id, { bad }]) => id.startsWith("migration/") && fixedTexts(id, { files: bad.migrations! }).length > 0).map(([id]) => id);
    assert.deepEqual([...new Set(cases.map(({ rule }) => `migration/${rule}`))].sort(), fixing.sort());
  });

  /** The schema, and how many rows each table has, after the statements: each runs for itself. */
  async function ledTo(scripts: readonly string[]): Promise<Fingerprint> {
    await session.run(`drop schema public cascade; create schema public; ${standing}`);
    for (const { sql } of scripts.flatMap((script) => parser.parse(script).statements).filter(({ node }) => !("TransactionStmt" in node))) await session.run(sql);
    await session.run(session.reset.join("; "));
    const [, rows] = await session.run("select set_config('search_path', 'public', false); select relname, (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I', relname), false, true, '')))[1]::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace");
    return new Map([...(await fingerprint(session, [])), ...rows!.rows.map(([name, count]) => [`rows of ${name}`, count!] as const)]);
  }
});
