// What the rules that compare two schemas say alike: where a difference stands in each, and how it is told. It finds no differences: compare does.
import { inverse, type Change } from "../model/change";
import type { Fix, RelatedPlace } from "../model/finding";
import type { Column, Index, QualifiedName, SchemaModel, SourceRange, Table, Unique } from "../model/schema";
import { tableKey } from "../model/table-key";
import type { PairDetection, SchemaPair } from "./rule";

/** The table of that name; PostgreSQL's first schema is the same whether it is named or not. */
export function tableOf(model: SchemaModel, name: QualifiedName): Table | undefined {
  let known = tables.get(model);
  if (!known) tables.set(model, (known = new Map(model.tables.map((table) => [tableKey(table.name), table]))));
  return known.get(tableKey(name));
}

const tables = new WeakMap<SchemaModel, ReadonlyMap<string, Table>>();

/** The right schema's table of a left one's name, which may be another there. */
export function otherTable(pair: SchemaPair, name: QualifiedName): Table | undefined {
  let names = renamedTables.get(pair.changes);
  if (!names) renamedTables.set(pair.changes, (names = new Map([...changesOf(pair, "rename-table")].map(({ from, to }) => [tableKey(from), to]))));
  return tableOf(pair.right, names.get(tableKey(name)) ?? name);
}

const renamedTables = new WeakMap<readonly Change[], ReadonlyMap<string, QualifiedName>>();

export function columnOf(table: Table | undefined, name: string): Column | undefined {
  return table?.columns.find((column) => column.name === name);
}

/** The schema in a message: `prisma/schema.prisma`, `the database shop`. */
export function titleOf(model: SchemaModel): string {
  return model.source === "database" ? `the database ${model.id}` : model.id;
}

/** What is to be done about something that the left schema alone has, or the right one alone. */
export function adviceFor(pair: SchemaPair, having: "left" | "right"): string {
  if (pair.against === "code") return "add it there, or delete it here";
  return having === "left" ? "no migration has made it there yet" : "the next push or migration drops it. Add it here, or drop it there on purpose";
}

/** Where something is told that a database alone has and no table of the code could hold: at the beginning of the schema's first file. */
export function schemaPlace(model: SchemaModel): SourceRange | undefined {
  const file = model.tables.find(({ at }) => at)?.at?.file;
  return file === undefined ? undefined : { file, start: 0, end: 0 };
}

export function tablePlace(table: Table | undefined): SourceRange | undefined {
  return table?.nameAt ?? table?.at;
}

export function columnPlace(table: Table | undefined, name: string | undefined): SourceRange | undefined {
  const column = name === undefined ? undefined : columnOf(table, name);
  return column?.nameAt ?? column?.at ?? tablePlace(table);
}

export function relatedAt(at: SourceRange | undefined, message: string): readonly RelatedPlace[] {
  return at ? [{ at, message }] : [];
}

/** The changes of one kind. */
export function* changesOf<Kind extends Change["kind"]>(pair: SchemaPair, kind: Kind): Generator<Extract<Change, { kind: Kind }>> {
  for (const change of pair.changes) if (change.kind === kind) yield change as Extract<Change, { kind: Kind }>;
}

/** The fixes that make the left schema say what the right one has, and, where both are code, the other way round. `change` leads from left to right, `back` is what undoes it there. */
export function fixesToSay(pair: SchemaPair, title: (of: "left" | "right") => string, changes: readonly Change[], back: readonly Change[], preferred = false): readonly Fix[] {
  const here: Fix = { title: `${title("right")}, as in ${titleOf(pair.right)}`, changes, schema: pair.left.id, ...(preferred && { preferred }) };
  return pair.against === "database" || back.length === 0 ? [here] : [here, { title: `${title("left")} in ${titleOf(pair.right)}, as here`, changes: back, schema: pair.right.id }];
}

type ColumnAlteration = Extract<Change, { kind: "alter-column-type" | "alter-column-nullability" | "alter-column-default" }>;

/** A difference of one column that both sides have: reported in the left schema, with the right one's place. `to` says what the fix writes: "orders.amount bigint". */
export function columnDifference(pair: SchemaPair, change: ColumnAlteration, say: (left: Column, right: Column) => string, to: (column: Column) => string): PairDetection[] {
  const { table: name, column } = change;
  const left = tableOf(pair.left, name);
  const right = otherTable(pair, name);
  const own = columnOf(left, column);
  const other = columnOf(right, renamedIn(pair, name, column));
  if (!own || !other) return [];
  return [{
    schema: pair.left.id, table: name, columns: [column], message: say(own, other), at: columnPlace(left, column),
    fixes: fixesToSay(pair, (of) => `Make ${name.name}.${column} ${to(of === "left" ? own : other)}`, [change], [{ ...(inverse(change) as ColumnAlteration), table: right!.name, column: other.name }]),
    related: relatedAt(columnPlace(right, other.name) ?? columnPlace(left, column), pair.against === "code" ? `${name.name}.${other.name} in ${titleOf(pair.right)}` : `${titleOf(pair.right)} has ${definitionOf(other)}`),
  }];
}

