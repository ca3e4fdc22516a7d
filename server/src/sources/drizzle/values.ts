// What an expression of a schema file can be: plain JavaScript values, values with code in them, and what Drizzle's
// builders make. What cannot be known is a value too, with its reason and place.
import type { ts as t } from "ts-morph";
import type { DialectName } from "../../model/schema";
import type { SequenceOptions } from "../../model/sequence";
import type { Chunk } from "./chunk";
import type { Scope } from "./scope";
import type { Slot } from "./slot";

export type Primitive = undefined | null | boolean | number | string | bigint;
export type Value = Primitive | Composite;
export type Composite =
  | ObjectValue | ArrayValue | FunctionValue | NativeValue | ClassValue | UnknownValue | NamespaceValue | RegexValue | DateValue
  | BuilderValue | ColumnValue | TableValue | SchemaValue | EnumValue | SqlValue | IndexValue | UniqueValue | PrimaryKeyValue
  | ForeignKeyValue | CheckValue | OtherValue | RelationsValue | RelationValue | RelationTablesValue | QueryValue;

/** A piece of code; `outer` is the piece that brought it in (a spread, a call), out to the table's own statement. */
export interface Place {
  readonly chunk: Chunk;
  readonly node: t.Node;
  /** Where the piece begins, if not at its node: `references(…)` of a chain. */
  readonly from?: t.Node;
  readonly name?: t.Node;
  readonly outer?: Place;
}

export interface ObjectValue {
  readonly kind: "object";
  readonly props: Map<string, Value>;
  readonly places: Map<string, Place>;
  getters?: Map<string, FunctionValue>;
  /** An instance's class. */
  readonly of?: ClassValue;
  /** Something unknown was spread into it. */
  unknown?: UnknownValue;
}

export interface ArrayValue {
  readonly kind: "array";
  readonly items: Value[];
  readonly places: (Place | undefined)[];
  unknown?: UnknownValue;
}

export interface FunctionValue {
  readonly kind: "function";
  readonly node: t.FunctionLikeDeclaration;
  readonly scope: Scope;
  readonly props: Map<string, Value>;
  /** A method's object. */
  readonly receiver?: Value;
}

/** A function that Plumbline knows. */
export interface NativeValue {
  readonly kind: "native";
  readonly name: string;
  call(args: readonly Value[], site: CallSite): Value;
  readonly props?: ReadonlyMap<string, Value>;
  /** Its arguments are read for their names alone. */
  readonly soft?: boolean;
}

export interface CallSite {
  readonly place: Place;
  readonly scope: Scope;
}

export interface ClassValue {
  readonly kind: "class";
  readonly node: t.ClassLikeDeclaration;
  readonly scope: Scope;
  readonly base: Value;
  readonly props: Map<string, Value>;
}

export interface UnknownValue {
  readonly kind: "unknown";
  readonly reason: string;
  readonly place?: Place;
  /** From the environment: a condition on it counts as false, as where nothing is set. */
  readonly environment?: boolean;
  /** The environment variable that it is the value of, where that is not set. */
  readonly variable?: string;
  /** It would be a table, if its name were known. */
  readonly table?: boolean;
  /** It would be a schema of a PostgreSQL database. */
  readonly schema?: boolean;
  /** The call that made it: what looks like a column of an unknown helper is still a column. */
  readonly call?: { readonly firstArgument: () => Value };
  readonly notNull?: boolean;
}

export interface NamespaceValue {
  readonly kind: "namespace";
  /** Absolute path. */
  readonly file: string;
}

export interface RegexValue {
  readonly kind: "regex";
  readonly regex: RegExp;
}

export interface DateValue {
  readonly kind: "date";
  /** `toISOString()` of it: 2024-01-01T00:00:00.000Z. */
  readonly iso: string;
}

/** The `drizzle-orm/*-core` that a table comes from. */
export type Family = "pg" | "mysql" | "sqlite" | "singlestore" | "gel" | "mssql" | "cockroach";

export const dialectOf: Readonly<Record<Family, DialectName>> = {
  pg: "postgresql", gel: "postgresql", mysql: "mysql", singlestore: "mysql", sqlite: "sqlite", mssql: "sqlserver", cockroach: "cockroachdb",
};

export type Casing = "snake_case" | "camelCase";

export interface ReferenceValue {
  readonly target: Value;
  readonly name?: string;
  readonly onDelete?: Value;
  readonly onUpdate?: Value;
  readonly place: Place;
}

