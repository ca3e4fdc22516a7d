// Relation fields to foreign keys and relations, and pairs of lists to the join tables that Prisma makes by itself.
import type { Column, DialectName, ForeignKey, QualifiedName, ReferentialAction, Relation, SourceRange, Table } from "../../model/schema";
import { columnOfField, type ModelDeclaration, type RelationDeclaration, type SchemaFacts } from "./declaration";
import type { Surroundings } from "./indexes";
import type { WaitingField } from "./outline";

/** The foreign key of a field with `@relation(fields: […], references: […])`; undefined for the other side of a relation. An unknown target keeps its key, under the name in the code. */
export function foreignKeyOf({ name: field, type, relation }: WaitingField, target: ModelDeclaration | undefined, table: Surroundings, facts: SchemaFacts): ForeignKey | undefined {
  if (!relation?.fields) return undefined;
  const { fields } = relation;
  const references = relation.references ?? target?.id ?? [];
  const columns = columnsOf(fields, table);
  const missing = columns.indexOf(undefined);
  if (missing >= 0) table.problem(`There is no field ${fields[missing]} for the relation ${field}`, relation);
  if (missing >= 0 || columns.length === 0) return undefined;
  const required = !type.optional || isAnyRequired(fields, table);
  return {
    name: relation.map,
    columns: columns as readonly string[],
    references: {
      table: target?.table ?? { schema: facts.dialect === "postgresql" || facts.dialect === "cockroachdb" ? "public" : null, name: type.name },
      columns: target ? columnsIn(target, references) : references,
    },
    onDelete: relation.onDelete ?? (required ? restrict(facts.dialect) : "set null"),
    onUpdate: relation.onUpdate ?? (facts.dialect === "mongodb" ? "no action" : "cascade"),
    enforced: facts.enforced,
    at: table.range(relation),
  };
}

function columnsOf(fields: readonly string[], table: Surroundings): readonly (string | undefined)[] {
  return fields.length === 1 ? [table.column(fields[0]!)] : fields.map((name) => table.column(name));
}

function isAnyRequired(fields: readonly string[], table: Surroundings): boolean {
  return fields.some((name) => !table.isNullable(name));
}

function columnsIn(target: ModelDeclaration, fields: readonly string[]): readonly string[] {
  return fields.length === 1 ? [columnOfField(target, fields[0]!)] : fields.map((name) => columnOfField(target, name));
}

/** The field as a relation, for navigation. */
export function relationOf(field: WaitingField, target: ModelDeclaration, key: ForeignKey | undefined, at: SourceRange): Relation {
  return { name: field.name, target: target.table, many: field.type.list, columns: key?.columns ?? [], references: key?.references.columns ?? [], at };
}

/** The relation of `field` that a join table stands behind, seen from the side that owns it (column A), or undefined. */
export function joinRelation(field: WaitingField, model: ModelDeclaration, target: ModelDeclaration): { readonly name: string } | undefined {
  const relation = field.relation?.name ?? "";
  for (const other of target.relations) {
    if (!isBackOf(other, field.name, relation, model, target)) continue;
    const owns = model.name === target.name ? field.name < other.field : model.name < target.name;
    return owns ? { name: relation || `${model.name}To${target.name}` } : undefined;
  }
  return undefined;
}

function isBackOf(other: RelationDeclaration, field: string, relation: string, model: ModelDeclaration, target: ModelDeclaration): boolean {
  return other.list && other.target === model.name && other.relation === relation && (model.name !== target.name || other.field !== field);
}

/** `_AToB` with the columns A and B, each a key to one side. Its unique key leads with A and its index is on B, so both keys are always served. */
export function joinTable(name: string, a: ModelDeclaration, b: ModelDeclaration, at: SourceRange, facts: SchemaFacts): Table {
  const own: QualifiedName = { schema: a.table.schema, name: `_${name}` };
  const byKey = facts.joinTableKey === "primary key";
  return {
    name: own,
    property: name,
    columns: [joinColumn("A", a), joinColumn("B", b)],
    primaryKey: byKey ? { name: `_${name}_AB_pkey`, columns: ["A", "B"] } : undefined,
    uniques: [],
    foreignKeys: [joinKey("A", a, own, facts), joinKey("B", b, own, facts)],
    indexes: [
      ...(byKey ? [] : [{ name: `_${name}_AB_unique`, method: "btree", unique: true, keys: [{ column: "A", order: "asc" as const }, { column: "B", order: "asc" as const }], include: [] }]),
      { name: `_${name}_B_index`, method: "btree", unique: false, keys: [{ column: "B", order: "asc" }], include: [] },
    ],
    checks: [],
    relations: [],
    complete: true,
    implicit: true,
    at,
    nameAt: at,
  };
}

function joinColumn(name: "A" | "B", of: ModelDeclaration): Column {
  return { name, property: name, type: { name: of.idType }, nullable: false };
}

function joinKey(column: "A" | "B", to: ModelDeclaration, own: QualifiedName, facts: SchemaFacts): ForeignKey {
  const id = to.id.length > 0 ? columnOfField(to, to.id[0]!) : undefined;
  return {
    name: `${own.name}_${column}_fkey`, columns: [column], references: { table: to.table, columns: id ? [id] : [] },
    onDelete: "cascade", onUpdate: "cascade", enforced: facts.enforced,
  };
}

/** SQL Server knows no RESTRICT. */
function restrict(dialect: DialectName): ReferentialAction {
  return dialect === "sqlserver" ? "no action" : "restrict";
}
