// PostgreSQL as the judge of equal expressions: what it prints of an expression must be found the same as what was
// written, and different from what was not.
import assert from "node:assert/strict";
import { sameMeaning } from "../../server/src/compare/expressions/same-meaning";
import type { Expression } from "../../server/src/model/schema";
import { startPostgres, type Postgres } from "../oracles/postgres";

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
  ["extract(year from created_at) > 2000", "extract(month from created_at) > 2000", "date_part('year', created_at) > 2000"],
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

describe("expressions as PostgreSQL prints them", () => {
  let postgres: Postgres;
  const table = { name: { schema: "public", name: "t" }, columns: columns.map(([name, type]) => ({ name, property: name, type: { name: type }, nullable: true })) };
  before(async () => {
    postgres = await startPostgres();
    await postgres.query(`create type order_status as enum ('open', 'paid', 'sent'); create table t (${columns.map(([name, type]) => `"${name}" ${type}`).join(", ")})`);
  });
  after(() => postgres.stop());

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
});
