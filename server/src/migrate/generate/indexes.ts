// Indexes of tables that stand already: built and dropped concurrently, one statement to a file. A partitioned table takes
// no CONCURRENTLY: its partitions do, and are attached (https://www.postgresql.org/docs/current/ddl-partitioning.html).
import { postgres } from "../../dialects/postgres";
import { tableName } from "../../dialects/statements";
import { shortened } from "../../indexes/naming";
import type { Change } from "../../model/change";
import type { Index, QualifiedName, Table } from "../../model/schema";
import { sameTable, tableKey } from "../../model/table-key";
import { concurrentlyDirective } from "../../sql/parser";
import { sameShape } from "./inherited";
import { asIndex } from "./names";
import { bare, Refusal, type Context, type Step } from "./step";

/** The index, built without blocking writers where its table stands already. */
export function addIndex(table: QualifiedName, index: Index, context: Context): readonly Step[] {
  const standing = context.standing(table);
  if (!standing) return [{ phase: "structure", up: plain({ kind: "add-index", table, index }), down: plain({ kind: "drop-index", table, index }), changes: [{ kind: "add-index", table, index }], title: `index ${index.name}`, quiet: true }];
  if (standing.kind === "partitioned table") return addPartitioned(standing, index, context);
  return [build(table, index, context, [{ kind: "add-index", table, index }])];
}

/** The index is gone without blocking anybody for longer than a moment. */
export function dropIndex(table: QualifiedName, index: Index, context: Context): readonly Step[] {
  const standing = context.standing(table);
  if (standing?.kind === "partitioned table") return [{
    phase: "remove",
    up: ["-- The index of a partitioned table cannot be dropped concurrently.\n" + plain({ kind: "drop-index", table, index })[0]],
    down: again(standing, index, index.name!, context).map((sql, at) => (at === 0 ? `-- The index of a partitioned table cannot be built concurrently in one statement: writers wait meanwhile.\n${sql}` : sql)),
    changes: [{ kind: "drop-index", table, index }], title: `drop index ${index.name}`,
  }];
  const { up, down, ...step } = build(table, index, context, []);
  return [{ ...step, phase: "unbuild", up: down, down: up, changes: [{ kind: "drop-index", table, index }], title: `drop index ${index.name}` }];
}

/** One index in the place of another of the same name: built beside it, exchanged in a moment, then the old one goes. */
export function replaceIndex(table: QualifiedName, from: Index, to: Index, context: Context): readonly Step[] {
  const unique = context.before.tables.find(({ name }) => tableKey(name) === tableKey(table))?.uniques.find(({ name }) => name !== undefined && name === from.name);
  const wanted = context.wanted(table)?.uniques.find(({ columns }) => to.unique && !to.where && columns.length === to.keys.length && columns.every((column) => to.keys.some((key) => key.column === column)));
  if (context.standing(table)?.kind === "partitioned table") return [...dropIndex(table, from, context), ...addIndex(table, to, context)].map((step) => ({ ...step, phase: step.phase === "remove" ? "structure" : step.phase }));
  const name = to.name ?? from.name!;
  const [fresh, old] = [{ ...to, name: shortened(`${name}_new`) }, { ...from, name: shortened(`${from.name}_old`) }];
  const rename = (index: Index, other: string): Exchange => ({
    up: plain({ kind: "rename-index", table, index, to: other }),
    down: plain({ kind: "rename-index", table, index: { ...index, name: other }, to: index.name! }),
    changes: [{ kind: "rename-index", table, index, to: other }],
  });
  const steps: Step[] = [build(table, fresh, context, [{ kind: "add-index", table, index: fresh }])];
  const exchange: readonly Exchange[] = [
    unique ? { up: plain({ kind: "drop-unique", table, unique }), down: plain({ kind: "add-unique", table, unique }), changes: [{ kind: "drop-unique", table, unique }] } : rename(from, old.name),
    wanted ? promote(table, fresh, { kind: "add-unique", table, unique: { ...wanted, name } }, name) : rename(fresh, name),
  ];
  const up = exchange.flatMap((each) => each.up);
  const down = [...exchange].reverse().flatMap((each) => each.down);
  const changes = exchange.flatMap((each) => each.changes);
  steps.push({ phase: "constrain", up, down, changes, title: `exchange index ${name}` });
  if (!unique) steps.push(...dropIndex(table, old, context));
  return steps;
}

/** Statements of one transaction, with their inverse. */
interface Exchange {
  readonly up: readonly string[];
  readonly down: readonly string[];
  readonly changes: readonly Change[];
}

