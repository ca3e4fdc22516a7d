// What a plan says of real statements, read by PostgreSQL's own parser: locks, whom they stall and for how long; and which
// migrations a run takes.
import assert from "node:assert/strict";
import type { TableFacts } from "../../../server/src/model/facts";
import type { Migration, MigrationStatus } from "../../../server/src/model/migration";
import type { Plan } from "../../../server/src/migrate/plan";
import { buildPlan } from "../../../server/src/migrate/plan-building";
import { plannedSteps, stepsOf } from "../../../server/src/migrate/run/steps";
import { selectDown, selectTo, selectUp, type Selection } from "../../../server/src/migrate/selection";
import { planAnswer } from "../../../server/src/lsp/migration-plan-page";
import { planJson, prettyPlan } from "../../../server/src/report/plan-text";
import { loadSqlParser } from "../../../server/src/sql/load";

const migration = (id: string, sql: string): Migration => ({ id, version: id.slice(0, 4), up: { sql, file: `/shop/migrations/${id}.sql`, start: 0, end: sql.length }, checksums: [] });
const facts = (name: string, size: number, rows: number): TableFacts => ({
  table: { schema: "public", name }, rows, size, indexSize: 0, sequentialScans: 0, sequentialRows: 0, indexScans: 0, inserted: 0, updated: 0, deleted: 0, changedSinceAnalyze: 0, deadRows: 0,
});

async function plan(sql: string, grantedLocks?: number): Promise<Plan> {
  const one = migration("0001_change", sql);
  const { steps, atOnce } = stepsOf(one.up, await loadSqlParser());
  return buildPlan({ direction: "up", database: "shop", production: false, migrations: [{ migration: one, steps: plannedSteps(steps), oneByOne: !atOnce }], facts: { tables: [facts("orders", 256e6, 2_000_000)] }, grantedLocks, obstacles: [] });
}

const terminal = { colors: { bold: String, dim: String, red: String, yellow: String, blue: String, cyan: String, green: String } } as unknown as Parameters<typeof prettyPlan>[2];

