// The catalogue's document as a SchemaModel: everything is joined here by oid, in one pass a section. Objects that refer
// to something that is not in the document (dropped while it was read) are left out, and their table is incomplete.
import type { Check, Column, Domain, EnumType, ForeignKey, Index, Policy, QualifiedName, ReferentialAction, SchemaModel, Sequence, Table, Unique } from "../../model/schema";
import { ownSequenceOptions } from "../../model/sequence";
import type { CatalogueSection } from "./catalogue";
import { catalogueColumns, type CatalogueColumn, type SequenceRow } from "./columns";
import { expressionOf } from "./expression";
import { indexAssembler } from "./index-assembly";
import { rows, type Document } from "./section";
import { viewsOf } from "./views";

/** A table as it is being put together. */
interface Draft {
  readonly name: QualifiedName;
  readonly kind?: Table["kind"];
  readonly columns: readonly CatalogueColumn[];
  readonly uniques: Unique[];
  readonly foreignKeys: ForeignKey[];
  readonly indexes: Index[];
  readonly checks: Check[];
  readonly otherNames: string[];
  primaryKey?: Table["primaryKey"];
  replicaIdentity?: string;
  readonly rowSecurity: boolean;
  readonly policies: Policy[];
  complete: boolean;
}

/** `id` is the connection's name. Tables, views and the rest are in order of schema and name, columns in their own. */
export function assembleModel(document: Document<CatalogueSection>, id: string): SchemaModel {
  const schemas = new Map(rows<[oid: number, name: string]>(document.schemas).map(([oid, name]) => [oid, name]));
  const named = (schema: number, name: string): QualifiedName => ({ schema: schemas.get(schema) ?? "?", name });
  const enums = enumsOf(document, named);
  const { byTable, countedBySequences } = catalogueColumns(document, new Map(enums.map(([oid, { name }]) => [oid, name])), named);
  const drafts = new Map<number, Draft>();
  for (const [oid, schema, name, kind, isPartition, rowSecurity] of rows<[number, number, string, string, boolean, boolean]>(document.relations)) {
    const said: Table["kind"] = kind === "p" ? "partitioned table" : kind === "f" ? "foreign table" : isPartition ? "partition" : undefined;
    drafts.set(oid, { name: named(schema, name), ...(said && { kind: said }), columns: byTable.get(oid) ?? [], uniques: [], foreignKeys: [], indexes: [], checks: [], otherNames: [], rowSecurity, policies: [], complete: true });
  }
  addConstraints(document, drafts);
  addPolicies(document, drafts);
  const parents = new Map(rows<[child: number, parent: number]>(document.parents));
  return {
    id,
    source: "database",
    dialect: "postgresql",
    tables: [...drafts].map(([oid, draft]) => tableOf(draft, drafts.get(parents.get(oid) ?? 0)?.name)).sort(byName),
    enums: enums.map(([, type]) => type).sort(byName),
    views: [...viewsOf(document.views, named)].sort(byName),
    sequences: rows<SequenceRow>(document.sequences)
      .filter(([, , , table, column]) => table === null || !countedBySequences.has(`${table} ${column}`))
      .map(([schema, name, type, table, , options]): Sequence => { const own = ownSequenceOptions(type, options ?? {}); return { name: named(schema, name), type, ...(own && { options: own }), ...(table !== null && { owned: true }) }; }).sort(byName),
    domains: rows<[number, string, string, boolean, string | null, string[] | null]>(document.domains)
      .map(([schema, name, baseType, notNull, value, checks]): Domain => ({ name: named(schema, name), baseType, nullable: !notNull, ...(value !== null && { default: value }), checks: checks ?? [] })).sort(byName),
  };
}

function enumsOf(document: Document<CatalogueSection>, named: (schema: number, name: string) => QualifiedName): readonly (readonly [oid: number, type: EnumType])[] {
  return rows<[number, number, string, string[] | null]>(document.enums).map(([oid, schema, name, values]) => [oid, { name: named(schema, name), values: values ?? [] }]);
}

