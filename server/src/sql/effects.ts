// What a statement of a migration locks, does, loses and makes, as its text tells. What follows from the catalogue alone
// (partitions, a view's tables) it leaves to the database; test/migrate/effects.test.ts lets the servers judge.
// https://www.postgresql.org/docs/current/explicit-locking.html
import type { StatementEffect } from "../model/migration";
import { alterTable } from "./alter-table";
import { dataEffects, queryLocks } from "./data-effects";
import { dropped } from "./drop-effects";
import { combined, further, locked, type EffectPart } from "./effect-parts";
import { as, names, objectName, qualified, relationsIn, tableName, tagOf, type Content, type CreateStmt, type Tag } from "./tree";

/** `concurrently`: the directive stands before a plain CREATE INDEX or DROP INDEX, and the effect is that of running it so. */
export function statementEffect(node: object, concurrently = false): StatementEffect {
  const tag = tagOf(node);
  const content = (node as Record<string, unknown>)[tag];
  const describe = effects[tag] as ((content: unknown) => EffectPart) | undefined;
  const asRun = concurrently ? { ...(content as object), concurrent: true } : content;
  return combined([describe?.(asRun) ?? { title: titleOf(tag) }]);
}

/** "CreateFunctionStmt" as "create function". */
function titleOf(tag: Tag): string {
  return tag.replace(/Stmt$/, "").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}

type Effects = { readonly [T in Tag]?: (statement: Content<T>) => EffectPart };

