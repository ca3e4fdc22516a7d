// New names, and moves to another schema, that PostgreSQL would refuse since something there has the name already. What
// another session makes meanwhile, exclusion constraints, of which the model has no index, and new names of views, which may be
// made anew on the way, are left to PostgreSQL.
import { indexNameOf, primaryKeyNameOf, sequenceNameOf, uniqueNameOf } from "../../indexes/default-name";
import type { Change } from "../../model/change";
import type { QualifiedName, SchemaModel, Table } from "../../model/schema";
import { sameTable } from "../../model/table-key";
import type { Generated } from "../generated";
import { applyChanges } from "./apply";
import { label } from "./renames";

/** Of the renames, made in turn, those whose name is taken, with the reason. `others`: what else is done, all of it after them but for views that go. */
export function refusedNames(renames: readonly Change[], others: readonly Change[], before: SchemaModel): Generated["refused"] {
  if (before.dialect !== "postgresql" || !renames.some(givesName)) return [];
  const gone = others.flatMap((change) => (change.kind === "drop-view" ? [change.view.name] : []));
  let standing: SchemaModel = { ...before, ...(before.views && { views: before.views.filter(({ name }) => !gone.some((one) => sameTable(one, name))) }) };
  return renames.flatMap((change) => {
    const reason = givesName(change) ? taken(change, standing) : undefined;
    standing = applyChanges(standing, [change]);
    return reason === undefined ? [] : [{ change, reason }];
  });
}

/** Everything that has a name of its schema: parts of a table or view have one too, beside it. */
export function namesInSchemas({ tables, views = [], sequences = [], enums, domains = [], source }: SchemaModel): readonly SchemaName[] {
  return [
    ...tables.flatMap((table) => [{ owner: table.name, name: table.name.name, what: "table" } as const, ...partsOf(table, source)]),
    ...views.flatMap(({ name, indexes = [] }) => [{ owner: name, name: name.name, what: "view" } as const, ...indexes.map((index) => ({ owner: name, name: index.name, what: "index" }) as const)]),
    ...sequences.map(({ name }) => ({ owner: name, name: name.name, what: "sequence" }) as const),
    ...[...enums, ...domains].map(({ name }) => ({ owner: name, name: name.name, what: "type" }) as const),
  ];
}

interface SchemaName {
  /** What it goes along with, or it itself. */
  readonly owner: QualifiedName;
  readonly name: string;
  readonly what: "table" | "view" | "index" | "sequence" | "type";
}

type NewName = Extract<Change, { readonly kind: "rename-table" | "rename-enum" | "rename-sequence" }>;

const kinds = { "rename-table": "table", "rename-enum": "type", "rename-sequence": "sequence" } as const;

function givesName(change: Change): change is NewName {
  return change.kind in kinds;
}

/** Why PostgreSQL would refuse it: https://www.postgresql.org/docs/current/sql-createtable.html, on names. Undefined: it would not. */
function taken({ kind, from, to }: NewName, standing: SchemaModel): string | undefined {
  const what = kinds[kind];
  const all = namesInSchemas(standing);
  const isOwn = (one: SchemaName): boolean => sameTable(one.owner, from);
  const moves = (from.schema ?? "public") !== (to.schema ?? "public");
  const parts = moves ? all.filter((one) => isOwn(one) && isPart(one)) : [];
  const there = all.filter((one) => !isOwn(one) && (one.owner.schema ?? "public") === (to.schema ?? "public"));
  for (const own of [{ owner: to, name: to.name, what }, ...parts]) {
    const other = there.find((one) => one.name === own.name && meet(one.what, own.what));
    if (!other) continue;
    const along = isPart(own) ? `its ${own.what} ${own.name} would go along, and ` : "";
    return `The ${what} ${label(from)} cannot become ${label(to)}: ${along}the ${other.what} ${other.name}${isPart(other) ? ` of ${label(other.owner)}` : ""} has that name there already. Rename one of them in a migration before.`;
  }
  return undefined;
}

/** Relations share one set of names, and types another, in which each table and view has its row type. */
function meet(a: SchemaName["what"], b: SchemaName["what"]): boolean {
  const isType = (what: SchemaName["what"]): boolean => what === "table" || what === "view" || what === "type";
  return (a !== "type" && b !== "type") || (isType(a) && isType(b));
}

function isPart({ owner, name, what }: SchemaName): boolean {
  return what === "index" || (what === "sequence" && owner.name !== name);
}

/** Indexes, those of keys among them, and sequences that columns count by. */
function partsOf(table: Table, source: SchemaModel["source"]): readonly SchemaName[] {
  const { name: owner, primaryKey, uniques, indexes, columns } = table;
  const keys = [primaryKey && primaryKeyNameOf(primaryKey, table, source), ...uniques.map((unique) => uniqueNameOf(unique, table, source)), ...indexes.map((index) => indexNameOf(index, table, source))];
  return [
    ...keys.flatMap((name) => (name === undefined ? [] : [{ owner, name, what: "index" } as const])),
    ...columns.flatMap((column) => { const name = sequenceNameOf(column, table, source); return name === undefined ? [] : [{ owner, name, what: "sequence" } as const]; }),
  ];
}