describe("a plan", () => {
  it("tells a plain index build, which stalls writers, from a concurrent one, which stalls nobody who reads or writes", async () => {
    const [plain] = (await plan("CREATE INDEX i ON orders (client_id);")).migrations;
    assert.deepEqual([plain!.transaction, plain!.statements[0]!.blocks, plain!.statements[0]!.lock], ["one", "writers", { table: "orders", mode: "share" }]);
    assert.ok(plain!.statements[0]!.blocking! > 1000);
    for (const sql of ["CREATE INDEX CONCURRENTLY i ON orders (client_id);", "-- plumbline: concurrently\nCREATE INDEX i ON orders (client_id);"]) {
      const [concurrent] = (await plan(sql)).migrations;
      assert.deepEqual([concurrent!.transaction, concurrent!.statements[0]!.blocks, concurrent!.statements[0]!.blocking], ["none", "other DDL", 0]);
      assert.ok(concurrent!.statements[0]!.duration! > 1000);
    }
  });

  it("counts a lock to the end of its transaction", async () => {
    const [first, second] = (await plan("ALTER TABLE orders ADD COLUMN note text; ALTER TABLE orders ALTER COLUMN note SET NOT NULL;")).migrations[0]!.statements;
    assert.equal(first!.blocks, "readers and writers");
    assert.ok(first!.duration! < 10 && first!.blocking! > second!.duration!);
  });

  it("stalls nobody on a table that the run itself makes", async () => {
    const { statements } = (await plan("CREATE TABLE notes (id int primary key, body text); CREATE INDEX n ON notes (body);")).migrations[0]!;
    assert.deepEqual(statements.map(({ blocks, blocking }) => [blocks, blocking]), [["nobody", 0], ["nobody", 0]]);
  });

  it("says beforehand that one transaction needs more locks than the server grants", async () => {
    const many = Array.from({ length: 2000 }, (_, at) => `CREATE TABLE t${at} (id serial primary key, body text);`).join("\n");
    assert.match((await plan(many, 6400)).obstacles.join(), /about 10000 locks .* grants 6400/);
    assert.deepEqual((await plan(many.split("\n").slice(0, 500).join("\n"), 6400)).obstacles, []);
    // What cannot be in one transaction is in several, and the largest of them counts.
    const concurrently = "CREATE INDEX CONCURRENTLY t1_body ON t1 (body);";
    assert.match((await plan(`${many}\n${concurrently}`, 6400)).obstacles.join(), /about 10000 locks .* grants 6400/);
    const half = many.split("\n").slice(0, 1000).join("\n");
    const halves = await plan(`${half}\n${concurrently}\n${half}`, 6400);
    assert.deepEqual([halves.obstacles, halves.lockBudget.needed], [[], 5000]);
  });

  it("says of each statement which transaction holds it, where not all can be in one", async () => {
    const stepwise = await plan("ALTER TABLE orders ADD COLUMN note text;\nCREATE INDEX i ON clients (id);\nCREATE INDEX CONCURRENTLY j ON orders (note);\nANALYZE orders;");
    const { migrations: [printed] } = JSON.parse(planJson(stepwise, { read: () => "", relative: String })) as { migrations: readonly { transaction: string; statements: readonly { transaction: number | null; inTransaction: boolean }[] }[] };
    assert.deepEqual([printed!.transaction, ...printed!.statements.map(({ transaction, inTransaction }) => [transaction, inTransaction])], ["none", [1, true], [1, true], [null, false], [2, true]]);
    const shown = prettyPlan(stepwise, { relative: String }, terminal);
    assert.match(shown, /step by step, not in one transaction/);
    assert.deepEqual(shown.match(/runs {4}.*/g), ["in transaction 1", "in transaction 1", "outside a transaction", "in transaction 2"].map((place) => `runs    ${place}`));
    const alone = prettyPlan(await plan("CREATE INDEX CONCURRENTLY j ON orders (note);"), { relative: String }, terminal);
    assert.match(alone, /each statement by itself, outside a transaction/);
    assert.doesNotMatch(alone, /runs {4}/);
  });

  it("says what is lost, and lets no name act as markup or steer the terminal", async () => {
    const hostile = await plan('ALTER TABLE orders DROP COLUMN "a|<b>\u001b[31m";');
    assert.equal(hostile.migrations[0]!.losses.length, 1);
    assert.doesNotMatch(prettyPlan(hostile, { relative: String }, terminal), /\u001b/);
    const page = planAnswer(hostile, { name: "shop", address: "here", production: false }, "/shop");
    assert.ok(page.kind === "plan");
    assert.doesNotMatch(page.markdown.replace(/^```[^]*?^```/gm, ""), /<b>|[^\\]\|</);
  });

  it("of tens of thousands of statements is printed to its end", async () => {
    const [insert] = (await loadSqlParser()).parse("insert into orders values (1)").statements;
    const filled = buildPlan({ direction: "up", database: "shop", production: false, migrations: [{ migration: migration("0001_fill", ""), steps: [{ inTransaction: true, statements: Array.from({ length: 40_000 }, () => insert!) }] }], obstacles: [] });
    assert.match(prettyPlan(filled, { relative: String }, terminal).slice(-200), /40000 statements on shop/);
  });
});

describe("which migrations a run takes", () => {
  const states = { "0001_a": "applied", "0002_b": "applied", "0003_c": "pending", "0004_d": "pending" } as const;
  const status = Object.entries(states).map(([id, state]): MigrationStatus => ({ id, state, migration: migration(id, ""), ...(state === "applied" && { applied: { id, state: "applied" } }) }));
  const ids = (selection: Selection): string => (selection.kind === "impossible" ? selection.message : `${selection.direction} ${selection.migrations.map(({ id }) => id).join(" ")}`);

  it("all that are pending, some of them, or those up to a version", () => {
    assert.deepEqual([selectUp(status, {}), selectUp(status, { count: 1 }), selectUp(status, { to: "3" })].map(ids), ["up 0003_c 0004_d", "up 0003_c", "up 0003_c"]);
  });

  it("the last one backwards, or all behind a version, the last first", () => {
    assert.deepEqual([selectDown(status, {}), selectDown(status, { count: 2 }), selectDown(status, { to: "0001_a" })].map(ids), ["down 0002_b", "down 0002_b 0001_a", "down 0002_b"]);
  });

  it("in the direction that leads to a version, and says which there are for one that is none", () => {
    assert.deepEqual([selectTo(status, "0004"), selectTo(status, "1")].map(ids), ["up 0003_c 0004_d", "down 0002_b"]);
    assert.match(ids(selectTo(status, "9")), /There is no migration "9"\. The folder holds 0001_a/);
  });
});
