// Columns of tables that stand already: added without rewriting the table where PostgreSQL can, in steps where it cannot.
// https://www.postgresql.org/docs/current/ddl-alter.html#DDL-ALTER-ADDING-A-COLUMN
import { sqlWords } from "../../indexes/expression-text";
import { dollarQuoted, postgres, typeText } from "../../dialects/postgres";
import { defaultText, tableName } from "../../dialects/statements";
import { sequenceNameOf } from "../../indexes/default-name";
import type { Change } from "../../model/change";
import type { Column, ColumnType, Expression, QualifiedName } from "../../model/schema";
import { lossDirective } from "../../sql/parser";
import { setNotNull } from "./constraints";
import { isGone } from "./enums";
import { aroundComputed } from "./generation";
import { bare, inOneLine, nothingToUndo, type Context, type Step } from "./step";
import { conversion, convertsByItself, isMetadataOnly, lossOf } from "./types";

const rewrites = "-- Rewrites the whole table; readers and writers wait meanwhile.";

export function addColumn(table: QualifiedName, column: Column, context: Context): readonly Step[] {
  const whole: Change = { kind: "add-column", table, column };
  const down = bare(postgres.sql({ ...whole, kind: "drop-column" }));
  const title = `column ${table.name}.${column.name}`;
  if (!context.standing(table)) return [{ phase: "structure", up: bare(postgres.sql(whole)), down, changes: [whole], title }];
  if (column.generated === "stored" || column.generated === "identity" || column.generated === "serial") return [{ phase: "rewrite", up: [`${rewrites}\n${bare(postgres.sql(whole))[0]}`], down, changes: [whole], title }];
  if (column.generated === "virtual") return [{ phase: "structure", up: bare(postgres.sql(whole)), down, changes: [whole], title }];
  const value = column.default?.complete ? column.default : undefined;
  if (value && isVolatile(value)) return addComputed(table, column, value);
  if (column.nullable || value) return [{ phase: "structure", up: bare(postgres.sql(whole)), down, changes: [whole], title }];
  return addByHand(table, column, title, down);
}

/** A value that differs from row to row: the column first, then the default for new rows, then the old rows, then NOT NULL. */
function addComputed(table: QualifiedName, column: Column, value: Expression): readonly Step[] {
  const { default: _, ...empty } = column;
  const add: Change = { kind: "add-column", table, column: { ...empty, nullable: true } };
  const set: Change = { kind: "alter-column-default", table, column: column.name, to: value };
  const name = postgres.quote(column.name);
  return [
    { phase: "structure", up: [...bare(postgres.sql(add)), ...bare(postgres.sql(set))], down: bare(postgres.sql({ ...add, kind: "drop-column" })), changes: [add, set], title: `column ${table.name}.${column.name}` },
    { phase: "fill", up: [`-- Writes every row; a row that it has written waits for the end before others can change it.\nUPDATE ${tableName(table, postgres)} SET ${name} = ${value.sql} WHERE ${name} IS NULL`], down: ["-- The values stay filled in: which rows had none is not known.\nSELECT 1"], changes: [], title: `fill ${table.name}.${column.name}` },
    ...(column.nullable ? [] : setNotNull(table, column.name)),
  ];
}

/** What stands in the rows that are there already is for the author to say; the migration stops where nothing was said and there are rows. */
function addByHand(table: QualifiedName, column: Column, title: string, down: readonly string[]): readonly Step[] {
  const add: Change = { kind: "add-column", table, column: { ...column, nullable: true } };
  const [quoted, name] = [tableName(table, postgres), postgres.quote(column.name)];
  const guard = [
    inOneLine(`-- ${column.name} is NOT NULL and has no default: say here what the rows that are there already get, as in`),
    inOneLine(`-- UPDATE ${quoted} SET ${name} = … WHERE ${name} IS NULL;`),
    `DO ${dollarQuoted([
      " BEGIN",
      `  IF EXISTS (SELECT FROM ${quoted} WHERE ${name} IS NULL) THEN`,
      `    RAISE EXCEPTION 'The rows of ${quoted.replaceAll("'", "''").replaceAll("%", "%%")} have no value for the new column ${name.replaceAll("'", "''").replaceAll("%", "%%")}.' USING HINT = 'Write an UPDATE into this migration, before this statement.';`,
      "  END IF;",
      "END ",
    ].join("\n"))}`,
  ].join("\n");
  return [
    { phase: "structure", up: bare(postgres.sql(add)), down, changes: [add], title },
    { phase: "fill", up: [guard], down: [nothingToUndo], changes: [], title: `fill ${table.name}.${column.name}` },
    ...setNotNull(table, column.name),
  ];
}

export function dropColumn(table: QualifiedName, column: Column): readonly Step[] {
  const change: Change = { kind: "drop-column", table, column };
  const lost = column.generated !== "stored" && column.generated !== "virtual";
  const again = bare(postgres.sql({ ...change, kind: "add-column" }));
  return [{
    phase: "remove", up: bare(postgres.sql(change)), changes: [change], title: `drop column ${table.name}.${column.name}`,
    down: lost ? [`-- The values are gone: this makes the empty column anew.${column.nullable || column.default ? "" : " Rows stand in the way of its NOT NULL."}\n${again[0]}`, ...again.slice(1)] : again,
    losses: lost ? [`The values of ${table.name}.${column.name} are lost.`] : [],
  }];
}