const effects: Effects = {
  ...dataEffects,
  AlterTableStmt: alterTable,
  DropStmt: dropped,
  CreateStmt: createTable,
  CreateForeignTableStmt: ({ base }) => ({ ...createTable(base ?? {}), title: "create foreign table" }),
  CreateTableAsStmt: (statement) => {
    const table = tableName(statement.into?.rel);
    const noun = statement.objtype === "OBJECT_MATVIEW" ? "materialized view" : "table as";
    return { title: `create ${noun}`, creates: [table], locks: queryLocks(statement.query), work: statement.into?.skipData || relationsIn(statement.query).length === 0 ? "nothing" : "reads rows" };
  },
  ViewStmt: (statement) => {
    const view = tableName(statement.view);
    const read = queryLocks(statement.query);
    return statement.replace ? { title: "create or replace view", locks: [...read, ...locked("access exclusive", view)] } : { title: "create view", creates: [view], locks: read };
  },
  IndexStmt: (statement) => {
    const table = tableName(statement.relation);
    const index = statement.idxname === undefined ? {} : { index: { schema: table.schema, name: statement.idxname } };
    const kind = `create ${statement.unique ? "unique " : ""}index`;
    // ON ONLY is for the parent of partitions, which has no rows itself.
    if (!statement.concurrent) return { title: kind, locks: locked("share", table), work: statement.relation?.inh ? "builds an index" : "nothing", ...index };
    return { title: `${kind} concurrently`, locks: locked("share update exclusive", table), work: "builds an index", transaction: "forbidden", ...index };
  },
  ReindexStmt: (statement) => {
    const concurrent = (statement.params ?? []).some((one) => isTrue(as(one, "DefElem"), "concurrently"));
    const name = tableName(statement.relation);
    const part: EffectPart = { work: "builds an index", transaction: concurrent ? "forbidden" : "any" };
    const title = concurrent ? "concurrently" : "";
    switch (statement.kind) {
      case "REINDEX_OBJECT_INDEX": return { ...part, title: `reindex index ${title}`.trim(), index: name, further: further("the index's table", concurrent ? "share update exclusive" : "share") };
      case "REINDEX_OBJECT_TABLE": return { ...part, title: `reindex table ${title}`.trim(), locks: locked(concurrent ? "share update exclusive" : "share", name) };
      default: return { ...part, title: `reindex ${statement.kind?.split("_").at(-1)?.toLowerCase()} ${title}`.trim(), transaction: "forbidden" };
    }
  },
  RenameStmt: (statement) => {
    const table = tableName(statement.relation);
    switch (statement.renameType) {
      case "OBJECT_INDEX": return { title: "rename index", index: table };
      case "OBJECT_TABLE": case "OBJECT_VIEW": case "OBJECT_MATVIEW": case "OBJECT_FOREIGN_TABLE": return { title: `rename ${noun(statement.renameType)}`, locks: locked("access exclusive", table) };
      case "OBJECT_SEQUENCE": return { title: "rename sequence", locks: locked("access exclusive", table) };
      case "OBJECT_COLUMN": case "OBJECT_TABCONSTRAINT": case "OBJECT_TRIGGER": case "OBJECT_POLICY": case "OBJECT_RULE": return { title: `rename ${noun(statement.renameType)}`, locks: locked("access exclusive", table) };
      case "OBJECT_ATTRIBUTE": return { title: "rename attribute", further: further("tables with columns of the type", "access exclusive") };
      default: return { title: `rename ${noun(statement.renameType)}` };
    }
  },
  AlterObjectSchemaStmt: (statement) => ({
    title: `alter ${noun(statement.objectType)} … set schema`,
    locks: statement.relation ? locked("access exclusive", tableName(statement.relation)) : [],
  }),
  CreateTrigStmt: (statement) => ({
    title: statement.isconstraint ? "create constraint trigger" : "create trigger",
    locks: [...locked("share row exclusive", tableName(statement.relation)), ...(statement.constrrel ? locked("access share", tableName(statement.constrrel)) : [])],
  }),
  RuleStmt: (statement) => ({ title: "create rule", locks: locked("access exclusive", tableName(statement.relation)) }),
  CreatePolicyStmt: (statement) => ({ title: "create policy", locks: locked("access exclusive", tableName(statement.table)) }),
  AlterPolicyStmt: (statement) => ({ title: "alter policy", locks: locked("access exclusive", tableName(statement.table)) }),
  CreateStatsStmt: (statement) => ({ title: "create statistics", locks: locked("share update exclusive", ...relationsIn(statement.relations).map(({ table }) => table)) }),
  CommentStmt: (statement) => ({ title: "comment", locks: commented(statement) }),
  CreatePublicationStmt: (statement) => ({ title: "create publication", locks: locked("share update exclusive", ...relationsIn(statement.pubobjects).map(({ table }) => table)) }),
  AlterPublicationStmt: (statement) => ({ title: "alter publication", locks: locked("share update exclusive", ...relationsIn(statement.pubobjects).map(({ table }) => table)) }),
  CreateSeqStmt: (statement) => ({ title: "create sequence", creates: [tableName(statement.sequence)], locks: owner(statement.options) }),
  AlterSeqStmt: (statement) => ({ title: "alter sequence", locks: [...locked("share row exclusive", tableName(statement.sequence)), ...owner(statement.options)] }),
  AlterEnumStmt: (statement) => ({ title: statement.oldVal ? "alter type … rename value" : "alter type … add value" }),
  AlterDomainStmt: (statement) => {
    // C: add constraint, O: set not null, V: validate (gram.y).
    const checks = statement.subtype === "C" ? as(statement.def, "Constraint")?.skip_validation !== true : /^[OV]$/.test(String(statement.subtype));
    return { title: "alter domain", ...(checks ? { work: "reads rows", further: further("tables with columns of the type", "share") } : {}) };
  },
  CompositeTypeStmt: () => ({ title: "create type" }),
  CreateEnumStmt: () => ({ title: "create type" }),
  DefineStmt: ({ kind }) => ({ title: `create ${noun(kind)}` }),
  CreateSchemaStmt: (statement) => combined([{ title: "create schema" }, ...(statement.schemaElts ?? []).map((element) => ({ ...statementEffect(element), title: undefined }))]),
  CreateExtensionStmt: () => ({ title: "create extension" }),
  CreateFunctionStmt: ({ is_procedure: procedure }) => ({ title: procedure ? "create procedure" : "create function" }),
  VariableSetStmt: ({ kind, name }) => ({ title: kind === "VAR_RESET" ? `reset ${name}` : kind === "VAR_RESET_ALL" ? "reset all" : `set ${name ?? ""}`.trim() }),
  GrantStmt: ({ is_grant: grant, objtype, objects }) => ({ title: grant ? "grant" : "revoke", locks: objtype === "OBJECT_TABLE" ? locked("access share", ...relationsIn(objects).map(({ table }) => table)) : [] }),
  TransactionStmt: ({ kind }) => ({ title: (kind ?? "").replace("TRANS_STMT_", "").replaceAll("_", " ").toLowerCase() }),
  CreatedbStmt: () => ({ title: "create database", transaction: "forbidden" }),
  DropdbStmt: ({ dbname }) => ({ title: "drop database", transaction: "forbidden", loss: `The database ${dbname} is lost with all that it holds.` }),
  CreateTableSpaceStmt: () => ({ title: "create tablespace", transaction: "forbidden" }),
  DropTableSpaceStmt: () => ({ title: "drop tablespace", transaction: "forbidden" }),
  AlterSystemStmt: () => ({ title: "alter system", transaction: "forbidden" }),
  CreateSubscriptionStmt: () => ({ title: "create subscription", transaction: "forbidden" }),
  DropSubscriptionStmt: () => ({ title: "drop subscription", transaction: "forbidden" }),
  DropRoleStmt: ({ roles }) => ({ title: "drop role", loss: `The role ${(roles ?? []).flatMap((role) => as(role, "RoleSpec")?.rolename ?? []).join(", ")} is lost on the whole server, with its password and its memberships.` }),
  DropOwnedStmt: () => ({ title: "drop owned", further: further("tables that depend on it", "access exclusive"), loss: "Everything that the role owns is dropped, tables with their rows included.", work: "unknown" }),
};

