// Statements that read, change or maintain rows: what they lock and whether rows are lost. How many rows a condition meets
// is the database's to say.
import { lockModes, type LockMode, type StatementEffect } from "../model/migration";
import { further, locked, type EffectPart } from "./effect-parts";
import { guardedStatement } from "./roles-and-schemas";
import { as, relationsIn, tableName, visit, type Content, type RangeVar } from "./tree";

const changesRows = (title: string, statement: { readonly relation?: RangeVar }, loss?: string): EffectPart => {
  const { relation, ...rest } = statement;
  return {
    title,
    locks: [...locked("row exclusive", tableName(relation)), ...queryLocks(rest)],
    work: "changes rows",
    ...(loss ? { loss } : {}),
  };
};

/** What a query takes of the tables that it reads, and of those that its WITH queries change. */
export function queryLocks(query: unknown): StatementEffect["locks"] {
  let read: LockMode = "access share";
  visit(query, (_content, key) => {
    if (key === "LockingClause") read = "row share";
  });
  return relationsIn(query).map(({ table, changed }) => ({ table, mode: changed ? "row exclusive" : read }));
}

export const dataEffects = {
  InsertStmt: (statement: Content<"InsertStmt">): EffectPart => ({ ...changesRows("insert", statement), further: further("tables that its foreign keys refer to", "row share") }),
  UpdateStmt: (statement: Content<"UpdateStmt">): EffectPart => ({
    ...changesRows("update", statement, statement.whereClause || statement.fromClause ? undefined : `Every row of ${tableName(statement.relation).name} is overwritten: the UPDATE has no WHERE.`),
    further: [...further("tables that its foreign keys refer to", "row share"), ...further("tables that refer to it", "row exclusive")],
  }),
  DeleteStmt: (statement: Content<"DeleteStmt">): EffectPart => ({
    ...changesRows("delete", statement, statement.whereClause || statement.usingClause ? undefined : `Every row of ${tableName(statement.relation).name} is deleted: the DELETE has no WHERE.`),
    further: further("tables that refer to it", "row exclusive"),
  }),
  MergeStmt: (statement: Content<"MergeStmt">): EffectPart => ({ ...changesRows("merge", statement), further: [...further("tables that its foreign keys refer to", "row share"), ...further("tables that refer to it", "row exclusive")] }),
  SelectStmt: (statement: Content<"SelectStmt">): EffectPart => {
    const { intoClause: into, ...query } = statement;
    const tables = relationsIn(query);
    const work = tables.some(({ changed }) => changed) ? "changes rows" : tables.length > 0 ? "reads rows" : "nothing";
    return { title: into ? "select into" : "select", locks: queryLocks(query), work, creates: into ? [tableName(into.rel)] : [] };
  },
  CopyStmt: (statement: Content<"CopyStmt">): EffectPart => {
    if (statement.is_from) return { title: "copy from", locks: locked("row exclusive", tableName(statement.relation)), work: "changes rows", further: further("tables that its foreign keys refer to", "row share") };
    return { title: "copy to", locks: statement.relation ? locked("access share", tableName(statement.relation)) : queryLocks(statement.query), work: "reads rows" };
  },
  TruncateStmt: (statement: Content<"TruncateStmt">): EffectPart => {
    const tables = relationsIn(statement.relations).map(({ table }) => table);
    const cascade = statement.behavior === "DROP_CASCADE";
    return {
      title: "truncate",
      locks: locked("access exclusive", ...tables),
      ...(cascade ? { further: further("tables that refer to it", "access exclusive") } : {}),
      work: "rewrites the table",
      loss: `Every row of ${tables.map(({ name }) => name).join(", ")}${cascade ? " and of all tables that refer to it" : ""} is deleted.`,
    };
  },
  LockStmt: (statement: Content<"LockStmt">): EffectPart => ({ title: "lock table", locks: locked(lockModes[/* lockdefs.h counts from 1 */ (statement.mode ?? 8) - 1] ?? "access exclusive", ...relationsIn(statement.relations).map(({ table }) => table)) }),
  RefreshMatViewStmt: (statement: Content<"RefreshMatViewStmt">): EffectPart => ({
    title: statement.concurrent ? "refresh materialized view concurrently" : "refresh materialized view",
    locks: locked(statement.concurrent ? "exclusive" : "access exclusive", tableName(statement.relation)),
    further: further("tables that its query reads", "access share"),
    work: statement.concurrent ? "changes rows" : "rewrites the table",
  }),
  ClusterStmt: (statement: Content<"ClusterStmt">): EffectPart => {
    const all = statement.relation === undefined;
    const index = statement.indexname === undefined ? {} : { index: { schema: statement.relation?.schemaname ?? null, name: statement.indexname } };
    return { title: "cluster", locks: all ? [] : locked("access exclusive", tableName(statement.relation)), work: "rewrites the table", transaction: all ? "forbidden" : "any", ...index };
  },
  VacuumStmt: (statement: Content<"VacuumStmt">): EffectPart => {
    const tables = relationsIn(statement.rels).map(({ table }) => table);
    const full = (statement.options ?? []).some((one) => as(one, "DefElem")?.defname === "full" && !/^(false|off|0)$/i.test(as(as(one, "DefElem")?.arg, "String")?.sval ?? as(as(one, "DefElem")?.arg, "Boolean")?.boolval?.toString() ?? "true"));
    if (!statement.is_vacuumcmd) return { title: "analyze", locks: locked("share update exclusive", ...tables), work: "reads rows" };
    return full
      ? { title: "vacuum full", locks: locked("access exclusive", ...tables), work: "rewrites the table", transaction: "forbidden" }
      : { title: "vacuum", locks: locked("share update exclusive", ...tables), work: "reads rows", transaction: "forbidden" };
  },
  // What code does that is run here nobody can tell from outside.
  DoStmt: (statement: Content<"DoStmt">): EffectPart => {
    const role = guardedStatement(statement);
    return role === undefined ? { title: "do", work: "unknown" } : { title: `${/^create/i.test(role) ? "create" : "rename"} role, unless it is there` };
  },
  CallStmt: (): EffectPart => ({ title: "call", work: "unknown" }),
  ExecuteStmt: (): EffectPart => ({ title: "execute", work: "unknown" }),
  ExplainStmt: (): EffectPart => ({ title: "explain", work: "unknown" }),
};

