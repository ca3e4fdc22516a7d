// What a schema's files export beside tables and enums: schemas of the database, roles, sequences, policies of tables, and
// what migrations of Plumbline do not make, by name.
import type { QualifiedName, Role, RowSecurity, SchemaModel, Sequence, Table, Unmodelled } from "../../model/schema";
import { ownSequenceOptions } from "../../model/sequence";
import { tableKey } from "../../model/table-key";
import { rangeOfPlace } from "./places";
import { readPolicy } from "./read-policy";
import { namingFor } from "./read-table";
import type { ViewReading } from "./read-views";
import { isKind, type Casing, type OtherValue, type SchemaValue, type TableValue, type UnknownValue, type Value } from "./values";

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

/** What is exported beside tables; of a schema of the database, undefined where its name could not be read. */
export interface Beside {
  readonly others: ReadonlySet<OtherValue>;
  readonly schemas: ReadonlySet<SchemaValue | UnknownValue>;
  readonly views: readonly ViewReading[];
}

/** `tables`: those whose policies are theirs. */
export function othersOf({ others, schemas, views: readings }: Beside, tables: readonly Table[]): Pick<SchemaModel, "schemas" | "roles" | "sequences" | "unmodelled" | "views"> {
  const roles = [...others].flatMap(roleOf);
  const names = new Set([...schemas].flatMap((one) => (one.kind === "schema" && one.family === "pg" && one.name !== "public" && !one.existing ? [one.name] : [])));
  const nameless = [...schemas].some(({ kind }) => kind === "unknown");
  const sequences = [...others].flatMap(sequenceOf);
  const known = new Set(tables.map(({ name }) => tableKey(name)));
  const views = readings.flatMap(({ view }) => view ?? []);
  const unmodelled: readonly Unmodelled[] = [...(nameless ? [{ what: "schema", name: { schema: null, name: "" } } as const] : []), ...readings.flatMap(({ unread }) => unread ?? []), ...[...others].flatMap(unmodelledOf).filter(({ what, name }) => what !== "policy" || !known.has(tableKey(name)))];
  return { ...(names.size > 0 && { schemas: [...names] }), ...(roles.length > 0 && { roles }), ...(sequences.length > 0 && { sequences }), ...(views.length > 0 && { views }), ...(unmodelled.length > 0 && { unmodelled }) };
}

/** drizzle-kit writes no type, which makes it bigint. */
function sequenceOf({ what, name, schema, options, place }: OtherValue): readonly Sequence[] {
  if (what !== "sequence" || name === undefined) return [];
  const own = options === "unread" || options === undefined ? options : ownSequenceOptions("bigint", options);
  return [{ name: { schema: schema ?? "public", name }, type: "bigint", ...(own && { options: own }), ...(place && { at: rangeOfPlace(place) }) }];
}

/** As drizzle-kit takes it: an option that is not given is that of CREATE ROLE. None where a part of it cannot be read. */
function roleOf({ what, name, family, config, existing, place }: OtherValue): readonly Role[] {
  if (what !== "role" || name === undefined || family === "cockroach") return [];
  const own = existing ? roleOptions(undefined) : roleOptions(config);
  return own ? [{ name, ...own, ...(existing && { existing: true }), ...(place && { at: rangeOfPlace(place) }) }] : [];
}

function roleOptions(config: Value): Pick<Role, "createDatabase" | "createRole" | "inherit"> | undefined {
  if (config !== undefined && (!isKind(config, "object") || config.unknown)) return undefined;
  const [createDatabase, createRole, inherit] = ([["createDb", false], ["createRole", false], ["inherit", true]] as const).map(([option, otherwise]) => config?.props.get(option) ?? otherwise);
  return typeof createDatabase === "boolean" && typeof createRole === "boolean" && typeof inherit === "boolean" ? { createDatabase, createRole, inherit } : undefined;
}

function unmodelledOf(other: OtherValue): readonly Unmodelled[] {
  const { what, name, existing, table, place } = other;
  const at = place && { at: rangeOfPlace(place) };
  if (existing) return [];
  if (what === "role") return roleOf(other).length > 0 ? [] : [{ what, name: { schema: null, name: name ?? "" }, ...at }];
  if (name === undefined) return [];
  return what === "policy" && isKind(table, "table") ? [{ what, name: nameOf(table), policy: name, ...at }] : [];
}

function nameOf({ schema, name }: TableValue): QualifiedName {
  return { schema: schema ?? "public", name };
}