/** The right schema's name of a left column. */
export function renamedIn(pair: SchemaPair, table: QualifiedName, column: string): string {
  let names = renames.get(pair.changes);
  if (!names) {
    renames.set(pair.changes, (names = new Map()));
    for (const change of changesOf(pair, "rename-column")) names.set(`${tableKey(change.table)} ${change.from}`, change.to);
  }
  return names.get(`${tableKey(table)} ${column}`) ?? column;
}

const renames = new WeakMap<readonly Change[], Map<string, string>>();

/**
 * Something that one schema has and the other lacks. Between two codes it is reported where it is missed, at the table, with the place where it stands; against a database where it stands in the code,
 * and at the code's table where the database alone has it. `statement` says it of a place: "x is unique in schema.prisma and not here".
 */
export function missing(pair: SchemaPair, side: "left" | "right", name: QualifiedName, columns: readonly string[], what: { readonly at?: SourceRange; readonly name?: string }, statement: (where: string) => string, fix?: Fix): PairDetection {
  const lacking = pair[side];
  const having = side === "left" ? pair.right : pair.left;
  if (pair.against === "database" && side === "right") {
    const own = tableOf(pair.left, name);
    return {
      schema: pair.left.id, table: name, columns, ...(what.name === undefined ? {} : { name: what.name }), message: `${statement(`here and not in ${titleOf(pair.right)}`)}: ${adviceFor(pair, "left")}.`,
      at: what.at ?? (columns.length === 1 ? columnPlace(own, columns[0]) : tablePlace(own)),
    };
  }
  const sides = side === "left" ? [tableOf(pair.left, name), otherTable(pair, name)] : [otherTable(pair, name), tableOf(pair.left, name)];
  const [table, other] = sides;
  return {
    schema: lacking.id, table: table?.name ?? name, columns, ...(what.name === undefined ? {} : { name: what.name }),
    message: `${statement(`in ${titleOf(having)} and not here`)}: ${pair.against === "code" ? "add it, or delete it there" : adviceFor(pair, "right")}.`,
    at: columns.length === 1 ? columnPlace(table, columns[0]) : tablePlace(table),
    related: relatedAt(what.at ?? tablePlace(other), `it stands in ${titleOf(having)}`),
    ...(fix ? { fixes: [{ ...fix, changes: fix.changes.map((change) => ("table" in change && "schema" in change.table && table ? ({ ...change, table: table.name } as Change) : change)), schema: lacking.id }] } : {}),
  };
}

/** An index without what only its own schema knows of it. */
export function plainIndex({ at: _, valid: __, constraint: ___, ...index }: Index): Index {
  return index;
}

/** What makes `own`, an index or unique constraint of `table` as a comparison shows it, the one that `wanted` is in `other`: under the name that it has there. */
export function indexChanges(own: Index, table: Table, wanted: Index, other: Table): readonly Change[] {
  const [from, to] = [declared(own, table), declared(wanted, other)];
  if (!from || !to) return [];
  const index = plainIndex({ ...wanted, name: to.one.name });
  if (from.kind === "unique") return [{ kind: "drop-unique", table: table.name, unique: from.one }, { kind: "add-index", table: table.name, index }];
  if (from.one.name === undefined || index.name === undefined || from.one.name === index.name) return [{ kind: "alter-index", table: table.name, from: from.one, to: index }];
  return [{ kind: "drop-index", table: table.name, index: from.one }, { kind: "add-index", table: table.name, index }];
}

type Declared = { readonly kind: "index"; readonly one: Index } | { readonly kind: "unique"; readonly one: Unique };

/** What `table` declares where a comparison shows `shown`, which may bear the other side's name. */
function declared(shown: Index, table: Table): Declared | undefined {
  const definition = (index: Index): string => JSON.stringify({ ...plainIndex(index), name: undefined });
  const index = table.indexes.find((one) => one.constraint === undefined && (shown.at ? samePlace(one.at, shown.at) : definition(one) === definition(shown)));
  if (index) return { kind: "index", one: index };
  const columns = shown.keys.map(({ column }) => column).join("\0");
  const unique = table.uniques.find((one) => (shown.at ? samePlace(one.at, shown.at) : shown.unique && one.columns.join("\0") === columns));
  return unique && { kind: "unique", one: unique };
}

function samePlace(a: SourceRange | undefined, b: SourceRange): boolean {
  return a !== undefined && a.file === b.file && a.start === b.start && a.end === b.end;
}

/** `text not null default now()`. */
export function definitionOf(column: Column): string {
  return `${column.type.name}${column.nullable ? "" : " not null"}${column.default ? ` default ${column.default.sql}` : ""}`;
}

/** `index on (client_id, created_at desc)`. */
export function describeIndex(index: Index): string {
  const keys = index.keys.map((part) => `${part.column ?? part.expression?.sql ?? "?"}${part.order === "desc" ? " desc" : ""}`).join(", ");
  return `${index.unique ? "unique " : ""}${index.method === "btree" ? "" : `${index.method} `}index${index.name === undefined ? "" : ` ${index.name}`} on (${keys})`;
}
