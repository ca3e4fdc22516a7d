// PostgreSQL as the judge of equal expressions: what it prints of an expression must be found the same as what was
// written, and different from what was not.
import assert from "node:assert/strict";
import { sameMeaning } from "../../server/src/compare/expressions/same-meaning";
import { spellingQuestions } from "../../server/src/compare/expressions/spelling";
import { defaults as settings } from "../../server/src/config";
import { openPrinter, printExpressions } from "../../server/src/databases/embedded/printing";
import { openPostgres } from "../../server/src/databases/postgres/open";
import { openProject } from "../../server/src/engine";
import type { Expression, SchemaModel } from "../../server/src/model/schema";
import type { Postgres } from "../oracles/postgres";
import { memoryFiles, root } from "../rules/cases";
import { runtime } from "./embedded/runtime";
import { onEachServer, settingsOf } from "./servers";

const columns: readonly (readonly [name: string, type: string])[] = [
  ["id", "bigint"], ["amount", "numeric(12,2)"], ["rate", "double precision"], ["score", "real"], ["quantity", "integer"], ["small", "smallint"],
  ["name", "text"], ["code", "character varying(20)"], ["flag", "character(1)"], ["status", "order_status"], ["data", "jsonb"], ["tags", "text[]"],
  ["active", "boolean"], ["created_at", "timestamp with time zone"], ["starts_at", "timestamp without time zone"], ["day", "date"], ["deleted_at", "timestamp with time zone"],
  ["firstName", "text"], ["order", "integer"], ["address", "inet"], ["span", "interval"],
];

/** Boolean expressions as people write them. Each must differ from all others of its line, and be what PostgreSQL prints of it. */
const written: readonly (readonly string[])[] = [
  ["amount >= 0", "amount > 0", "amount >= 1", "rate >= 0"],
  ["quantity between 1 and 5", "quantity between 1 and 6", "quantity not between 1 and 5"],
  ["status in ('open', 'paid')", "status not in ('open', 'paid')", "status in ('open')", "status in ('paid', 'open', 'sent')"],
  ["status = 'open'", "status <> 'open'", "status != 'paid'"],
  ["code in ('A', 'B')", "code in ('A', 'C')", "code = any (array['A', 'D'])", "code <> all (array['A', 'B'])"],
  ["name like 'a%'", "name not like 'a%'", "name ilike 'a%'", "name not ilike 'a%'", "code like 'a%'", "name ~ '^a'", "name ~* '^a'", "name !~ '^a'"],
  ["deleted_at is null", "deleted_at is not null", "created_at is null"],
  ["active", "not active", "active is true", "active is not true", "active = true"],
  ["amount > 0 and quantity > 0 and rate > 0", "amount > 0 and (quantity > 0 or rate > 0)", "amount > 0 and quantity > 0 or rate > 0"],
  ["char_length(name) > 3", "length(name) > 3", "length(code) > 3", "length(trim(name)) > 3", "length(trim(leading from name)) > 3"],
  ["lower(name) = name", "lower(code) = code", "upper(name) = name"],
  ["coalesce(amount, 0) >= 0", "coalesce(quantity, 0) >= 0"],
  ["data ->> 'kind' = 'a'", "data -> 'kind' = '\"a\"'", "data @> '{\"a\": 1}'", "data ? 'kind'", "data #>> '{a,b}' = 'x'"],
  ["tags @> array['a']", "'a' = any (tags)", "cardinality(tags) > 0", "tags[1] = 'a'", "tags[2] = 'a'"],
  ["starts_at < '2030-01-01'", "starts_at < timestamp '2031-01-01'", "day < '2030-01-01'", "day < date '2031-01-01'"],
  ["created_at > now()", "created_at > current_timestamp - interval '1 day'", "created_at < now()"],
  ["\"firstName\" <> ''", "name <> ''", "\"firstName\" is distinct from name", "\"firstName\" is not distinct from name"],
  ["\"order\" > 0", "\"order\" >= 0", "t.\"order\" > 1"],
  ["quantity * 2 + 1 > small - 1", "quantity * (2 + 1) > small - 1", "quantity * 2 + 1 > small + 1"],
  ["quantity > -1", "quantity > 1", "amount > -1.5", "rate > 1e3", "score > 0.5", "rate > -1e3"],
  ["case when active then amount > 0 else amount = 0 end", "case when active then amount > 0 end", "case status when 'open' then true else false end"],
  ["extract(year from created_at) > 2000", "extract(month from created_at) > 2000"],
  ["cast(quantity as text) = '1'", "quantity::text = '2'", "quantity::bigint = 1"],
  ["created_at::date = day", "created_at = day", "starts_at::date = day"],
  ["span > interval '1 hour'", "span > '2 hours'"],
  ["substring(name from 1 for 2) = 'ab'", "substring(name, 1, 3) = 'ab'", "substr(name, 1, 2) = 'ab'", "position('a' in name) > 0"],
  ["num_nonnulls(name, code) = 1", "(name is null) <> (code is null)", "(name is not null)::int + (code is not null)::int = 1"],
  ["address << '10.0.0.0/8'", "address <<= '10.0.0.0/8'"],
  ["flag in ('Y', 'N')", "flag = 'Y'", "flag = 'N'"],
  ["name || code <> 'x'", "name || 'x' <> code"],
  ["(amount, quantity) = (1, 2)", "(quantity, amount) = (1, 2)"],
  ["created_at at time zone 'UTC' > starts_at", "starts_at at time zone 'UTC' > created_at"],
  ["name collate \"C\" > 'a'", "name > 'a'"],
  ["greatest(quantity, small) > 1", "least(quantity, small) > 1", "nullif(quantity, 0) is not null"],
];

