// What makes tables: pgTable and its kin, table creators, pgSchema().table, v1's snakeCase.table; and enums and views,
// which columns and relations refer to.
import { asBuilder } from "./builder-methods";
import { callValue } from "./call";
import { newBuilder, texts } from "./column-types";
import { sequenceValue } from "./extra-config";
import { crudPolicies } from "./crud-policies";
import { knownModule } from "./known-modules";
import { currentSlot } from "./machine";
import { queryBuilder, viewColumn } from "./query";
import {
  isKind, native, objectOf, unknown, type CallSite, type Casing, type EnumValue, type Family, type NativeValue, type Place, type SchemaValue, type TableColumn, type TableValue, type UnknownValue, type Value,
} from "./values";

interface Options {
  readonly schema?: string;
  readonly casing?: Casing;
  readonly view?: boolean;
  readonly materialized?: boolean;
  readonly rowSecurity?: boolean;
}

const prefixes: Readonly<Record<Family, string>> = { pg: "pg", mysql: "mysql", sqlite: "sqlite", singlestore: "singlestore", gel: "gel", mssql: "mssql", cockroach: "cockroach" };

const functions = new Map<Family, ReadonlyMap<string, Value>>();

export function familyFunctions(family: Family): ReadonlyMap<string, Value> {
  let made = functions.get(family);
  if (!made) functions.set(family, (made = makeFunctions(family)));
  return made;
}

function makeFunctions(family: Family): ReadonlyMap<string, Value> {
  const prefix = prefixes[family];
  const schemaFunction = (casing?: Casing): NativeValue => native("schema", ([name], { place }) =>
    typeof name === "string" ? { kind: "schema", family, name, casing } : { ...(isKind(name, "unknown") ? name : unknown("the schema's name cannot be read", place)), ...(family === "pg" && { schema: true }) });
  const cased = (casing: Casing): Value => objectOf([
    ["table", tableFunction(family, { casing })], ["view", tableFunction(family, { casing, view: true })],
    ["materializedView", tableFunction(family, { casing, view: true, materialized: true })], ["schema", schemaFunction(casing)],
  ]);
  const schema = schemaFunction();
  return new Map<string, Value>([
    [`${prefix}Table`, tableFunction(family, {})],
    [`${prefix}TableCreator`, tableCreator(family)],
    [`${prefix}Schema`, schema], [`${prefix}Database`, schema],
    [`${prefix}View`, tableFunction(family, { view: true })], ["view", tableFunction(family, { view: true })],
    [`${prefix}MaterializedView`, tableFunction(family, { view: true, materialized: true })],
    [`${prefix}Enum`, enumFunction(undefined)],
    ["snakeCase", cased("snake_case")], ["camelCase", cased("camelCase")],
    ["alias", native("alias", ([table, name]) => (isKind(table, "table") && typeof name === "string" ? { ...table, alias: name } : table))],
    ["QueryBuilder", native("QueryBuilder", queryBuilder)],
    ["getTableConfig", native("getTableConfig", ([table]) => (isKind(table, "table") ? objectOf([["name", table.name], ["schema", table.schema]]) : unknown("the table cannot be read")))],
  ].filter(([name]) => !(name === "mysqlEnum" || name === "singlestoreEnum")) as [string, Value][]);
}

function tableFunction(family: Family, options: Options): NativeValue {
  const call = (rowSecurity: boolean): NativeValue["call"] => ([name, columns, extra], site) => makeTable(family, name, columns, extra, { ...options, rowSecurity }, site);
  return native("table", call(false), [["withRLS", native("withRLS", call(true))]]);
}

function tableCreator(family: Family): NativeValue {
  return native("tableCreator", ([customize, casing]) => {
    const options: Options = casing === "snake_case" || casing === "camelCase" ? { casing } : {};
    const call = (rowSecurity: boolean): NativeValue["call"] => ([name, columns, extra], site) => makeTable(family, callValue(customize, [name], site), columns, extra, { ...options, rowSecurity }, site);
    return native("table", call(false), [["withRLS", native("withRLS", call(true))]]);
  });
}

function makeTable(family: Family, name: Value, columns: Value, extra: Value, { schema, casing, view = false, materialized, rowSecurity }: Options, site: CallSite): Value {
  const { place, scope } = site;
  if (typeof name !== "string") return { ...unknown(isKind(name, "unknown") ? `the table's name cannot be read: ${name.reason}` : "the table's name cannot be read", place), table: true };
  const unknowns: UnknownValue[] = [];
  const made = new Map<string, TableColumn>();
  const given = isKind(columns, "function") || isKind(columns, "native") ? callValue(columns, [knownModule(`drizzle-orm/${family}-core`)], site) : columns;
  if (isKind(given, "object")) {
    for (const [property, value] of given.props) made.set(property, { property, builder: asBuilder(value, family), place: given.places.get(property) });
    if (given.unknown) unknowns.push(given.unknown);
  } else if (!view) {
    unknowns.push(isKind(given, "unknown") ? given : unknown("the columns cannot be read", place));
  }
  return {
    kind: "table", family, view, ...(materialized && { materialized }), ...(rowSecurity && { rowSecurity }), name, schema, columns: made, unknowns, extra, casing, place,
    home: currentSlot(scope.machine),
  };
}

