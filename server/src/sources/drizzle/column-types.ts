// Drizzle's column functions: the type that each declares, as PostgreSQL's format_type spells it, for MySQL and SQLite
// as Drizzle writes it in DDL.
import { callValue } from "./call";
import { textOf } from "./operators";
import { isKind, native, unknown, type BuilderValue, type Family, type NativeValue, type ObjectValue, type Value } from "./values";

interface Typed {
  readonly type: string;
  /** What drizzle-kit records, where that does not follow from `type`. */
  readonly recorded?: string;
  readonly generated?: BuilderValue["generated"];
  readonly notNull?: boolean;
}
type TypeOf = (config: Config) => string | Typed;

/** Options of a column function; `unreadable` is set once an option was asked for that is not known. */
interface Config {
  get(name: string): string | number | boolean | undefined;
  readonly unreadable: boolean;
  /** Of drizzle-orm, where the column is declared. */
  version(): 0 | 1;
}

const functions = new Map<Family, ReadonlyMap<string, NativeValue>>();

/** The column functions of a dialect by name. */
export function columnFunctions(family: Family): ReadonlyMap<string, NativeValue> {
  let made = functions.get(family);
  if (!made) {
    const types = family === "mysql" || family === "singlestore" ? mysqlTypes : family === "sqlite" ? sqliteTypes : family === "mssql" ? { ...mysqlTypes, ...mssqlTypes } : postgresTypes;
    made = new Map(Object.entries(types).map(([name, typeOf]) => [name, columnFunction(family, name, typeOf)]));
    functions.set(family, made);
    (made as Map<string, NativeValue>).set("customType", customType(family));
    for (const name of ["mysqlEnum", "singlestoreEnum"]) (made as Map<string, NativeValue>).set(name, enumColumn(family, name));
  }
  return made;
}

export function newBuilder(family: Family, type: string, more: Partial<BuilderValue> = {}): BuilderValue {
  return { kind: "builder", family, type, notNull: false, primary: false, references: [], ...more };
}

function nameAndConfig(a: Value, b: Value): { name?: string; config: Value } {
  return { name: typeof a === "string" && a.length > 0 ? a : undefined, config: isKind(a, "object") ? a : b };
}

function columnFunction(family: Family, name: string, typeOf: TypeOf): NativeValue {
  return native(name, ([a, b], { place, scope }) => {
    if (isKind(a, "unknown")) return { ...unknown(a.reason, place), call: { firstArgument: () => undefined } };
    const { name: columnName, config } = nameAndConfig(a, b);
    const options = readConfig(config, () => scope.machine.resolver.ormVersion(scope.module.path));
    const found = typeOf(options);
    const typed: Typed = typeof found === "string" ? { type: found } : found;
    return newBuilder(family, options.unreadable ? "unknown" : typed.type, {
      name: columnName, generated: typed.generated, notNull: typed.notNull ?? false, values: enumValues(config), recorded: typed.recorded,
    });
  });
}

function readConfig(value: Value, version: Config["version"]): Config {
  let unreadable = false;
  return {
    get(name) {
      if (!isKind(value, "object")) {
        unreadable ||= isKind(value, "unknown");
        return undefined;
      }
      const option = value.props.get(name);
      if (option === undefined || option === null) return undefined;
      if (typeof option === "string" || typeof option === "number" || typeof option === "boolean") return option;
      unreadable = true;
      return undefined;
    },
    get unreadable() { return unreadable; },
    version,
  };
}

/** The type that PostgreSQL's column function `name` declares with `options`, for writing; undefined where there is no such function. */
export function postgresTypeOf(name: string, options: Readonly<Record<string, string | number | boolean>>, version: 0 | 1): string | undefined {
  const found = postgresTypes[name]?.({ get: (option) => options[option], unreadable: false, version: () => version });
  return typeof found === "string" ? found : found?.type;
}