/** Spellings in the code, and others of another meaning. Each must be what PostgreSQL makes of it, if need be by asking one; the other one must not. */
const checks: readonly (readonly [sql: string, other: string])[] = [
  ["name similar to 'a%'", "name similar to 'b%'"], ["name like 'a#%' escape '#'", "name like 'a#%'"], ["quantity between symmetric 1 and 5", "quantity between 1 and 5"], ["data @? '$.a'", "data @? '$.b'"], ["raw <> ''", "raw <> 'a'"],
  ["name <> E'a\\nb'", "name <> 'a\\nb'"], ["name <> $$it's$$", "name <> $$its$$"], ["bits = b'101'", "bits = b'100'"], ["span >= interval '30' minute", "span >= interval '30' second"], ["clock < '12:00'", "clock < '12:01'"],
  ["clock between '08:00' and '18:00'", "clock between '08:00' and '18:30'"], ["overlay(name placing 'x' from 1 for 2) <> 'x'", "overlay(name placing 'x' from 1 for 3) <> 'x'"], ["~quantity < 0", "-quantity < 0"], ["@ quantity > 0", "quantity > 0"], ["|/ rate > 1", "||/ rate > 1"],
  ["name not ilike all (array['a%','b%'])", "name not ilike any (array['a%','b%'])"], ["name like any (array['a%','b%'])", "name like any (array['a%','c%'])"], ["code like any (array['a%'])", "code like any (array['b%'])"], ["price > '0'", "price > '1'"], ["amount > .5", "amount > .6"],
  ["array[quantity, small] = ints", "array[small, quantity] = ints"], ["(tags)[array_upper(tags,1)] = 'a'", "(tags)[array_lower(tags,1)] = 'a'"], ["jsonb_path_exists(data, '$.a')", "jsonb_path_exists(data, '$.b')"], ["data['a'] is not null", "data['b'] is not null"], ["created_at > timestamptz '2020-01-01 02:00:00+02'", "created_at > timestamptz '2020-01-01 02:00:00+00'"],
  ["period && '[2020-01-01,2021-01-01)'", "period && '[2020-01-01,2021-01-01]'"], ["address << inet '10.0.0.0/8'", "address << inet '11.0.0.0/8'"], ["extract('epoch' from span) > 10", "extract('hour' from span) > 10"], ["(created_at, deleted_at) overlaps (created_at, now())", "(created_at, now()) overlaps (created_at, deleted_at)"], ["status::text = 'open'", "status::text = 'paid'"],
];
const defaults: readonly (readonly [type: string, sql: string, other: string])[] = [
  ["time", "'08:00'", "'08:01'"], ["interval", "interval '90' minute", "interval '91' minute"], ["interval", "'P1DT2H'", "'P1DT3H'"], ["interval", "'1 day ago'", "'1 day'"], ["text", "encode(sha256('a'), 'hex')", "encode(sha256('b'), 'hex')"], ["text", "E'a\\nb'", "E'a\\tb'"], ["text", "$$a$$", "$$b$$"], ["text", "U&'\\0061'", "U&'\\0062'"],
  ["text[]", "'{\"a\",\"b\"}'", "'{\"a\",\"c\"}'"], ["boolean", "'yes'", "'no'"], ["boolean", "'on'", "'off'"], ["bytea", "''", "'a'"], ["bytea", "E'\\\\x00FF'", "E'\\\\x00FE'"], ["bit(3)", "b'101'", "b'111'"], ["bit(3)", "B'101'::bit(3)", "B'001'::bit(3)"], ["inet", "'127.0.0.1/32'", "'127.0.0.2/32'"], ["money", "'1.50'", "'1.51'"],
  ["tstzrange", "'[2020-01-01,2021-01-01)'", "'[2020-01-01,2022-01-01)'"], ["timestamptz", "'2020-01-01 12:00:00+02'", "'2020-01-01 12:00:00+03'"], ["timestamptz", "'epoch'", "'infinity'"], ["timestamptz", "now() + interval '7 days'", "now() + interval '8 days'"], ["timestamp", "now() at time zone 'utc'", "now() at time zone 'cet'"], ["date", "current_date + 30", "current_date + 31"],
  ["text", "substring(md5(random()::text) from 1 for 8)", "substring(md5(random()::text) from 1 for 9)"], ["integer", "(random() * 1000)::integer", "(random() * 999)::integer"], ["bigint", "(extract(epoch from now()) * 1000)::bigint", "(extract(epoch from now()) * 100)::bigint"], ["jsonb", "jsonb_build_object('a', 1)", "jsonb_build_object('a', 2)"], ["integer", "0x10", "0x11"], ["order_status", "'open'::order_status", "'paid'::order_status"], ["xml", "'<a/>'", "'<b/>'"],
];
const predicates: readonly (readonly [sql: string, other: string])[] = [["clock > '09:00' and deleted_at is null", "clock > '10:00' and deleted_at is null"], ["name <> $$x$$", "name <> $$y$$"], ["data @? '$.open'", "data @? '$.paid'"]];
const keys: readonly (readonly [sql: string, other: string])[] = [["(data #>> '{a,b}')", "(data #>> '{a,c}')"], ["overlay(name placing 'x' from 1 for 2)", "overlay(name placing 'x' from 2 for 2)"], ["(created_at at time zone 'UTC')", "(created_at at time zone 'CET')"]];

