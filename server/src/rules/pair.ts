// What the rules that compare two schemas say alike: where a difference stands in each, and how it is told. It finds no differences: compare does.
import type { Change } from "../model/change";
import type { Fix, RelatedPlace } from "../model/finding";
import type { Column, Index, QualifiedName, SchemaModel, SourceRange, Table } from "../model/schema";
import type { PairDetection, SchemaPair } from "./rule";

/** The table of that name; PostgreSQL's first schema is the same whether it is named or not. */
export function tableOf(model: SchemaModel, name: QualifiedName): Table | undefined {
  let known = tables.get(model);
  if (!known) tables.set(model, (known = new Map(model.tables.map((table) => [key(table.name), table]))));
  return known.get(key(name));
}

const tables = new WeakMap<SchemaModel, ReadonlyMap<string, Table>>();

function key({ schema, name }: QualifiedName): string {
  return JSON.stringify([schema === "public" ? null : schema, name]);
}

export function columnOf(table: Table | undefined, name: string): Column | undefined {
  return table?.columns.find((column) => column.name === name);
}

/** The schema in a message: `prisma/schema.prisma`. */
export function titleOf(model: SchemaModel): string {
  return model.id;
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

/** A difference of one column that both sides have: reported in the left schema, with the right one's place. */
export function columnDifference(pair: SchemaPair, name: QualifiedName, column: string, say: (left: Column, right: Column) => string): PairDetection[] {
  const left = tableOf(pair.left, name);
  const right = tableOf(pair.right, name);
  const own = columnOf(left, column);
  const other = columnOf(right, renamedIn(pair, name, column));
  if (!own || !other) return [];
  return [{
    schema: pair.left.id, table: name, columns: [column], message: say(own, other), at: columnPlace(left, column),
    related: relatedAt(columnPlace(right, other.name), `${name.name}.${other.name} in ${titleOf(pair.right)}`),
  }];
}

/** The right schema's name of a left column. */
export function renamedIn(pair: SchemaPair, table: QualifiedName, column: string): string {
  let names = renames.get(pair.changes);
  if (!names) {
    renames.set(pair.changes, (names = new Map()));
    for (const change of changesOf(pair, "rename-column")) names.set(`${key(change.table)} ${change.from}`, change.to);
  }
  return names.get(`${key(table)} ${column}`) ?? column;
}

const renames = new WeakMap<readonly Change[], Map<string, string>>();

/** Something that one schema has and the other lacks: reported where it is missed, at the table, with the place where it stands. */
export function missing(pair: SchemaPair, side: "left" | "right", name: QualifiedName, columns: readonly string[], what: { readonly at?: SourceRange; readonly name?: string }, message: (lacking: SchemaModel, having: SchemaModel) => string, fix?: Fix): PairDetection {
  const lacking = pair[side];
  const having = side === "left" ? pair.right : pair.left;
  const table = tableOf(lacking, name);
  return {
    schema: lacking.id, table: name, columns, ...(what.name === undefined ? {} : { name: what.name }), message: message(lacking, having),
    at: columns.length === 1 ? columnPlace(table, columns[0]) : tablePlace(table),
    related: relatedAt(what.at ?? tablePlace(tableOf(having, name)), `it stands in ${titleOf(having)}`),
    ...(fix ? { fixes: [{ ...fix, schema: lacking.id }] } : {}),
  };
}

/** `index on (client_id, created_at desc)`. */
export function describeIndex(index: Index): string {
  const keys = index.keys.map((part) => `${part.column ?? part.expression?.sql ?? "?"}${part.order === "desc" ? " desc" : ""}`).join(", ");
  return `${index.unique ? "unique " : ""}${index.method === "btree" ? "" : `${index.method} `}index${index.name === undefined ? "" : ` ${index.name}`} on (${keys})`;
}
