// Random schemas of PostgreSQL as plain data, and as the SQL that makes them. All of it follows from the numbers that come
// in: the same seed gives the same schema. It makes what PostgreSQL accepts, and no rows.

/** Numbers in [0, 1). */
export type Random = () => number;

export interface ColumnSpec {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  readonly default?: string;
  readonly computed?: { readonly sql: string; readonly of: string };
  readonly identity?: "ALWAYS" | "BY DEFAULT";
  readonly serial?: boolean;
}

export interface KeySpec {
  readonly name: string;
  readonly columns: readonly string[];
}

export interface ForeignKeySpec extends KeySpec {
  readonly target: string;
  readonly to: readonly string[];
  readonly actions: string;
}

export interface IndexSpec extends KeySpec {
  readonly unique: boolean;
  readonly method: string;
  readonly keys: readonly string[];
  readonly include: readonly string[];
  readonly rest: string;
  readonly where?: string;
}

export interface TableSpec {
  /** As SQL writes it, schema and quotes included: also what others refer to it by. */
  readonly id: string;
  readonly bare: string;
  readonly columns: readonly ColumnSpec[];
  readonly primaryKey?: KeySpec;
  readonly uniques: readonly (KeySpec & { readonly nullsNotDistinct: boolean })[];
  readonly checks: readonly (KeySpec & { readonly sql: string })[];
  readonly foreignKeys: readonly ForeignKeySpec[];
  readonly indexes: readonly IndexSpec[];
}

export interface SchemaSpec {
  /** Name as SQL writes it -> values. */
  readonly enums: Readonly<Record<string, readonly string[]>>;
  readonly tables: readonly TableSpec[];
}

export const schemas = ["public", "sales"] as const;

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Everything in an order in which it can be made; the schemas are there already. */
export function sqlOf({ enums, tables }: SchemaSpec): string {
  return [
    ...Object.entries(enums).map(([name, values]) => `create type ${name} as enum (${values.map(literal).join(", ")})`),
    ...tables.map((table) => `create table ${table.id} (${[
      ...table.columns.map(columnSql),
      ...(table.primaryKey ? [`constraint ${quote(table.primaryKey.name)} primary key (${list(table.primaryKey.columns)})`] : []),
      ...table.uniques.map((unique) => `constraint ${quote(unique.name)} unique ${unique.nullsNotDistinct ? "nulls not distinct " : ""}(${list(unique.columns)})`),
      ...table.checks.map((check) => `constraint ${quote(check.name)} check (${check.sql})`),
    ].join(", ")})`),
    ...tables.flatMap((table) => table.indexes.map((index) => `create ${index.unique ? "unique " : ""}index ${quote(index.name)} on ${table.id} using ${index.method} (${index.keys.join(", ")})${index.include.length > 0 ? ` include (${list(index.include)})` : ""}${index.rest}${index.where === undefined ? "" : ` where ${index.where}`}`)),
    ...tables.flatMap((table) => table.foreignKeys.map((key) => `alter table ${table.id} add constraint ${quote(key.name)} foreign key (${list(key.columns)}) references ${key.target} (${list(key.to)})${key.actions}`)),
  ].join(";\n");
}

function columnSql(column: ColumnSpec): string {
  const type = column.serial ? { integer: "serial", bigint: "bigserial", smallint: "smallserial" }[column.type]! : column.type;
  return `${quote(column.name)} ${type}${column.computed ? ` generated always as (${column.computed.sql}) stored` : column.identity ? ` generated ${column.identity} as identity` : column.default === undefined ? "" : ` default ${column.default}`}${column.notNull ? " not null" : ""}`;
}

export function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

export function list(columns: readonly string[]): string {
  return columns.map(quote).join(", ");
}