/** Type and default together: the old default need not fit the new type. */
export function alterType(change: Extract<Change, { kind: "alter-column-type" }>, ofDefault: Extract<Change, { kind: "alter-column-default" }> | undefined, context: Context): readonly Step[] {
  const { table, column, from, to } = change;
  const standing = context.before.tables.find(({ name }) => name.name === table.name && (name.schema ?? "public") === (table.schema ?? "public"));
  const had = standing?.columns.find(({ name }) => name === column);
  const kept = had?.generated ? undefined : had?.default;
  const gone = kept !== undefined && isGone(kept, from, context);
  const before = gone ? undefined : kept;
  const after = ofDefault ? ofDefault.to : gone ? context.wanted(table)?.columns.find(({ name }) => name === column)?.default : kept;
  const statements = (a: ColumnType, b: ColumnType, old: Expression | undefined, fresh: Expression | undefined): string[] => {
    const alter = `ALTER TABLE ${tableName(table, postgres)} `;
    const name = postgres.quote(column);
    const steps = convertsByItself(a, b) && !ofDefault && !gone;
    const retype = `ALTER COLUMN ${name} SET DATA TYPE ${typeText(b)}${convertsByItself(a, b) ? "" : ` USING ${name}${conversion(a, b, typeText(b))}`}`;
    const actions = [...(steps || !old ? [] : [`ALTER COLUMN ${name} DROP DEFAULT`]), retype, ...(steps || !fresh ? [] : [`ALTER COLUMN ${name} SET${defaultText(fresh)}`])];
    const sequence = had?.generated === "serial" && standing && /^(smallint|integer|bigint)$/.test(b.name) ? [`ALTER SEQUENCE ${tableName({ schema: table.schema, name: sequenceNameOf(had, standing, context.before.source)! }, postgres)} AS ${b.name}`] : [];
    const loss = said(a, b);
    return [`${isMetadataOnly(a, b) ? "" : `${rewrites}\n`}${loss === undefined ? "" : `${inOneLine(`-- ${lossDirective} ${loss}`)}\n`}${alter}${actions.join(", ")}`, ...sequence];
  };
  const said = (a: ColumnType, b: ColumnType): string | undefined => {
    const loss = lossOf(a, b);
    return loss && `${table.name}.${column} from ${a.name} to ${b.name}: ${loss}.`;
  };
  const loss = said(from, to);
  const computed = aroundComputed(standing, column, context);
  return [{
    phase: isMetadataOnly(from, to) ? "structure" : "rewrite",
    up: [...computed.up.before, ...statements(from, to, before, after), ...computed.up.after], down: [...computed.down.before, ...statements(to, from, after, before), ...computed.down.after],
    changes: [change, ...(ofDefault ? [ofDefault] : []), ...computed.changes], title: `type of ${table.name}.${column}`,
    losses: loss === undefined ? [] : [loss],
  }];
}

export function alterDefault(change: Extract<Change, { kind: "alter-column-default" }>): readonly Step[] {
  const { from, to } = change;
  const without = (value: Expression | undefined): Expression | undefined => (value?.complete ? value : undefined);
  const said: Change = { kind: "alter-column-default", table: change.table, column: change.column, ...(without(from) && { from: from! }), ...(without(to) && { to: to! }) };
  const back: Change = { ...said, from: without(to), to: without(from) } as Change;
  return [{ phase: "structure", up: bare(postgres.sql(said)), down: bare(postgres.sql(back)), changes: [change], title: `default of ${change.table.name}.${change.column}` }];
}

/** Functions that give one value for a whole statement or for equal arguments; any other may be volatile, and then PostgreSQL rewrites the table: https://www.postgresql.org/docs/current/xfunc-volatility.html */
const steady = new Set([
  "now", "current_timestamp", "current_date", "current_time", "localtimestamp", "localtime", "transaction_timestamp", "statement_timestamp", "current_user", "session_user", "current_setting",
  "lower", "upper", "coalesce", "nullif", "greatest", "least", "concat", "concat_ws", "length", "substr", "substring", "replace", "trim", "btrim", "md5", "abs", "round", "floor", "ceil", "ceiling", "trunc", "power", "sqrt",
  "make_interval", "make_date", "make_timestamp", "make_timestamptz", "date_trunc", "date_part", "extract", "timezone", "to_timestamp", "to_date", "to_char", "to_number", "age", "cast",
  "jsonb_build_object", "jsonb_build_array", "json_build_object", "json_build_array", "to_jsonb", "to_json", "array", "array_fill", "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange",
  "varchar", "character", "char", "numeric", "decimal", "time", "timestamp", "timestamptz", "interval", "bit", "varying", "and", "or", "not", "in", "is", "case", "when", "then", "else", "precision",
]);

/** True where each row may get another value: PostgreSQL then rewrites the table to add the column. */
export function isVolatile({ sql }: Expression): boolean {
  const words = [...sqlWords(sql)];
  return words.some((word, at) => words[at + 1]?.text === "(" && (word.kind === "quoted" || (word.kind === "identifier" && !steady.has(word.text.toLowerCase()))));
}
