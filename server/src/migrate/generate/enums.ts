// Enum types. PostgreSQL adds values in a moment, and takes none away: for that, and for the way back, the type is made
// anew and every column that has it is rewritten (https://www.postgresql.org/docs/current/sql-altertype.html).
import { literal, postgres, typeText } from "../../dialects/postgres";
import { tableName } from "../../dialects/statements";
import { sqlWords } from "../../indexes/expression-text";
import { shortened } from "../../indexes/naming";
import type { Change } from "../../model/change";
import type { Column, ColumnType, EnumType, Expression, QualifiedName, SchemaModel, Table } from "../../model/schema";
import { sameTable } from "../../model/table-key";
import { isOrderAsked, isReordered } from "./enum-order";
import { computedFrom, standingOn } from "./generation";
import { bare, type Context, type Step } from "./step";

/** The schemas of the types and tables that are added come first. */
export function addEnum(type: EnumType): readonly Step[] {
  const add: Change = { kind: "add-enum", enum: type };
  return [{ phase: "structure", up: bare(postgres.sql(add)), down: bare(postgres.sql({ ...add, kind: "drop-enum" })), changes: [add], title: `type ${type.name.name}`, quiet: true }];
}

export function dropEnum(type: EnumType): readonly Step[] {
  const drop: Change = { kind: "drop-enum", enum: type };
  return [{ phase: "remove", up: bare(postgres.sql(drop)), down: bare(postgres.sql({ ...drop, kind: "add-enum" })), changes: [drop], title: `drop type ${type.name.name}` }];
}

type AlterEnum = Extract<Change, { kind: "alter-enum" }>;
type AlterDefault = Extract<Change, { kind: "alter-column-default" }>;

/** Whether the old default is a value that the enum loses: then it goes with the value. */
export function losesDefault({ name, from, to }: AlterEnum, { table, column, from: value }: AlterDefault, context: Context): boolean {
  const has = (one: Table | undefined): boolean => { const type = one?.columns.find((other) => other.name === column)?.type.enum; return type !== undefined && sameTable(type, name); };
  return has(context.standing(table)) && has(context.wanted(table)) && value !== undefined && namesOne(value.sql, from.filter((one) => !to.includes(one)));
}

/** `defaults`: those that go with values. */
export function alterEnum(change: AlterEnum, context: Context, defaults: readonly AlterDefault[]): readonly Step[] {
  const { name, from, to } = change;
  const title = `values of ${name.name}`;
  const added = bare(postgres.sql(change) ?? []);
  const replaced = (a: readonly string[], b: readonly string[], other: SchemaModel): readonly string[] => {
    const [first, ...rest] = replaceType(name, { from: a, to: b }, other, context);
    return [`${whyAnew(a.filter((value) => !b.includes(value)))}\n${first}`, ...rest];
  };
  const down = replaced(to, from, context.before);
  // Added to at the end or in between, it keeps the order of those that are there.
  if (added.length > 0 && !(isReordered(from, to) && isOrderAsked(change, context.source, context.recordedEnums))) return [{ phase: "values", up: added, down, changes: [change], title }];
  return [{ phase: "values", up: replaced(from, to, context.after), down, changes: [change, ...defaults], title }];
}

function whyAnew(gone: readonly string[]): string {
  const why = gone.length > 0 ? "An enum cannot lose a value" : "An enum cannot exchange its values";
  const rows = gone.length > 0 ? `\n-- A row that has ${gone.map(literal).join(" or ").replaceAll(/\s+/g, " ")} makes it fail, and nothing is changed then: give such rows another value first.` : "";
  return `-- ${why}: the type is made anew, and its columns are rewritten; readers and writers wait meanwhile.${rows}`;
}

/** Whether `value`, a default of a column of this type, is one that the enum loses in this migration: when that is taken back, the default comes with the value. */
export function isGone(value: Expression, type: ColumnType, { before, after }: Context): boolean {
  const values = ({ enums }: SchemaModel) => enums.find(({ name }) => type.enum && sameTable(name, type.enum))?.values;
  const [had, has] = [values(before), values(after)];
  return had !== undefined && has !== undefined && namesOne(value.sql, had.filter((one) => !has.includes(one)));
}

function namesOne(sql: string, values: readonly string[]): boolean {
  return [...sqlWords(sql)].some((word) => word.kind === "literal" && values.some((value) => word.text === literal(value)));
}

