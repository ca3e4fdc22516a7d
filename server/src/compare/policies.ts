// Conditions of policies that are written in two ways: PostgreSQL makes a policy of each and prints them. What it prints alike
// is the same condition. It asks nobody itself.
import { literal, postgres } from "../dialects/postgres";
import { tableName } from "../dialects/statements";
import type { QualifiedName } from "../model/schema";

/** A condition of a table's rows. */
export interface PolicyCondition {
  readonly table: QualifiedName;
  readonly sql: string;
}

/** Statements that end as they began, in one message; the rows of the last but one are for `conditionAnswers`. The tables must be there. */
export function conditionQuestions(conditions: readonly PolicyCondition[]): string {
  const made = conditions.map(({ table, sql }, at) => `begin execute ${literal(`create policy plumbline_${at} on ${tableName(table, postgres)} using (${sql}\n)`)}; exception when others then null; end;`);
  return ["begin", `do ${literal(`begin ${made.join(" ")} end`)}`, "set local search_path = pg_catalog", "select polname::text, pg_get_expr(polqual, polrelid) from pg_policy where polname ~ '^plumbline_[0-9]+$'", "rollback"].join(";\n");
}

/** Of `conditionQuestions`, one by one: what PostgreSQL prints; undefined where it refuses the condition. */
export function conditionAnswers(conditions: readonly PolicyCondition[], rows: readonly (readonly unknown[])[]): readonly (string | undefined)[] {
  const printed = new Map(rows.map(([name, text]) => [name, text]));
  return conditions.map((_, at) => { const text = printed.get(`plumbline_${at}`); return typeof text === "string" ? text : undefined; });
}
