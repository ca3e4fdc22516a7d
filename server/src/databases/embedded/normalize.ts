// Expressions as PostgreSQL prints them: each is put into a temporary table of the columns that it may mention, in a
// transaction that is rolled back. One message for all of them; what PostgreSQL refuses is left out and spoils no other.
import { postgres } from "../../dialects/postgres";
import { tableName } from "../../dialects/statements";
import type { TableExpression } from "../../model/printed";
import type { EnumType } from "../../model/schema";
import { printing } from "../postgres/message";
import type { EmbeddedDatabase } from "./embedded";

export interface ExpressionsOfTable {
  readonly columns: readonly { readonly name: string; /** As format_type spells it. */ readonly type: string }[];
  readonly expressions: readonly TableExpression[];
}

/**
 * For each table, in order, its expressions as a reading of the catalogue prints them; undefined for those that PostgreSQL
 * refuses. `enums` are the types that the columns have, where the database does not have them itself; types of
 * extensions must be there. Rejects with a `DatabaseError` where the process is lost.
 */
export async function normalizeExpressions(database: Pick<EmbeddedDatabase, "run">, tables: readonly ExpressionsOfTable[], enums: readonly EnumType[] = []): Promise<readonly (readonly (string | undefined)[])[]> {
  const results = await database.run([
    "begin",
    ...Object.entries(printing).map(([name, value]) => `set local ${name} = '${value}'`),
    "create temporary table plumbline_printed (at int, expression int, printed text)",
    `do ${literal(["begin", ...enums.flatMap(typeSteps), ...tables.flatMap(tableSteps), "end"].join("\n"))}`,
    "select at, expression, printed from plumbline_printed",
    "rollback",
  ].join("; "));
  const printed = new Map((results.at(-2) as readonly (readonly [number, number, string | null])[]).map(([at, expression, text]) => [`${at} ${expression}`, text ?? undefined]));
  return tables.map(({ expressions }, at) => expressions.map((_, expression) => printed.get(`${at} ${expression}`)));
}

/** An attempt in PL/pgSQL; where it fails, what it did is undone and `otherwise` is done. */
function attempt(statements: readonly string[], otherwise: readonly string[] = []): string {
  return `begin ${statements.join(" ")} exception when others then ${otherwise.join(" ") || "null;"} end;`;
}

/** The text of one command is PostgreSQL's to judge, so it comes as a string. */
function execute(command: string): string {
  return `execute ${literal(command)};`;
}

function typeSteps(type: EnumType): readonly string[] {
  const { schema } = type.name;
  return [
    ...(schema === null || schema === "public" ? [] : [execute(`create schema if not exists ${postgres.quote(schema)}`)]),
    attempt([execute(`create type ${tableName(type.name, postgres)} as enum (${type.values.map(literal).join(", ")})`)]),
  ];
}

function tableSteps({ columns, expressions }: ExpressionsOfTable, at: number): readonly string[] {
  const table = `pg_temp.plumbline_${at}`;
  const oid = `'${table}'::regclass`;
  const definitions = columns.map(({ name, type }) => `${postgres.quote(name)} ${type}`);
  const keep = (expression: number, select: string): string => `insert into plumbline_printed select ${at}, ${expression}, ${select};`;
  const steps = (expression: TableExpression, number: number): readonly string[] => {
    const column = "column" in expression ? postgres.quote(expression.column) : "";
    const ofColumn = `pg_get_expr(d.adbin, d.adrelid) from pg_attrdef d join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum where d.adrelid = ${oid} and a.attname = ${"column" in expression ? literal(expression.column) : "''"}`;
    // No column need have an order for an index on a constant.
    const index = `${table}_${number}`.replace("pg_temp.", "");
    switch (expression.kind) {
      case "default": return [execute(`alter table ${table} alter column ${column} set default ${expression.sql}`), keep(number, ofColumn)];
      case "generated": {
        const type = columns.find(({ name }) => name === expression.column)?.type ?? "text";
        return [execute(`alter table ${table} drop column ${column}, add column ${column} ${type} generated always as (${expression.sql}) stored`), keep(number, ofColumn)];
      }
      case "check": return [execute(`alter table ${table} add constraint plumbline_${number} check (${expression.sql})`), keep(number, `pg_get_expr(k.conbin, k.conrelid, true) from pg_constraint k where k.conrelid = ${oid} and k.conname = 'plumbline_${number}'`)];
      case "predicate": return [execute(`create index ${index} on ${table} ((1)) where ${expression.sql}`), keep(number, `pg_get_expr(i.indpred, i.indrelid, true) from pg_index i where i.indexrelid = 'pg_temp.${index}'::regclass`)];
      case "key": return [execute(`create index ${index} on ${table} ((${expression.sql}))`), keep(number, `pg_get_indexdef('pg_temp.${index}'::regclass, 1, true)`)];
    }
  };
  return [
    attempt([execute(`create temporary table plumbline_${at} (${definitions.join(", ")})`)], [
      // One column's type is not there: the others may do.
      execute(`create temporary table plumbline_${at} ()`), ...definitions.map((definition) => attempt([execute(`alter table ${table} add column ${definition}`)])),
    ]),
    ...expressions.map((expression, number) => attempt(steps(expression, number))),
  ];
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