/** The type anew with other values, for every column that has it before the migration. A default that names a value that goes is replaced by the one in `other`. Fails, and changes nothing, where a row has such a value. */
function replaceType(name: QualifiedName, values: { readonly from: readonly string[]; readonly to: readonly string[] }, other: SchemaModel, context: Context): readonly string[] {
  const model = context.before;
  const old: QualifiedName = { ...name, name: shortened(`${name.name}_old`) };
  const users = model.tables.flatMap((table) => (table.kind === "partition" ? [] : table.columns.filter(({ type }) => type.enum && sameTable(type.enum, name)).map((column) => ({ table, column }))));
  const gone = values.from.filter((value) => !values.to.includes(value));
  const defaultOf = ({ name: table }: Table, column: Column) => {
    if (!column.default?.complete || column.generated) return undefined;
    if (!namesOne(column.default.sql, gone)) return column.default;
    const wanted = other.tables.find((one) => sameTable(one.name, table))?.columns.find((one) => one.name === column.name);
    return wanted?.type.enum && sameTable(wanted.type.enum, name) ? wanted.default : undefined;
  };
  const dependents = users.flatMap(({ table, column }) => dependentsOf(table, column));
  const keys = model.tables.flatMap((table) => table.foreignKeys.filter((key) => key.enforced && key.name !== undefined && users.some((user) => user.table === table && key.columns.includes(user.column.name))).map((foreignKey): Dependent => ({ drop: { kind: "drop-foreign-key", table: table.name, foreignKey }, add: { kind: "add-foreign-key", table: table.name, foreignKey } })));
  const unique = [...new Map(dependents.map((one) => [JSON.stringify(one), one])).values()];
  // Generated columns cannot stay while what they are computed from gets another type.
  const computed = [...new Map(users.flatMap(({ table, column }) => computedFrom(table, column.name).map((one) => [one, table] as const)))];
  return [
    ...keys.flatMap((one) => bare(postgres.sql(one.drop))),
    ...computed.flatMap(([column, table]) => bare(postgres.sql({ kind: "drop-column", table: table.name, column }))),
    ...unique.flatMap((one) => bare(postgres.sql(one.drop))),
    `ALTER TYPE ${tableName(name, postgres)} RENAME TO ${postgres.quote(old.name)}`,
    `CREATE TYPE ${tableName(name, postgres)} AS ENUM (${values.to.map(literal).join(", ")})`,
    ...users.map(({ table, column }) => {
      const quoted = postgres.quote(column.name);
      const value = defaultOf(table, column);
      const type = typeText(column.type);
      return `ALTER TABLE ${tableName(table.name, postgres)} ${[
        ...(column.default && !column.generated ? [`ALTER COLUMN ${quoted} DROP DEFAULT`] : []),
        `ALTER COLUMN ${quoted} SET DATA TYPE ${type} USING ${quoted}::text${type.endsWith("[]") ? "[]" : ""}::${type}`,
        ...(value ? [`ALTER COLUMN ${quoted} SET DEFAULT ${value.sql}`] : []),
      ].join(", ")}`;
    }),
    `DROP TYPE ${tableName(old, postgres)}`,
    ...computed.flatMap(([column, table]) => [...bare(postgres.sql({ kind: "add-column", table: table.name, column })), ...standingOn(table, column.name, context)]),
    ...unique.flatMap((one) => bare(postgres.sql(one.add))),
    ...keys.flatMap((one) => bare(postgres.sql(one.add))),
  ];
}

interface Dependent {
  readonly drop: Change;
  readonly add: Change;
}

/** Checks and indexes whose expressions compare the column with values of the old type: PostgreSQL cannot carry them over. */
function dependentsOf({ name: table, checks, indexes }: Table, column: Column): readonly Dependent[] {
  const mentions = (sql: string | undefined): boolean => sql !== undefined && [...sqlWords(sql)].some((word) => (word.kind === "identifier" || word.kind === "quoted") && word.text === column.name);
  return [
    ...checks.filter((check) => check.name !== undefined && mentions(check.expression.sql)).map((check): Dependent => ({ drop: { kind: "drop-check", table, check }, add: { kind: "add-check", table, check } })),
    ...indexes.filter((index) => index.name !== undefined && index.constraint === undefined && [index.where, ...index.keys.map(({ expression }) => expression)].some((expression) => mentions(expression?.sql))).map((index): Dependent => ({ drop: { kind: "drop-index", table, index }, add: { kind: "add-index", table, index } })),
  ];
}