function tableOf(draft: Draft, partitionOf: QualifiedName | undefined): Table {
  const { name, kind, primaryKey, replicaIdentity, otherNames, rowSecurity, policies } = draft;
  const columns: Column[] = [];
  let complete = draft.complete;
  for (const each of draft.columns) {
    // Dropped ones leave holes.
    if (each === undefined) continue;
    columns.push(each.column);
    if (each.column.type.name === "unknown") complete = false;
  }
  return {
    name,
    property: name.name,
    columns,
    ...(primaryKey && { primaryKey }),
    uniques: draft.uniques.sort(byText),
    foreignKeys: draft.foreignKeys.sort(byText),
    indexes: draft.indexes.sort(byText),
    checks: draft.checks.sort(byText),
    relations: [],
    complete,
    ...(kind && { kind }),
    ...(partitionOf && { partitionOf }),
    ...(replicaIdentity !== undefined && { replicaIdentity }),
    ...(otherNames.length > 0 && { otherNames: otherNames.sort() }),
    ...((rowSecurity || policies.length > 0) && { rowSecurity: { enabled: rowSecurity, policies: policies.sort(byText) } }),
  };
}

type ConstraintRow = [
  oid: number, table: number, name: string, kind: string, columns: number[] | null, references: number | null, referenced: number[] | null, onUpdate: string, onDelete: string,
  flags: string, index: number | null, parent: number | null, expression: string | null, elsewhere: [schema: string, table: string, columns: string[] | null] | null,
];

/** Constraints of all kinds, and the indexes, which say more about those that they serve. */
function addConstraints(document: Document<CatalogueSection>, drafts: ReadonlyMap<number, Draft>): void {
  const all = rows<ConstraintRow>(document.constraints);
  const tableOfConstraint = new Map(all.map(([oid, table]) => [oid, table]));
  const kindByIndex = new Map<number, string>();
  for (const row of all) if (row[10] !== null && row[3] !== "f") kindByIndex.set(row[10], row[3]);
  const distinctNulls = addIndexes(document, drafts, kindByIndex);
  for (const row of all) {
    const oid = row[1], name = row[2], kind = row[3], numbers = row[4], flags = row[9], index = row[10], parent = row[11], expression = row[12];
    const draft = drafts.get(oid);
    if (!draft) continue;
    const columns = names(draft, numbers);
    switch (kind) {
      case "p":
        if (columns) draft.primaryKey = { name, columns };
        break;
      case "u":
        // WITHOUT OVERLAPS: not the columns are unique, but the ranges do not overlap.
        if (flags.includes("p")) draft.otherNames.push(name);
        else if (columns) draft.uniques.push({ name, columns, ...(index !== null && distinctNulls.has(index) && { nullsNotDistinct: true }) });
        break;
      case "c":
        draft.checks.push({ name, expression: { sql: expression ?? "", columns: columns ?? [], complete: expression !== null && columns !== undefined }, ...(!flags.includes("v") && { validated: false }) });
        break;
      case "f":
        // What PostgreSQL keeps for each partition of the referenced table belongs to the key itself.
        if (parent !== null && tableOfConstraint.get(parent) === oid) break;
        addForeignKey(row, draft, columns, drafts);
        break;
      default:
        draft.otherNames.push(name);
    }
    if (columns === undefined) draft.complete = false;
  }
}

