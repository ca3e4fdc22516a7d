// Whole tables: made with all that belongs to them, in one transaction; dropped in an order in which none is in another's
// way. Each is the other's inverse, the rows apart.
import { postgres } from "../../dialects/postgres";
import { tableName } from "../../dialects/statements";
import type { Change } from "../../model/change";
import type { ForeignKey, Table } from "../../model/schema";
import { sameTable, tableKey } from "../../model/table-key";
import { addForeignKey } from "./constraints";
import { bare, type Context, type Step } from "./step";

/** The tables, then their indexes, then their foreign keys: the targets may come later. Keys to unique columns that this migration is yet to build follow those. */
export function addTables(tables: readonly Table[], context: Context): readonly Step[] {
  const keys = tables.flatMap((table) => table.foreignKeys.filter(({ enforced }) => enforced).flatMap((key) => addForeignKey(table.name, key, context).map((step) => ({ step, to: key.references.table }))));
  // A step of the table itself holds the whole table, keys included; those that come later are their own changes.
  const later = new Set(keys.filter(({ step }) => step.phase !== "structure").map(({ step }) => step.changes[0]).flatMap((change) => (change?.kind === "add-foreign-key" ? [change.foreignKey.name] : [])));
  const made = (table: Table): Table => ({ ...table, foreignKeys: table.foreignKeys.filter((key) => !key.enforced || !later.has(key.name)) });
  return [
    ...tables.map((table): Step => {
      const { create, drop } = statementsOf(table);
      return { phase: "structure", up: create, down: drop, changes: [{ kind: "add-table", table: made(table) }], title: `table ${table.name.name}`, quiet: true };
    }),
    ...keys.map(({ step, to }) => (step.phase === "structure" ? { ...step, changes: [], quiet: context.standing(to) === undefined } : step)),
  ];
}

/** Referencing tables go first; where they refer to each other, their foreign keys do. */
export function dropTables(tables: readonly Table[]): readonly Step[] {
  const going = new Set(tables.map(({ name }) => tableKey(name)));
  const keys = tables.flatMap((table) => table.foreignKeys.filter((key) => key.enforced && going.has(tableKey(key.references.table)) && !sameTable(key.references.table, table.name)).map((key) => ({ table, key })));
  const order = inOrder(tables);
  const place = new Map(order.map((table, at) => [tableKey(table.name), at]));
  // Keys to a table that goes before the one that has them.
  const circular = keys.filter(({ table, key }) => place.get(tableKey(key.references.table))! < place.get(tableKey(table.name))!);
  return [
    ...circular.map(({ table, key }): Step => ({ phase: "remove", ...keyStatements(table, key), changes: [{ kind: "drop-foreign-key", table: table.name, foreignKey: key }], title: `drop foreign key ${key.name}` })),
    ...order.map((table): Step => {
      const { create, drop } = statementsOf(table);
      const divided = table.kind === "partitioned table";
      const own = table.foreignKeys.filter((key) => key.enforced && !circular.some((one) => one.key === key));
      return {
        phase: "remove", up: drop, title: `drop table ${table.name.name}`,
        down: [`-- The rows are gone: this makes the empty table anew${divided ? ", without its partitions: by what it was divided is not known" : ""}.\n${create[0]}`, ...create.slice(1), ...own.flatMap((key) => keyStatements(table, key).down)],
        changes: [{ kind: "drop-table", table: { ...table, foreignKeys: own } }],
        losses: [`The table ${table.name.schema === null || table.name.schema === "public" ? "" : `${table.name.schema}.`}${table.name.name} is dropped with all its rows${divided ? " and partitions" : ""}.`],
      };
    }),
  ];
}

function statementsOf(table: Table): { readonly create: readonly string[]; readonly drop: readonly string[] } {
  const change: Change = { kind: "add-table", table: { ...table, foreignKeys: [] } };
  return { create: bare(postgres.sql(change)), drop: [`DROP TABLE ${tableName(table.name, postgres)}`] };
}

function keyStatements(table: Table, foreignKey: ForeignKey): { readonly up: readonly string[]; readonly down: readonly string[] } {
  return { up: bare(postgres.sql({ kind: "drop-foreign-key", table: table.name, foreignKey })), down: bare(postgres.sql({ kind: "add-foreign-key", table: table.name, foreignKey })) };
}

/** Those that refer come before those that they refer to, as far as they do not refer to each other. */
function inOrder(tables: readonly Table[]): readonly Table[] {
  const referrers = new Map<string, Table[]>();
  for (const table of tables)
    for (const { enforced, references } of table.foreignKeys)
      if (enforced) referrers.set(tableKey(references.table), [...(referrers.get(tableKey(references.table)) ?? []), table]);
  const order: Table[] = [];
  const seen = new Set<Table>();
  const visit = (table: Table): void => {
    if (seen.has(table)) return;
    seen.add(table);
    for (const referrer of referrers.get(tableKey(table.name)) ?? []) visit(referrer);
    order.push(table);
  };
  tables.forEach(visit);
  return order;
}