onEachServer((server) => describe("expressions as PostgreSQL prints them", () => {
  const postgres: Pick<Postgres, "query"> = { query: (sql) => server().query(sql) };
  const table = { name: { schema: "public", name: "t" }, columns: columns.map(([name, type]) => ({ name, property: name, type: { name: type }, nullable: true })) };
  before(async () => {
    await postgres.query(`create type order_status as enum ('open', 'paid', 'sent'); create table t (${columns.map(([name, type]) => `"${name}" ${type}`).join(", ")})`);
  });

  const expression = (sql: string): Expression => ({ sql, columns: [], complete: true });
  const printed = async (sql: string): Promise<string> => {
    await postgres.query(`alter table t add constraint c check (${sql})`);
    const [row] = await postgres.query("select pg_get_expr(conbin, conrelid) as sql from pg_constraint where conname = 'c' and conrelid = 't'::regclass");
    await postgres.query("alter table t drop constraint c");
    return row!["sql"] as string;
  };

  for (const line of written)
    it(line[0]!, async () => {
      const prints: string[] = [];
      for (const sql of line) prints.push(await printed(sql));
      for (const [own, sql] of line.entries()) {
        for (const [other, print] of prints.entries()) {
          assert.equal(sameMeaning(expression(sql), expression(print), table), own === other, `${sql}\n${print}`);
          assert.equal(sameMeaning(expression(print), expression(sql), table), own === other, `${print}\n${sql}`);
        }
      }
    });

  describe("where the spelling alone leaves it open", () => {
    const more = [...columns, ["raw", "bytea"], ["bits", "bit(3)"], ["clock", "time"], ["price", "money"], ["ints", "integer[]"], ["period", "tstzrange"]] as const;
    const template = (sql: string): string => `sql\`${sql.replace(/[\\\`]|\$\{/g, "\\$&")}\``;
    /** PostgreSQL before 16 knows no hexadecimal numbers. */
    const known = (): typeof defaults => defaults.filter(([, sql]) => server().version >= 16 || !sql.startsWith("0x"));
    /** And before 14 no subscripts of jsonb. */
    const judged = (): typeof checks => checks.filter(([sql]) => server().version >= 14 || !sql.startsWith("data['"));
    const code = (): string => [
      `import { sql } from "drizzle-orm";\nimport { check, customType, index, integer, pgTable } from "drizzle-orm/pg-core";\n`,
      ...[...more.map(([, type]) => type), ...known().map(([type]) => type)].map((type, at) => `const type${at} = customType<{ data: string }>({ dataType: () => ${JSON.stringify(type)} });\n`),
      `export const judged = pgTable("judged", {\n`,
      ...more.map(([name], at) => `  ${JSON.stringify(name)}: type${at}(${JSON.stringify(name)}),\n`),
      ...known().map(([, sql], at) => `  d${at}: type${more.length + at}("d${at}").default(${template(sql)}),\n`),
      `}, (t) => [\n`,
      ...judged().map(([sql], at) => `  check("c${at}", ${template(sql)}),\n`),
      ...predicates.map(([sql], at) => `  index("p${at}").on(t.id).where(${template(sql)}),\n`),
      ...keys.map(([sql], at) => `  index("k${at}").on(${template(sql)}),\n`),
      `]);\n`,
    ].join("");

    /** The table as written in the code, or with the others. */
    const statements = (which: 0 | 1): string => [
      `create table judged (${[...more.map(([name, type]) => `"${name}" ${type}`), ...known().map(([type, ...sql], at) => `d${at} ${type} default (${sql[which]})`), ...judged().map((sql, at) => `constraint c${at} check (${sql[which]})`)].join(", ")})`,
      ...predicates.map((sql, at) => `create index p${at} on judged (id) where ${sql[which]}`),
      ...keys.map((sql, at) => `create index k${at} on judged ((${sql[which]}))`),
    ].join("; ");

    it("an embedded PostgreSQL tells what is the same and what is not", async function () {
      this.timeout(300_000);
      const printer = await openPrinter({ runtime: await runtime() });
      try {
        const project = openProject(memoryFiles(new Map([[`${root}/schema.ts`, code()]])), settings);
        const own = project.report().schemas[0]!.model;
        assert.deepEqual(project.report().schemas[0]!.problems.map(({ message }) => message), []);
        const told = async (which: 0 | 1): Promise<{ before: readonly string[]; after: readonly string[] }> => {
          await postgres.query(`drop table if exists judged; ${statements(which)}`);
          const database = await openPostgres(settingsOf(server().connection));
          const model: SchemaModel = await database.read().then((reading) => ({ ...reading.model, tables: reading.model.tables.filter(({ name }) => name.name === "judged") })).finally(() => database.close());
          const drift = (): readonly string[] => project.report().findings.filter(({ rule }) => rule.startsWith("drift/") && rule !== "drift/enum").map(({ message }) => message);
          project.connect([{ model }]);
          const before = drift();
          const printed = await printExpressions(spellingQuestions(own, model, new Map()), new Map(), model.enums, printer);
          project.connect([{ model, printed }]);
          assert.deepEqual(spellingQuestions(own, model, printed), []);
          return { before, after: drift() };
        };
        const same = await told(0);
        assert.ok(same.before.length > 50, "too few are in doubt");
        assert.deepEqual(same.after, []);
        const different = await told(1);
        // A check that differs is told from both sides.
        assert.equal(different.after.length, 2 * judged().length + known().length + predicates.length + keys.length, different.after.join("\n"));
      } finally {
        await printer.close();
      }
    });
  });
}));
