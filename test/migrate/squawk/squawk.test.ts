// squawk as judge of what is generated for random pairs of schemas: every file passes it, but for the rules in one table.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MigrationFormat } from "../../../server/src/model/migration";
import { loadSqlParser } from "../../../server/src/sql/load";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { Pairs } from "../random/pair";

type Kind = "concurrent" | "in a transaction" | "new things alone";

const asked = "it is what the schema asks for, marked where it loses data or rewrites";

/** Rules that a file may break, with the reason. */
const exceptions: readonly { readonly rules: readonly string[]; readonly formats?: readonly MigrationFormat[]; readonly kinds?: readonly Kind[]; readonly why: string }[] = [
  { rules: ["ban-drop-column", "ban-drop-table", "ban-drop-not-null", "changing-column-type", "ban-char-field", "prefer-bigint-over-int", "prefer-bigint-over-smallint", "prefer-text-field", "prefer-timestamp-tz", "prefer-identity"], why: asked },
  { rules: ["adding-field-with-default"], why: "a generated or identity column can only be added by a rewrite; the file says so" },
  { rules: ["adding-not-nullable-field"], why: "SET NOT NULL stands behind a validated check, which PostgreSQL takes for the proof; squawk does not see the file before" },
  { rules: ["adding-required-field"], why: "the column is computed: no row lacks a value" },
  { rules: ["require-concurrent-index-creation", "require-concurrent-index-deletion", "require-lock-timeout", "require-statement-timeout"], formats: ["drizzle v0"], kinds: ["concurrent", "in a transaction"], why: "drizzle-orm runs the file in a transaction; Plumbline's runner builds the index concurrently and sets the timeouts" },
  { rules: ["require-lock-timeout", "require-statement-timeout"], formats: ["prisma"], kinds: ["concurrent"], why: "Prisma runs CONCURRENTLY only as the file's sole statement; the runner sets the timeouts" },
  { rules: ["require-concurrent-index-creation", "require-concurrent-index-deletion"], kinds: ["in a transaction"], why: "an index goes in the same moment as the type of its column, whose table is rewritten" },
  { rules: ["require-lock-timeout", "require-statement-timeout"], kinds: ["new things alone"], why: "what nobody knows yet, nobody waits for" },
];

const formats = ["drizzle v0", "sql", "prisma"] as const;

/** What random pairs have none of: values renamed and others that come and go, sequences, names that change places. */
const rare = {
  first: `create type sales.state as enum ('open', 'paid', 'void'); create type sales.kind as enum ('a', 'b'); create sequence sales.numbers; create sequence sales.past;
    create table sales.orders (id int primary key, state sales.state not null default 'open', kind sales.kind, amount int); create index orders_one on sales.orders (amount); create index orders_two on sales.orders (kind)`,
  second: `create type sales.state as enum ('fresh', 'paid'); create type sales.kind as enum ('a', 'c'); create sequence sales.numbers increment by 5; create sequence sales.fresh cache 3;
    create table sales.orders (id int primary key, state sales.state not null default 'fresh', kind sales.kind, amount int, number bigint default nextval('sales.fresh')); create index orders_two on sales.orders (amount); create index orders_one on sales.orders (kind)`,
  renames: { "sales.state.open": "fresh", "sales.kind.b": "c", "sales.state.void": null },
};

const pinned = join(__dirname, "node_modules/@squawk-cli/linux-x64/bin/squawk");
const squawk = existsSync(pinned) ? pinned : "squawk";

describe("squawk beside what is generated", function () {
  let server: Postgres;
  before(async () => { server = await startPostgres(); });
  after(() => server?.stop());

  it("passes every file, but for the rules in the table", async () => {
    const folder = mkdtempSync(join(tmpdir(), "plumbline-squawk-"));
    const pairs = await Pairs.open(await server.createDatabase("pairs"), await loadSqlParser());
    try {
      const files = new Map<string, string[]>();
      const said = new Set<string>();
      for (let seed = -1; seed < 25; seed++)
        for (const [format, migrations] of Object.entries(seed < 0 ? await pairs.between(rare.first, rare.second, formats, rare.renames) : await pairs.generated(seed, formats)))
          for (const [at, { up }] of migrations.entries()) {
            const text = up.map((statement) => `${statement};\n`).join("");
            const kind: Kind = /CONCURRENTLY|-- plumbline: concurrently/.test(text) ? "concurrent" : text.includes("lock_timeout") ? "in a transaction" : "new things alone";
            for (const words of ["RENAME VALUE", "CREATE SEQUENCE", "ALTER SEQUENCE", "DROP SEQUENCE", "orders_one_renamed"]) if (text.includes(words)) said.add(`${format} ${words}`);
            if (kind === "new things alone") for (const statement of up) assert.match(statement, /^(CREATE |ALTER TABLE \S+ ADD )/);
            const file = join(folder, `${format.replaceAll(" ", "")}_${seed}_${at}.sql`);
            writeFileSync(file, text);
            const group = `${format}|${kind}`;
            files.set(group, [...(files.get(group) ?? []), file]);
          }
      for (const [group, list] of files) {
        const [format, kind] = group.split("|") as [MigrationFormat, Kind];
        const excluded = exceptions.filter(({ formats, kinds }) => (!formats || formats.includes(format)) && (!kinds || kinds.includes(kind))).flatMap(({ rules }) => rules);
        // Plain files of Drizzle are run in a transaction, those that say CONCURRENTLY in none.
        const inTransaction = kind !== "concurrent" || format === "drizzle v0";
        const { status, stdout, stderr, error } = spawnSync(squawk, [...(inTransaction ? ["--assume-in-transaction"] : []), `--exclude=${excluded.join(",")}`, ...list], { encoding: "utf8" });
        assert.equal(status, 0, `${group}: ${error?.message ?? ""}${stdout.slice(0, 4000)}${stderr.slice(0, 1000)}`);
      }
      assert.equal(said.size, 15, [...said].join(", "));
      assert.equal(files.size, 9, [...files.keys()].join(", "));
      const bad = join(folder, "bad.sql");
      writeFileSync(bad, "CREATE INDEX a ON b (c);\n");
      assert.equal(spawnSync(squawk, [bad]).status, 1);
    } finally {
      await pairs.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