export function tableMember(table: TableValue, name: string, place: Place): Value {
  const column = table.columns.get(name);
  if (column) return { kind: "column", table, column };
  if (name === "_") return objectOf([["name", table.name], ["schema", table.schema], ["columns", objectOf([...table.columns.values()].map((one) => [one.property, { kind: "column", table, column: one }]))]]);
  if (name === "enableRLS" || name === "as" || name === "existing" || name === "getSQL") return native(name, () => table);
  if (name.startsWith("$infer") || name === "toString") return unknown("a type has no value", place);
  const selected = table.view ? viewColumn(table, name, place) : undefined;
  if (selected !== undefined) return selected;
  return table.unknowns[0] ? { ...table.unknowns[0], place } : unknown(`"${table.name}" has no column "${name}"`, place);
}

export function schemaMember(schema: SchemaValue, name: string): Value {
  const options: Options = { schema: schema.name, casing: schema.casing };
  switch (name) {
    case "table": return tableFunction(schema.family, options);
    case "view": case "materializedView": return tableFunction(schema.family, { ...options, view: true, materialized: name === "materializedView" });
    case "enum": return enumFunction(schema.name);
    case "sequence": return native("sequence", ([given, sequence], { place }) => sequenceValue(given, sequence, place, schema.name));
    case "schemaName": return schema.name;
    case "existing": return native("existing", () => ({ ...schema, existing: true }));
  }
  return undefined;
}

function enumFunction(schema: string | undefined): NativeValue {
  return native("enum", ([name, values], { place, scope }) => {
    if (typeof name !== "string") return isKind(name, "unknown") ? name : unknown("the enum's name cannot be read", place);
    const read = texts(values);
    return { kind: "enum", name, schema, values: read ?? [], ...(!read && { unread: whyUnread(values) }), object: isKind(values, "object") ? values : undefined, place, home: currentSlot(scope.machine) };
  });
}

function whyUnread(values: Value): string {
  if (isKind(values, "unknown")) return values.reason;
  return ((isKind(values, "array") || isKind(values, "object")) && values.unknown?.reason) || "one of them is no text that stands in the code";
}

/** `roleEnum("role")`: a column of that type. */
export function applyEnum(type: EnumValue, [name]: readonly Value[], _site: CallSite): Value {
  const qualified = type.schema ? `${type.schema}.${type.name}` : type.name;
  return newBuilder("pg", qualified, { name: typeof name === "string" && name !== "" ? name : undefined, enum: type });
}

const providers = new Map<string, ReadonlyMap<string, Value>>();

/** Tables, roles and policies that `drizzle-orm/supabase` and `drizzle-orm/neon` export. */
export function providerTables(specifier: string): ReadonlyMap<string, Value> {
  let made = providers.get(specifier);
  if (!made) providers.set(specifier, (made = specifier.includes("supabase") ? supabase() : neon()));
  return made;
}

const lateTable = (schema: string, name: string, columns: () => Iterable<readonly [string, Value]>): TableValue => ({
  kind: "table", family: "pg", view: false, name, schema, unknowns: [], 
  columns: new Map([...columns()].map(([property, builder]) => [property, { property, builder: asBuilder(builder, "pg") }])),
});

function column(type: string, name?: string, notNull = false, primary = false): Value {
  return newBuilder("pg", type, { name, notNull, primary });
}

function supabase(): ReadonlyMap<string, Value> {
  const zoned = (name: string): Value => column("timestamp with time zone", name);
  return new Map<string, Value>([
    ["authUsers", lateTable("auth", "users", () => [
      ["id", column("uuid", undefined, true, true)], ["email", column("character varying(255)")], ["phone", column("text")], ["emailConfirmedAt", zoned("email_confirmed_at")],
      ["phoneConfirmedAt", zoned("phone_confirmed_at")], ["lastSignInAt", zoned("last_sign_in_at")], ["createdAt", zoned("created_at")], ["updatedAt", zoned("updated_at")],
    ])],
    ["realtimeMessages", lateTable("realtime", "messages", () => [["id", column("bigint", undefined, true, true)], ["topic", column("text", undefined, true)], ["extension", column("text", undefined, true)]])],
    ["authUid", { kind: "sql", parts: [{ text: "(select auth.uid())" }] }],
    ["realtimeTopic", { kind: "sql", parts: [{ text: "realtime.topic()" }] }],
    ...["anonRole", "authenticatedRole", "serviceRole", "postgresRole", "supabaseAuthAdminRole"].map((name) => [name, role(name)] as const),
  ]);
}

function neon(): ReadonlyMap<string, Value> {
  const zoned = (name: string): Value => column("timestamp with time zone", name);
  return new Map<string, Value>([
    ["usersSync", lateTable("neon_auth", "users_sync", () => [
      ["rawJson", column("jsonb", "raw_json", true)], ["id", column("text", undefined, true, true)], ["name", column("text")], ["email", column("text")],
      ["createdAt", zoned("created_at")], ["deletedAt", zoned("deleted_at")], ["updatedAt", zoned("updated_at")],
    ])],
    ["crudPolicy", native("crudPolicy", ([options], { place }) => crudPolicies(options, place))],
    ["authUid", native("authUid", ([column]) => ({ kind: "sql", parts: [{ text: "(select auth.user_id() = " }, { value: column }, { text: ")" }] }))],
    ...["anonymousRole", "authenticatedRole"].map((name) => [name, role(name)] as const),
  ]);
}

/** Those whose name in the database is not that of their constant. */
const roleNames: Readonly<Record<string, string>> = { serviceRole: "service_role", postgresRole: "postgres_role", supabaseAuthAdminRole: "supabase_auth_admin" };

function role(name: string): Value {
  return { kind: "other", what: "role", name: roleNames[name] ?? name.replace(/Role$/, ""), existing: true };
}