/** Makes a built unique index a constraint, in a moment; the index takes the constraint's name. */
export function promote(table: QualifiedName, index: Index, change: Extract<Change, { kind: "add-unique" | "add-primary-key" }>, name: string): Exchange {
  const words = change.kind === "add-unique" ? "UNIQUE" : "PRIMARY KEY";
  const alter = `ALTER TABLE ${tableName(table, postgres)}`;
  return {
    up: [`${alter} ADD CONSTRAINT ${postgres.quote(name)} ${words} USING INDEX ${postgres.quote(index.name!)}`],
    down: [`${alter} DROP CONSTRAINT ${postgres.quote(name)}`, `-- The constraint has taken its index along: readers and writers wait while it is built again.\n${plain({ kind: "add-index", table, index })[0]}`],
    changes: [{ kind: "drop-index", table, index }, change],
  };
}

/** Partitions first, each in a file of its own; then the parent's index, to which they are attached in a moment. */
function addPartitioned(parent: Table, index: Index, context: Context): readonly Step[] {
  const steps: Step[] = [];
  const up: string[] = [];
  const remade: string[] = [];
  const made: Change[] = [];
  const attach = (owner: Table, name: string): void => {
    up.push(bare(postgres.sql({ kind: "add-index", table: owner.name, index: { ...index, name } }, { only: true }))[0]!);
    for (const partition of context.before.tables.filter(({ partitionOf }) => partitionOf && sameTable(partitionOf, owner.name))) {
      if (partition.kind === "foreign table") throw new Refusal(`${partition.name.name}, a partition of ${owner.name.name}, is a foreign table, and PostgreSQL builds no index on it. Build the index on its own server, and here on each other partition.`);
      const own = context.wanted(partition.name)?.indexes.find((one) => sameShape(one, index))?.name ?? shortened(`${name}_${partition.name.name}`);
      if (partition.kind === "partitioned table") {
        made.push({ kind: "add-index", table: partition.name, index: { ...index, name: own } });
        attach(partition, own);
      } else {
        const change: Change = { kind: "add-index", table: partition.name, index: { ...index, name: own } };
        steps.push(build(partition.name, change.index, context, [change]));
        remade.push(...plain(change));
      }
      up.push(`ALTER INDEX ${tableName({ schema: owner.name.schema, name }, postgres)} ATTACH PARTITION ${tableName({ schema: partition.name.schema, name: own }, postgres)}`);
    }
  };
  attach(parent, index.name!);
  // The parent's index takes those of its partitions with it.
  const down = [...plain({ kind: "drop-index", table: parent.name, index }), ...remade.map((sql) => `-- Dropped with the index of the partitioned table: writers wait while it is built again.\n${sql}`)];
  return [...steps, { phase: "constrain", up, down, changes: [...made, { kind: "add-index", table: parent.name, index }], title: `attach index ${index.name}` }];
}

/** The index with those of its partitions, each by the name that it had. */
function again(owner: Table, index: Index, name: string, context: Context): readonly string[] {
  const named = { ...index, name };
  if (owner.kind !== "partitioned table") return plain({ kind: "add-index", table: owner.name, index: named });
  return [
    bare(postgres.sql({ kind: "add-index", table: owner.name, index: named }, { only: true }))[0]!,
    ...context.before.tables.filter(({ partitionOf, kind }) => partitionOf && sameTable(partitionOf, owner.name) && kind !== "foreign table").flatMap((partition) => {
      const own = partition.indexes.find((one) => sameShape(one, index))?.name ?? shortened(`${name}_${partition.name.name}`);
      return [...again(partition, index, own, context), `ALTER INDEX ${tableName({ schema: owner.name.schema, name }, postgres)} ATTACH PARTITION ${tableName({ schema: partition.name.schema, name: own }, postgres)}`];
    }),
  ];
}

/** The unique index behind a constraint to come. */
export function buildUnique(table: QualifiedName, index: ReturnType<typeof asIndex>, context: Context): Step {
  return build(table, index, context, [{ kind: "add-index", table, index }]);
}

function build(table: QualifiedName, index: Index, { format }: Context, changes: readonly Change[]): Step {
  const drizzle = format === "drizzle v0" || format === "drizzle v1";
  const statement = (change: Change): readonly string[] =>
    drizzle ? plain(change).map((sql) => `-- ${concurrentlyDirective}\n${sql}`) : bare(postgres.sql(change, { concurrently: true, repeatable: true }));
  return { phase: "build", up: statement({ kind: "add-index", table, index }), down: statement({ kind: "drop-index", table, index }), changes, title: `index ${index.name}` };
}

function plain(change: Change): readonly string[] {
  return bare(postgres.sql(change));
}
