// What a schema's files export beside tables and enums: sequences, policies of tables, and what migrations of Plumbline do
// not make, by name.
import type { QualifiedName, RowSecurity, SchemaModel, Sequence, Table, Unmodelled } from "../../model/schema";
import { ownSequenceOptions } from "../../model/sequence";
import { tableKey } from "../../model/table-key";
import { rangeOfPlace } from "./places";
import { readPolicy } from "./read-policy";
import { namingFor } from "./read-table";
import type { ViewReading } from "./read-views";
import { isKind, type Casing, type OtherValue, type TableValue } from "./values";

/** The tables with the policies that `.link(table)` gives them; the same list where there are none. */
export function withLinkedPolicies(tables: readonly Table[], others: ReadonlySet<OtherValue>, casing: Casing | undefined): readonly Table[] {
  const linked = new Map<string, OtherValue[]>();
  for (const other of others) if (other.what === "policy" && isKind(other.table, "table")) linked.set(tableKey(nameOf(other.table)), [...(linked.get(tableKey(nameOf(other.table))) ?? []), other]);
  if (linked.size === 0) return tables;
  return tables.map((table) => {
    const own = linked.get(tableKey(table.name)) ?? [];
    if (own.length === 0) return table;
    const { declared, policies = [] }: Partial<RowSecurity> = table.rowSecurity ?? {};
    const more = own.map((other) => ({ ...readPolicy(other, namingFor("pg", casing), table.ormVersion ?? 0), ...(other.place && { at: rangeOfPlace(other.place) }) }));
    return { ...table, rowSecurity: { enabled: true, ...(declared && { declared }), policies: [...policies, ...more] } };
  });
}

/** What `existing()` says is somebody else's. `tables`: those whose policies are theirs. */
export function othersOf(others: ReadonlySet<OtherValue>, readings: readonly ViewReading[], tables: readonly Table[]): Pick<SchemaModel, "sequences" | "unmodelled" | "views"> {
  const sequences = [...others].flatMap(sequenceOf);
  const known = new Set(tables.map(({ name }) => tableKey(name)));
  const views = readings.flatMap(({ view }) => view ?? []);
  const unmodelled = [...readings.flatMap(({ unread }) => unread ?? []), ...[...others].flatMap(unmodelledOf).filter(({ what, name }) => what !== "policy" || !known.has(tableKey(name)))];
  return { ...(sequences.length > 0 && { sequences }), ...(views.length > 0 && { views }), ...(unmodelled.length > 0 && { unmodelled }) };
}

/** drizzle-kit writes no type, which makes it bigint. */
function sequenceOf({ what, name, schema, options, place }: OtherValue): readonly Sequence[] {
  if (what !== "sequence" || name === undefined) return [];
  const own = options === "unread" || options === undefined ? options : ownSequenceOptions("bigint", options);
  return [{ name: { schema: schema ?? "public", name }, type: "bigint", ...(own && { options: own }), ...(place && { at: rangeOfPlace(place) }) }];
}

function unmodelledOf({ what, name, existing, table, place }: OtherValue): readonly Unmodelled[] {
  const at = place && { at: rangeOfPlace(place) };
  if (name === undefined || existing) return [];
  if (what === "role") return [{ what, name: { schema: null, name }, ...at }];
  return what === "policy" && isKind(table, "table") ? [{ what, name: nameOf(table), policy: name, ...at }] : [];
}

function nameOf({ schema, name }: TableValue): QualifiedName {
  return { schema: schema ?? "public", name };
}