/** A column builder. Every call of a chain gives a new one: shared ones are reused in many tables. */
export interface BuilderValue {
  readonly kind: "builder";
  readonly family: Family;
  readonly name?: string;
  readonly type: string;
  /** The type as drizzle-kit records it, where that does not follow from `type`. */
  readonly recorded?: string;
  readonly enum?: EnumValue;
  readonly values?: readonly string[];
  readonly notNull: boolean;
  readonly primary: boolean;
  readonly unique?: { readonly name?: string; readonly nullsNotDistinct?: boolean; readonly place: Place };
  readonly default?: Value;
  readonly generated?: "stored" | "virtual" | "identity" | "serial" | "client";
  readonly identity?: "always";
  readonly references: readonly ReferenceValue[];
  readonly collation?: string;
  /** Name of the identity's sequence. */
  readonly sequence?: string;
  /** As the code gives them. */
  readonly sequenceOptions?: Partial<SequenceOptions> | "unread";
  /** Not a known builder: its constraints are not known either. */
  readonly unknown?: UnknownValue;
}

export interface TableColumn {
  readonly property: string;
  readonly builder: BuilderValue;
  readonly place?: Place;
}

export interface TableValue {
  readonly kind: "table";
  readonly family: Family;
  readonly view: boolean;
  readonly materialized?: boolean;
  /** `.existing()`: somebody else makes the view. */
  readonly existing?: boolean;
  /** What is chained to a view. */
  readonly viewParts?: ViewParts;
  /** `alias(table, name)`: what queries call it. */
  readonly alias?: string;
  /** Set by `.enableRLS()`, also after the table was made. */
  rowSecurity?: boolean;
  readonly name: string;
  readonly schema?: string;
  readonly columns: ReadonlyMap<string, TableColumn>;
  readonly unknowns: readonly UnknownValue[];
  readonly extra?: Value;
  readonly extraPlace?: Place;
  /** The binding in whose statement it is made. */
  readonly home?: Slot;
  /** Absent for tables that Drizzle itself brings. */
  readonly place?: Place;
  /** v1: the table's own; v0 leaves it to the config. */
  readonly casing?: Casing;
}

/** `query` is the argument of `.as(…)`: SQL, a query, or a function that makes one, which is called where `at` says. */
export interface ViewParts {
  readonly query?: Value;
  readonly at?: CallSite;
  readonly with?: Value;
  readonly using?: Value;
  readonly tablespace?: Value;
  readonly noData?: boolean;
}

export interface ColumnValue {
  readonly kind: "column";
  readonly table: TableValue;
  readonly column: TableColumn;
  readonly order?: "asc" | "desc";
  readonly nulls?: "first" | "last";
  readonly operatorClass?: string;
  /** v1: `.through(…)` of a relation's end. */
  readonly through?: ColumnValue;
  /** Where a query selects from one table alone, its columns stand without the table's name. */
  readonly bare?: boolean;
}

export interface SchemaValue {
  readonly kind: "schema";
  readonly family: Family;
  readonly name: string;
  readonly casing?: Casing;
  /** `.existing()`: somebody else makes it. */
  readonly existing?: boolean;
}

export interface EnumValue {
  readonly kind: "enum";
  readonly name: string;
  readonly schema?: string;
  readonly values: readonly string[];
  /** Why its values cannot be read. */
  readonly unread?: string;
  readonly object?: ObjectValue;
  readonly place: Place;
  readonly home?: Slot;
}

/** SQL text with values between its pieces. */
export interface SqlValue {
  readonly kind: "sql";
  readonly parts: readonly SqlPart[];
  /** `.as("total")`: its name among what a query selects, by which the query's other parts call it. */
  readonly alias?: string;
  /** That name where another query reads it; `origin` is what the one that selects it is called, and stands before it in drizzle-orm 1.0 unless it is `bare`. */
  readonly selected?: { readonly origin: string; readonly name: string; readonly bare?: boolean };
}
/** `version1`: what drizzle-orm 1.0 writes instead. `encoder`: the column that a plain value is written for. */
export type SqlPart = { readonly text: string; readonly version1?: string } | { readonly name: string } | { readonly value: Value; readonly encoder?: ColumnValue };