function addForeignKey([, , name, , , references, referenced, onUpdate, onDelete, flags, , , , elsewhere]: ConstraintRow, draft: Draft, columns: readonly string[] | undefined, drafts: ReadonlyMap<number, Draft>): void {
  const other = references === null ? undefined : drafts.get(references);
  const target = other ? { table: other.name, columns: names(other, referenced) } : elsewhere && { table: { schema: elsewhere[0], name: elsewhere[1] }, columns: elsewhere[2] ?? undefined };
  if (!columns || !target?.columns) {
    draft.complete = false;
    return;
  }
  draft.foreignKeys.push({
    name,
    columns,
    references: { table: target.table, columns: target.columns },
    onDelete: actions[onDelete] ?? "no action",
    onUpdate: actions[onUpdate] ?? "no action",
    // NOT ENFORCED, from PostgreSQL 18 on: nothing is checked.
    enforced: !flags.includes("u"),
    ...(!flags.includes("v") && { validated: false }),
    ...(flags.includes("d") && { deferrable: flags.includes("D") ? "initially deferred" : "initially immediate" }),
  });
}

/** pg_constraint.confdeltype: https://www.postgresql.org/docs/current/catalog-pg-constraint.html */
const actions: Readonly<Record<string, ReferentialAction>> = { a: "no action", r: "restrict", c: "cascade", n: "set null", d: "set default" };

type PolicyRow = [table: number, name: string, permissive: boolean, command: string, roles: string[] | null, using: string | null, withCheck: string | null, reads: [table: number, column: number][] | null];

/** pg_policy.polcmd: https://www.postgresql.org/docs/current/catalog-pg-policy.html */
const commands: Readonly<Record<string, Policy["for"]>> = { "*": "all", r: "select", a: "insert", w: "update", d: "delete" };

function addPolicies(document: Document<CatalogueSection>, drafts: ReadonlyMap<number, Draft>): void {
  for (const [table, name, permissive, command, roles, using, withCheck, reads] of rows<PolicyRow>(document.policies)) {
    const draft = drafts.get(table);
    if (!draft) continue;
    const columns = new Set(draft.columns.flatMap((one) => one?.column.name ?? []));
    const read = (reads ?? []).flatMap(([other, number]) => { const of = drafts.get(other), column = of?.columns[number]?.column.name; return of && column !== undefined ? [{ table: of.name, column }] : []; });
    draft.policies.push({
      name, as: permissive ? "permissive" : "restrictive", for: commands[command] ?? "all", to: roles ?? [],
      ...(using !== null && { using: expressionOf(using, columns) }), ...(withCheck !== null && { withCheck: expressionOf(withCheck, columns) }),
      complete: roles !== null, reads: read.sort((a, b) => byName({ name: a.table }, { name: b.table }) || compareText(a.column, b.column)),
    });
  }
}

/** Gives the oids of the indexes that say NULLS NOT DISTINCT. */
function addIndexes(document: Document<CatalogueSection>, drafts: ReadonlyMap<number, Draft>, kindByIndex: ReadonlyMap<number, string>): ReadonlySet<number> {
  const assemble = indexAssembler(document);
  const distinct = new Set<number>();
  for (const row of document.indexes) {
    const [table, oid] = row as [number, number];
    const draft = drafts.get(table);
    if (!draft) continue;
    const made = assemble(row, draft.columns, kindByIndex.get(oid));
    if (!made) {
      draft.complete = false;
      continue;
    }
    draft.indexes.push(made.index);
    if (made.index.nullsNotDistinct) distinct.add(oid);
    if (made.replicaIdentity && made.index.constraint !== "primary key") draft.replicaIdentity = made.index.name;
  }
  return distinct;
}

/** Undefined where one of them is not there. A check that names no column has none. */
function names(draft: Draft, numbers: readonly number[] | null): readonly string[] | undefined {
  const found: string[] = [];
  for (const number of numbers ?? []) {
    // The whole row, in a check: no column of its own.
    if (number === 0) continue;
    const column = draft.columns[number];
    if (!column) return undefined;
    found.push(column.column.name);
  }
  return found;
}

function byName(a: { readonly name: QualifiedName }, b: { readonly name: QualifiedName }): number {
  return compareText(a.name.schema ?? "", b.name.schema ?? "") || compareText(a.name.name, b.name.name);
}

function byText(a: { readonly name?: string }, b: { readonly name?: string }): number {
  return compareText(a.name ?? "", b.name ?? "");
}

/** By code units: the same on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