/** Without what refers to something that is gone, or that PostgreSQL would refuse. */
export function sound({ enums, tables }: SchemaSpec): SchemaSpec {
  const known = new Set(Object.keys(enums));
  const whole = tables.map((table): TableSpec => {
    const kept = table.columns.filter((column) => isBuiltIn(column.type) || known.has(column.type.replace("[]", "")));
    const plain = new Map(kept.filter(({ computed }) => !computed).map((column) => [column.name, column]));
    const columns = kept.filter(({ computed }) => !computed || plain.get(computed.of)?.type === "text" || plain.get(computed.of)?.type === "integer").map((column) => ({
      ...column,
      ...(column.computed && { computed: computedOf(plain.get(column.computed.of)!), type: plain.get(column.computed.of)!.type }),
      // Only a value that the enum has.
      ...(column.default !== undefined && enums[column.type] !== undefined && !enums[column.type]!.some((value) => column.default === literal(value)) && { default: literal(enums[column.type]![0]!) }),
    }));
    const names = new Map(columns.map((column) => [column.name, column]));
    const has = (part: KeySpec): boolean => part.columns.every((column) => names.has(column));
    const { primaryKey, ...rest } = table;
    const set = (part: KeySpec): string => [...part.columns].sort().join();
    const comparable = (part: KeySpec): boolean => has(part) && part.columns.every((column) => !/^json$/.test(names.get(column)!.type));
    return {
      ...rest,
      columns: columns.length > 0 ? columns : [{ name: "only", type: "integer", notNull: false }],
      ...(primaryKey && comparable(primaryKey) && { primaryKey }),
      uniques: table.uniques.filter((unique) => comparable(unique) && set(unique) !== (primaryKey && set(primaryKey))),
      checks: table.checks.flatMap((check) => { const column = names.get(check.columns[0]!); return column ? [{ ...check, sql: checkOf(column) }] : []; }),
      indexes: table.indexes.flatMap((index) => {
        const fitting = indexFor(index, names);
        // The same uniqueness said twice is one to Plumbline.
        const said = fitting?.unique && fitting.where === undefined && [primaryKey, ...table.uniques].some((one) => one && set(one) === set(fitting));
        return fitting && !said ? [fitting] : [];
      }),
    };
  });
  const byId = new Map(whole.map((table) => [table.id, table]));
  return {
    enums,
    tables: whole.map((table) => ({
      ...table,
      foreignKeys: table.foreignKeys.filter((key) => {
        const target = byId.get(key.target);
        const types = (owner: TableSpec, columns: readonly string[]) => columns.map((name) => owner.columns.find((column) => column.name === name && !column.computed)?.type);
        const own = types(table, key.columns);
        return target && own.every((type) => type !== undefined) && own.join() === types(target, key.to).join() && [target.primaryKey, ...target.uniques].some((unique) => unique?.columns.join() === key.to.join());
      }),
    })),
  };
}

const builtIn = /^(integer|bigint|smallint|numeric|text|varchar|char|boolean|timestamp|date|time|uuid|json|bytea|inet|double precision|real|interval)/;

export function isBuiltIn(type: string): boolean {
  return builtIn.test(type);
}

export function computedOf({ name, type }: ColumnSpec): { readonly sql: string; readonly of: string } {
  return { of: name, sql: type === "integer" ? `${quote(name)} * 2` : `lower(${quote(name)})` };
}

export function checkOf({ name, type }: ColumnSpec): string {
  const column = quote(name);
  if (/^(integer|bigint|smallint|numeric|real|double)/.test(type) && !type.endsWith("[]")) return `${column} > 0 and ${column} <> 13`;
  if (/^(text|varchar|char)/.test(type) && !type.endsWith("[]")) return `length(${column}) < 100 and ${column} <> 'it''s'`;
  return `${column} is not null or ${column} is null`;
}

/** The index as it can be on its columns as they are now. */
function indexFor(index: IndexSpec, columns: ReadonlyMap<string, ColumnSpec>): IndexSpec | undefined {
  const own = index.columns.map((name) => columns.get(name));
  if (own.some((column) => !column)) return undefined;
  const include = index.include.filter((name) => columns.has(name));
  const where = own[0]!;
  const first = own[0]!.type;
  const isText = (type: string): boolean => /^(text|varchar)/.test(type) && !type.endsWith("[]");
  const filtered = { ...(index.where !== undefined && { where: where.type === "boolean" ? quote(where.name) : `${quote(where.name)} is not null` }) };
  const { where: _, ...plain } = index;
  if (index.method === "gin") return first.endsWith("[]") || first === "jsonb" ? { ...plain, ...filtered, unique: false, include: [], keys: [`${quote(own[0]!.name)}${first === "jsonb" && index.rest !== "" ? " jsonb_path_ops" : ""}`], rest: "" } : undefined;
  if (own.some((column) => /^json$/.test(column!.type))) return undefined;
  if (index.method === "hash") return { ...plain, ...filtered, unique: false, include: [], rest: "", keys: [quote(own[0]!.name)] };
  if (index.method === "brin") return /^(integer|bigint|date|timestamp)/.test(first) && !first.endsWith("[]") ? { ...plain, ...filtered, unique: false, include: [], rest: "", keys: [quote(own[0]!.name)] } : undefined;
  const keys = own.map((column, at) => {
    const given = index.keys[at] ?? "";
    const direction = / desc.*$/.exec(given)?.[0] ?? "";
    if (given.includes("lower(") && isText(column!.type)) return `lower(${quote(column!.name)})${direction}`;
    return `${quote(column!.name)}${given.includes("text_pattern_ops") && column!.type === "text" ? " text_pattern_ops" : ""}${direction}`;
  });
  return { ...plain, ...filtered, include, keys };
}