/** What the query builder has been told so far. */
export interface QueryValue {
  readonly kind: "query";
  readonly distinct?: true | ArrayValue;
  /** What is selected, as it was given; undefined: everything of the tables. */
  readonly fields?: Value;
  readonly from?: Value;
  readonly joins: readonly QueryJoin[];
  readonly where?: Value;
  readonly groupBy: readonly Value[];
  readonly having?: Value;
  readonly orderBy: readonly Value[];
  readonly limit?: Value;
  readonly offset?: Value;
  readonly combined: readonly { readonly how: string; readonly query: Value }[];
  /** `.as("latest")`: a subquery of another one. */
  readonly alias?: string;
  /** Why it is more than can be read. */
  readonly unread?: UnknownValue;
}

export interface QueryJoin {
  readonly how: "left" | "right" | "inner" | "full" | "cross";
  readonly table: Value;
  readonly on?: Value;
}

export interface IndexValue {
  readonly kind: "index";
  readonly family: Family;
  readonly unique: boolean;
  readonly name?: string;
  readonly method: string;
  /** Undefined before `.on`: Drizzle drops such a thing silently. */
  readonly keys?: readonly Value[];
  readonly where?: Value;
  readonly with?: Value;
  readonly concurrently?: boolean;
}

export interface UniqueValue {
  readonly kind: "unique";
  readonly name?: string;
  readonly columns?: readonly Value[];
  readonly nullsNotDistinct?: boolean;
}

export interface PrimaryKeyValue {
  readonly kind: "primary key";
  readonly name?: string;
  readonly columns: Value;
}

export interface ForeignKeyValue {
  readonly kind: "foreign key";
  readonly name?: string;
  readonly columns: Value;
  readonly foreignColumns: Value;
  readonly onDelete?: Value;
  readonly onUpdate?: Value;
  /** The `foreignKey({…})` call, without the chain after it. */
  readonly place: Place;
}

export interface CheckValue {
  readonly kind: "check";
  readonly name?: string;
  readonly expression: Value;
}

/** What stands beside tables and columns. */
export interface OtherValue {
  readonly kind: "other";
  readonly what: "policy" | "role" | "sequence";
  /** Of a role, where it is not PostgreSQL's. */
  readonly family?: Family;
  readonly name?: string;
  readonly schema?: string;
  /** Of a sequence. */
  readonly options?: Partial<SequenceOptions> | "unread";
  /** `.existing()`: somebody else makes it. */
  readonly existing?: boolean;
  /** Of a policy and of a role, as the code gives it. */
  readonly config?: Value;
  /** `.link(table)` of a policy. */
  readonly table?: Value;
  readonly place?: Place;
}

/** `relations(table, callback)` or v1's `defineRelations(schema, callback)`. */
export interface RelationsValue {
  readonly kind: "relations";
  readonly table: Value;
  readonly callback: Value;
  readonly version: 0 | 1;
  readonly place: Place;
  readonly home?: Slot;
}

export interface RelationValue {
  readonly kind: "relation";
  readonly many: boolean;
  readonly target: Value;
  readonly columns: Value;
  readonly references: Value;
  readonly place: Place;
}

/** The `r` of `defineRelations`: tables by their names in the code, and one and many over them. */
export interface RelationTablesValue {
  readonly kind: "relation tables";
  readonly tables: Value;
  readonly part: "all" | "one" | "many";
}

export function isComposite(value: Value): value is Composite {
  return typeof value === "object" && value !== null;
}

export function isKind<K extends Composite["kind"]>(value: Value, kind: K): value is Extract<Composite, { kind: K }> {
  return typeof value === "object" && value !== null && value.kind === kind;
}

export function unknown(reason: string, place?: Place): UnknownValue {
  return { kind: "unknown", reason, place };
}

export function objectOf(entries: Iterable<readonly [string, Value]> = []): ObjectValue {
  return { kind: "object", props: new Map(entries), places: new Map() };
}

export function arrayOf(items: readonly Value[], places: readonly (Place | undefined)[] = []): ArrayValue {
  return { kind: "array", items: [...items], places: items.map((_, i) => places[i]) };
}

export function native(name: string, call: NativeValue["call"], props?: Iterable<readonly [string, Value]>): NativeValue {
  return { kind: "native", name, call, props: props && new Map(props) };
}

/** Whether a condition holds; undefined where it cannot be known. */
export function truth(value: Value): boolean | undefined {
  if (!isComposite(value)) return Boolean(value);
  if (value.kind !== "unknown") return true;
  return value.environment ? false : undefined;
}