/** `{ enum: […] }` of a text column. */
function enumValues(config: Value): readonly string[] | undefined {
  const list = isKind(config, "object") ? config.props.get("enum") : undefined;
  return list === undefined ? undefined : texts(list);
}

/** The texts of a list, or the values of an object. */
export function texts(value: Value): readonly string[] | undefined {
  const items = isKind(value, "array") && !value.unknown ? value.items : isKind(value, "object") && !value.unknown ? [...value.props.values()] : undefined;
  const found = items?.map((item) => (typeof item === "string" || typeof item === "number" ? String(item) : undefined));
  return found?.includes(undefined) ? undefined : (found as string[] | undefined);
}

function customType(family: Family): NativeValue {
  return native("customType", ([params]) => native("custom column", ([a, b], site) => {
    const { name, config } = nameAndConfig(a, b);
    const dataType = isKind(params, "object") ? (params as ObjectValue).props.get("dataType") : undefined;
    const type = textOf(callValue(dataType, [config], site));
    return newBuilder(family, type === undefined ? "unknown" : family === "pg" || family === "cockroach" ? formatType(type) : type, { name, recorded: type });
  }));
}

function enumColumn(family: Family, name: string): NativeValue {
  return native(name, ([a, b]) => {
    const values = texts(typeof a === "string" ? b : a);
    return newBuilder(family, values ? `enum(${values.map((value) => `'${value}'`).join(",")})` : "unknown", { name: typeof a === "string" && a ? a : undefined, values });
  });
}

const aliases: Readonly<Record<string, string>> = {
  int: "integer", int2: "smallint", int4: "integer", int8: "bigint", float4: "real", float8: "double precision", bool: "boolean", decimal: "numeric",
  varchar: "character varying", char: "character", timestamptz: "timestamp with time zone", timestamp: "timestamp without time zone",
  timetz: "time with time zone", time: "time without time zone", varbit: "bit varying", "timestamp without time zone": "timestamp without time zone",
};

/** A type's name as PostgreSQL prints it, for the names that people write themselves. */
export function formatType(written: string): string {
  const match = /^\s*([a-z_][\w ]*?)\s*(\(([^)]*)\))?\s*((?:with|without) time zone)?\s*((?:\[\d*\])*)\s*$/i.exec(written);
  if (!match) return written;
  const [, base, , parameters, zone, array] = match;
  const lower = base!.toLowerCase();
  let name = aliases[zone ? `${lower} ${zone}` : lower] ?? (zone ? `${lower} ${zone}` : lower);
  if (parameters !== undefined) {
    const list = `(${parameters.replace(/\s*,\s*/g, ",").trim()})`;
    name = /^time(stamp)? /.test(name) ? name.replace(" ", `${list} `) : `${name}${list}`;
  } else if (name === "character") name = "character(1)";
  return name + (array ?? "").replace(/\[\d+\]/g, "[]");
}

const sized = (type: string, option = "length"): TypeOf => (config) => { const size = config.get(option); return size === undefined ? type : `${type}(${size})`; };

const numericOf: TypeOf = (config) => {
  const precision = config.get("precision"), scale = config.get("scale");
  if (precision === undefined) return "numeric";
  return scale === undefined ? { type: `numeric(${precision},0)`, recorded: `numeric(${precision})` } : `numeric(${precision},${scale})`;
};

const timeOf = (type: string): TypeOf => (config) => {
  const precision = config.get("precision");
  return `${type}${precision === undefined ? "" : `(${precision})`} ${config.get("withTimezone") ? "with" : "without"} time zone`;
};

/** In string mode 0.x writes no space before the precision. */
const timestampOf: TypeOf = (config) => {
  const type = timeOf("timestamp")(config) as string, precision = config.get("precision");
  return precision !== undefined && config.get("mode") === "string" ? { type, recorded: `timestamp(${precision})${config.get("withTimezone") ? " with time zone" : ""}` } : type;
};