function createTable(statement: CreateStmt): EffectPart {
  const table = tableName(statement.relation);
  const elements = [...(statement.tableElts ?? []), ...(statement.constraints ?? [])];
  const constraints = elements.flatMap((one) => as(one, "Constraint") ?? (as(one, "ColumnDef")?.constraints ?? []).flatMap((inner) => as(inner, "Constraint") ?? []));
  const referenced = constraints.flatMap((one) => (one.contype === "CONSTR_FOREIGN" ? tableName(one.pktable) : [])).filter((other) => other.name !== table.name || other.schema !== table.schema);
  const like = elements.flatMap((one) => (as(one, "TableLikeClause") ? tableName(as(one, "TableLikeClause")!.relation) : []));
  const parents = relationsIn(statement.inhRelations).map((one) => one.table);
  const partition = statement.partbound !== undefined;
  return {
    title: partition ? "create table … partition of" : "create table",
    creates: [table],
    locks: [...locked("share row exclusive", ...referenced), ...locked("access share", ...like), ...locked(partition ? "access exclusive" : "share update exclusive", ...parents)],
  };
}

/** get_object_address in PostgreSQL's objectaddress.c: what belongs to a table takes less than the table itself. */
function commented(statement: Content<"CommentStmt">): EffectPart["locks"] {
  const parts = objectName(statement.object);
  switch (statement.objtype) {
    case "OBJECT_TABLE": case "OBJECT_VIEW": case "OBJECT_MATVIEW": case "OBJECT_FOREIGN_TABLE": case "OBJECT_SEQUENCE": return locked("share update exclusive", qualified(parts));
    case "OBJECT_COLUMN": return locked("share update exclusive", qualified(parts.slice(0, -1)));
    case "OBJECT_TABCONSTRAINT": case "OBJECT_TRIGGER": case "OBJECT_POLICY": case "OBJECT_RULE": return locked("access share", qualified(parts.slice(0, -1)));
    default: return [];
  }
}

/** OWNED BY table.column. */
function owner(options: readonly object[] | undefined): NonNullable<EffectPart["locks"]> {
  const owned = (options ?? []).map((one) => as(one, "DefElem")).find((one) => one?.defname === "owned_by");
  const parts = names(as(owned?.arg, "List")?.items);
  return parts.length > 1 ? locked("access share", qualified(parts.slice(0, -1))) : [];
}

function isTrue(option: Content<"DefElem"> | undefined, name: string): boolean {
  if (option?.defname !== name) return false;
  const value = as(option.arg, "Boolean")?.boolval ?? as(option.arg, "String")?.sval ?? as(option.arg, "Integer")?.ival ?? true;
  return !/^(false|off|0|no)$/i.test(String(value));
}

/** "OBJECT_MATVIEW" as "materialized view". */
function noun(type: string | undefined): string {
  const word = (type ?? "").replace("OBJECT_", "").replaceAll("_", " ").toLowerCase();
  return { matview: "materialized view", tabconstraint: "constraint", domconstraint: "domain constraint", "foreign table": "foreign table" }[word] ?? word;
}
