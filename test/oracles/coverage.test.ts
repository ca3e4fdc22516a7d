// PostgreSQL's own planner as judge of coverage: over the 33 keys of fixture.sql, and over random tables with one
// index each, where our verdict from the model alone must be the planner's.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { coverage, type Verdict } from "../../server/src/indexes/coverage";
import type { ForeignKey, Index, Table } from "../../server/src/model/schema";
import { expected } from "./fixture/expected";
import { startPostgres, type Postgres } from "./postgres";

const fixture = (name: string) => readFileSync(join(__dirname, "fixture", name), "utf8");

/** The planner knows no difference between an index that it cannot use and none. */
const asPlanner: Readonly<Record<Verdict, string>> = { covered: "COVERED", partial: "PARTIAL", unusable: "MISSING", missing: "MISSING", automatic: "-", unknown: "-" };

describe("coverage, with PostgreSQL's planner as judge", function () {
  this.timeout(120_000);
  let postgres: Postgres;
  before(async () => {
    postgres = await startPostgres();
    await postgres.query(fixture("fixture.sql"));
    await postgres.query(fixture("planner_oracle.sql"));
  });
  after(async () => postgres?.stop());

  const verdictsOfPlanner = async (pattern: string) =>
    new Map((await postgres.query(`select tbl, fk, verdict from fk_planner2() where tbl like '${pattern}'`)).map((row) => [`${row["fk"]}`, `${row["verdict"]}`.replace("MISSING(non-leading)", "MISSING")]));

  it("agrees on the 33 keys of fixture.sql, but for the two single-column indexes", async () => {
    const planner = await verdictsOfPlanner("c%");
    const ours = new Map(expected.map((each) => [`${each.table}_${each.columns.join("_")}_fkey`, asPlanner[each.verdict]]));
    assert.equal(planner.size, 33);
    assert.deepEqual([...planner.keys()].sort(), [...ours.keys()].sort());
    const different = [...planner].filter(([key, verdict]) => ours.get(key) !== verdict);
    // A bitmap of two indexes serves it; Plumbline counts one index only.
    assert.deepEqual(different, [["c31_two_single_a_b_fkey", "COVERED"]]);
  });

  it("agrees with the catalogue query that states the choice", async () => {
    const gold = await postgres.query(fixture("gold_fk.sql"));
    const mine = expected.map((each) => `${each.table} ${each.table}_${each.columns.join("_")}_fkey ${asPlanner[each.verdict]}`);
    assert.deepEqual(gold.map((row) => `${row["conrelid"]} ${row["conname"]} ${row["case"]}`).sort(), mine.sort());
  });

  it("agrees on 400 random keys, each with one random index", async () => {
    const random = seeded(20_240_613);
    const cases = Array.from({ length: 400 }, (_, number) => randomCase(number, random));
    await postgres.query(`create extension if not exists pg_trgm; create table parent1 (k text primary key); create table parent2 (k text, l text, primary key (k, l)); create table parent3 (k text, l text, m text, primary key (k, l, m));`);
    await postgres.query(cases.map((each) => each.sql).join("\n"));
    const planner = await verdictsOfPlanner("random%");
    const verdicts = cases.map(({ table, foreignKey, sql }) => ({ sql, ours: asPlanner[coverage(foreignKey, table, "postgresql").verdict], planner: planner.get(foreignKey.name!) }));
    assert.deepEqual(verdicts.filter((each) => each.ours !== each.planner), []);
    // The cases must not all be of one kind.
    for (const verdict of ["COVERED", "PARTIAL", "MISSING"]) assert.ok(verdicts.filter((each) => each.planner === verdict).length >= 40, verdict);
  });
});

interface RandomCase {
  readonly table: Table;
  readonly foreignKey: ForeignKey;
  readonly sql: string;
}

type Random = (choices: number) => number;

function randomCase(number: number, random: Random): RandomCase {
  const name = `random${String(number).padStart(3, "0")}`;
  const keyColumns = shuffled(["a", "b", "c", "d"], random).slice(0, [1, 1, 1, 2, 2, 3][random(6)]!);
  const method = ["btree", "btree", "btree", "btree", "hash", "gin", "gist", "brin"][random(8)]!;
  const width = method === "hash" ? 1 : 1 + random(3);
  const columns = shuffled(["a", "b", "c", "d"], random).slice(0, width);
  const classes: Readonly<Record<string, readonly (string | undefined)[]>> = { btree: [undefined, undefined, "text_pattern_ops"], gin: [undefined, "gin_trgm_ops"], gist: [undefined, "gist_trgm_ops"] };
  const keys = columns.map((column) => {
    const choices = classes[method] ?? [undefined];
    return {
      column, order: method === "btree" && random(3) === 0 ? ("desc" as const) : ("asc" as const),
      operatorClass: choices[random(choices.length)], collation: random(8) === 0 ? "C" : undefined,
    };
  });
  const include = method === "btree" && random(4) === 0 ? ["a", "b", "c", "d"].filter((column) => !columns.includes(column)).slice(0, 1) : [];
  const where = [undefined, undefined, `"${keyColumns[0]}" IS NOT NULL`, keyColumns.map((column) => `(${column} is not null)`).join(" AND "), "a is not null", "a is null", "d > 'x'", "not (b is null)", "(a is not null and (b is not null))"][random(9)];
  const index: Index = { name: `${name}_i`, method, unique: false, keys, include, where: where === undefined ? undefined : { sql: where, columns: [], complete: true } };
  const foreignKey: ForeignKey = {
    name: `${name}_fkey`, columns: keyColumns, references: { table: { schema: "public", name: `parent${keyColumns.length}` }, columns: ["k", "l", "m"].slice(0, keyColumns.length) },
    onDelete: "no action", onUpdate: "no action", enforced: true,
  };
  const table: Table = {
    name: { schema: "public", name }, property: name, columns: ["a", "b", "c", "d"].map((column) => ({ name: column, property: column, type: { name: "text" }, nullable: true })),
    uniques: [], foreignKeys: [foreignKey], indexes: [index], checks: [], relations: [], complete: true,
  };
  const keysSql = keys.map((key) => [key.column, key.collation && `collate "${key.collation}"`, key.operatorClass, key.order === "desc" && "desc"].filter(Boolean).join(" ")).join(", ");
  const sql = `create table ${name} (a text, b text, c text, d text, constraint ${name}_fkey foreign key (${keyColumns.join(", ")}) references parent${keyColumns.length});`
    + ` create index ${name}_i on ${name} using ${method} (${keysSql})${include.length > 0 ? ` include (${include.join(", ")})` : ""}${where === undefined ? "" : ` where ${where}`};`;
  return { table, foreignKey, sql };
}

/** Mulberry32: a small generator with a seed, so that a failure can be repeated. */
function seeded(seed: number): Random {
  return (choices) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * choices);
  };
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const rest = [...items];
  return items.map(() => rest.splice(random(rest.length), 1)[0]!);
}