const serial = (type: string): TypeOf => () => ({ type, generated: "serial", notNull: true });

const simple = (names: readonly string[]): Record<string, TypeOf> => Object.fromEntries(names.map((name) => [name, () => name]));

const postgresTypes: Readonly<Record<string, TypeOf>> = {
  ...simple(["boolean", "bigint", "bytea", "cidr", "date", "inet", "integer", "json", "jsonb", "line", "macaddr", "macaddr8", "point", "real", "smallint", "text", "uuid", "int4", "int8", "int2", "float", "string", "bool"]),
  doublePrecision: () => "double precision",
  // In bigint mode v0 forgets that it is NOT NULL.
  bigserial: (config) => ({ type: "bigint", generated: "serial", notNull: config.get("mode") !== "bigint" || config.version() >= 1 }),
  serial: serial("integer"), smallserial: serial("smallint"),
  char: (config) => { const length = config.get("length"); return length === undefined ? { type: "character(1)", recorded: "char" } : `character(${length})`; },
  varchar: sized("character varying"),
  numeric: numericOf, decimal: numericOf,
  time: timeOf("time"), timestamp: timestampOf,
  interval: (config) => {
    const fields = config.get("fields"), precision = config.get("precision");
    return `interval${fields ? ` ${fields}` : ""}${precision ? `(${precision})` : ""}`;
  },
  geometry: (config) => {
    const srid = config.get("srid");
    // What 0.x makes of it has none, whatever the code says.
    return `geometry(Point${srid === undefined || config.version() === 0 ? "" : `,${srid}`})`;
  },
  bit: (config) => `bit(${config.get("dimensions") ?? config.get("length") ?? 1})`,
  varbit: sized("bit varying"),
  vector: sized("vector", "dimensions"), halfvec: sized("halfvec", "dimensions"), sparsevec: sized("sparsevec", "dimensions"),
};

const unsigned = (type: string): TypeOf => (config) => (config.get("unsigned") ? `${type} unsigned` : type);

const mysqlDecimal = (type: string): TypeOf => (config) => {
  const precision = config.get("precision"), scale = config.get("scale");
  const plain = precision === undefined ? type : scale === undefined ? `${type}(${precision})` : `${type}(${precision},${scale})`;
  return config.get("unsigned") ? `${plain} unsigned` : plain;
};

const mysqlTypes: Readonly<Record<string, TypeOf>> = {
  ...simple(["boolean", "date", "json", "tinytext", "mediumtext", "longtext", "text", "year", "blob", "tinyblob", "mediumblob", "longblob", "bson", "geography", "geographyPoint"]),
  bigint: unsigned("bigint"), int: unsigned("int"), mediumint: unsigned("mediumint"), smallint: unsigned("smallint"), tinyint: unsigned("tinyint"),
  serial: () => ({ type: "serial", generated: "serial" }),
  binary: sized("binary"), varbinary: sized("varbinary"), char: sized("char"), varchar: sized("varchar"),
  decimal: mysqlDecimal("decimal"), double: mysqlDecimal("double"), float: mysqlDecimal("float"), real: mysqlDecimal("real"), numeric: mysqlDecimal("decimal"),
  datetime: sized("datetime", "fsp"), timestamp: sized("timestamp", "fsp"), time: sized("time", "fsp"),
  vector: sized("vector", "dimensions"),
};

const mssqlTypes: Readonly<Record<string, TypeOf>> = {
  ...simple(["bit", "ntext", "datetime2", "datetimeoffset", "uniqueidentifier", "money"]),
  nvarchar: sized("nvarchar"), nchar: sized("nchar"),
};

const sqliteTypes: Readonly<Record<string, TypeOf>> = {
  ...simple(["blob", "integer", "numeric", "real"]),
  int: () => "integer",
  text: (config) => { const length = config.get("length"); return config.get("mode") === "json" || !length ? "text" : `text(${length})`; },
};
