// ALTER TABLE, subcommand by subcommand: its lock is the strongest of theirs, its work the heaviest.
// https://www.postgresql.org/docs/current/sql-altertable.html and AlterTableGetLockLevel in PostgreSQL's tablecmds.c
import type { QualifiedName } from "../model/schema";
import { combined, further, locked, type EffectPart, type Work } from "./effect-parts";
import { volatilityOf } from "./functions";
import { as, tableName, typeText, type AlterTableCmd, type ColumnDef, type Constraint, type Content, type TypeName } from "./tree";

export function alterTable(statement: Content<"AlterTableStmt">): EffectPart {
  const table = tableName(statement.relation);
  const kind = statement.objtype;
  if (kind === "OBJECT_INDEX") return alterIndex(statement, table);
  if (kind === "OBJECT_SEQUENCE") return { title: "alter sequence", locks: locked("share row exclusive", table) };
  if (kind === "OBJECT_TYPE") return { title: "alter type", work: "unknown" };
  const commands = (statement.cmds ?? []).flatMap((one) => as(one, "AlterTableCmd") ?? []);
  const whole = combined(commands.map((command) => subcommand(command, table)));
  const noun = kind === "OBJECT_VIEW" ? "view" : kind === "OBJECT_MATVIEW" ? "materialized view" : kind === "OBJECT_FOREIGN_TABLE" ? "foreign table" : "table";
  return { ...whole, title: `alter ${noun} … ${whole.title}` };
}

function alterIndex(statement: Content<"AlterTableStmt">, index: QualifiedName): EffectPart {
  const command = as(statement.cmds?.[0], "AlterTableCmd");
  switch (command?.subtype) {
    case "AT_SetTableSpace": return { title: "alter index … set tablespace", index, further: further("the index's table", "access exclusive"), work: "builds an index" };
    case "AT_AttachPartition": return { title: "alter index … attach partition", index: qualifiedCommandName(command), further: further("the index's table", "access share") };
    default: return { title: "alter index", index };
  }
}

function qualifiedCommandName(command: AlterTableCmd): QualifiedName {
  return tableName(as(command.def, "PartitionCmd")?.name);
}

function subcommand(command: AlterTableCmd, table: QualifiedName): EffectPart {
  const exclusive = locked("access exclusive", table);
  const weak = locked("share update exclusive", table);
  const column = command.name ?? "";
  switch (command.subtype) {
    case "AT_AddColumn": {
      const added = addColumn(as(command.def, "ColumnDef") ?? {}, table);
      return combined([{ title: "add column", locks: exclusive }, { ...added, title: undefined }]);
    }
    case "AT_DropColumn": return { title: "drop column", locks: exclusive, further: command.behavior === "DROP_CASCADE" ? further("tables that depend on it", "access exclusive") : [], loss: `The values of ${table.name}.${column} are lost.` };
    case "AT_AlterColumnType": {
      const type = (as(command.def, "ColumnDef") ?? {}).typeName;
      return { title: "alter column type", locks: exclusive, work: typeChange(type, as(command.def, "ColumnDef")?.raw_default !== undefined), ...narrowing(type, table, column) };
    }
    case "AT_SetNotNull": return { title: "set not null", locks: exclusive, work: "reads rows" };
    case "AT_DropNotNull": return { title: "drop not null", locks: exclusive };
    case "AT_ColumnDefault": return { title: command.def ? "set default" : "drop default", locks: exclusive };
    case "AT_SetExpression": return { title: "set expression", locks: exclusive, work: "rewrites the table" };
    case "AT_DropExpression": return { title: "drop expression", locks: exclusive };
    case "AT_AddConstraint": return addConstraint(as(command.def, "Constraint") ?? {}, table);
    case "AT_AlterConstraint": return { title: "alter constraint", locks: exclusive, work: "unknown" };
    case "AT_ValidateConstraint": return { title: "validate constraint", locks: weak, further: further("tables that its foreign keys refer to", "row share"), work: "reads rows" };
    case "AT_DropConstraint": return { title: "drop constraint", locks: exclusive, further: further("tables that its foreign keys refer to", "access exclusive") };
    case "AT_SetStatistics": return { title: "set statistics", locks: weak };
    case "AT_SetOptions": case "AT_ResetOptions": return { title: "set column options", locks: weak };
    case "AT_ClusterOn": return { title: "cluster on", locks: weak };
    case "AT_DropCluster": return { title: "set without cluster", locks: weak };
    case "AT_SetRelOptions": case "AT_ResetRelOptions": return { title: "set storage parameters", locks: setOptionsLock(command) ? weak : exclusive };
    case "AT_EnableTrig": case "AT_EnableAlwaysTrig": case "AT_EnableReplicaTrig": case "AT_EnableTrigAll": case "AT_EnableTrigUser": return { title: "enable trigger", locks: locked("share row exclusive", table) };
    case "AT_DisableTrig": case "AT_DisableTrigAll": case "AT_DisableTrigUser": return { title: "disable trigger", locks: locked("share row exclusive", table) };
    case "AT_AttachPartition": return { title: "attach partition", locks: [...weak, ...locked("access exclusive", qualifiedCommandName(command))], work: "reads rows" };
    case "AT_DetachPartition": {
      const partition = qualifiedCommandName(command);
      if (as(command.def, "PartitionCmd")?.concurrent) return { title: "detach partition concurrently", locks: locked("share update exclusive", table, partition), transaction: "forbidden" };
      return { title: "detach partition", locks: locked("access exclusive", table, partition) };
    }
    case "AT_DetachPartitionFinalize": return { title: "detach partition finalize", locks: [...weak, ...locked("access exclusive", qualifiedCommandName(command))] };
    case "AT_AddInherit": return { title: "inherit", locks: [...exclusive, ...locked("share update exclusive", tableName(as(command.def, "RangeVar")))] };
    case "AT_DropInherit": return { title: "no inherit", locks: [...exclusive, ...locked("access share", tableName(as(command.def, "RangeVar")))] };
    case "AT_SetLogged": return { title: "set logged", locks: exclusive, work: "rewrites the table" };
    case "AT_SetUnLogged": return { title: "set unlogged", locks: exclusive, work: "rewrites the table" };
    case "AT_SetTableSpace": return { title: "set tablespace", locks: exclusive, work: "rewrites the table" };
    case "AT_SetAccessMethod": return { title: "set access method", locks: exclusive, work: "rewrites the table" };
    default: return { title: other[command.subtype ?? ""] ?? "change", locks: exclusive };
  }
}

const other: Readonly<Record<string, string>> = {
  AT_SetStorage: "set storage", AT_SetCompression: "set compression", AT_ChangeOwner: "owner to", AT_ReplicaIdentity: "replica identity",
  AT_EnableRowSecurity: "enable row level security", AT_DisableRowSecurity: "disable row level security", AT_ForceRowSecurity: "force row level security", AT_NoForceRowSecurity: "no force row level security",
  AT_AddIdentity: "add identity", AT_SetIdentity: "set identity", AT_DropIdentity: "drop identity", AT_AddOf: "of", AT_DropOf: "not of",
  AT_EnableRule: "enable rule", AT_EnableAlwaysRule: "enable rule", AT_EnableReplicaRule: "enable rule", AT_DisableRule: "disable rule", AT_GenericOptions: "set options", AT_AlterColumnGenericOptions: "set column options",
};

/** Whether every storage parameter is one that takes SHARE UPDATE EXCLUSIVE: reloptions.c, where all of a table's do but this one. */
function setOptionsLock(command: AlterTableCmd): boolean {
  const options = (as(command.def, "List")?.items ?? []).map((one) => as(one, "DefElem")?.defname ?? "");
  return !options.includes("user_catalog_table") && !options.some((name) => /^(security_|check_option)/.test(name));
}

/** What a column means that is added to a table with rows. */
function addColumn(column: ColumnDef, table: QualifiedName): EffectPart {
  const parts: EffectPart[] = [];
  const constraints = (column.constraints ?? []).flatMap((one) => as(one, "Constraint") ?? []);
  const withDefault = constraints.find(({ contype, raw_expr: value }) => contype === "CONSTR_DEFAULT" && !as(value, "A_Const")?.isnull);
  const filled = withDefault !== undefined || /^(big|small)?serial[248]?$/.test(typeText(column.typeName).name);
  if (filled && !withDefault) parts.push({ work: "rewrites the table" });
  for (const constraint of constraints) {
    switch (constraint.contype) {
      case "CONSTR_DEFAULT": {
        const volatility = volatilityOf(constraint.raw_expr);
        parts.push({ work: volatility === "volatile" ? "rewrites the table" : volatility === "unknown" ? "unknown" : "nothing" });
        break;
      }
      case "CONSTR_IDENTITY": parts.push({ work: "rewrites the table" }); break;
      case "CONSTR_GENERATED": parts.push({ work: constraint.generated_kind === "v" ? "nothing" : "rewrites the table" }); break;
      case "CONSTR_NOTNULL": parts.push({ work: filled ? "nothing" : "reads rows" }); break;
      // Without a default every value is NULL, which refers to nothing.
      case "CONSTR_FOREIGN": parts.push({ ...addConstraint(constraint, table), ...(filled ? {} : { work: "nothing" }) }); break;
      case "CONSTR_CHECK": case "CONSTR_PRIMARY": case "CONSTR_UNIQUE": case "CONSTR_EXCLUSION": parts.push(addConstraint(constraint, table)); break;
    }
  }
  return combined(parts);
}

function addConstraint(constraint: Constraint, table: QualifiedName): EffectPart {
  const later = constraint.skip_validation === true || constraint.is_enforced === false;
  const exclusive = locked("access exclusive", table);
  const index = constraint.indexname === undefined ? undefined : { schema: table.schema, name: constraint.indexname };
  switch (constraint.contype) {
    case "CONSTR_FOREIGN": return { title: "add foreign key", locks: locked("share row exclusive", table, tableName(constraint.pktable)), work: later ? "nothing" : "reads rows" };
    case "CONSTR_CHECK": return { title: "add check", locks: exclusive, work: later ? "nothing" : "reads rows" };
    case "CONSTR_NOTNULL": return { title: "add not null", locks: exclusive, work: later ? "nothing" : "reads rows" };
    case "CONSTR_UNIQUE": return index ? { title: "add unique using index", locks: exclusive, index } : { title: "add unique", locks: exclusive, work: "builds an index" };
    // Its columns become NOT NULL, which reads the rows where they are not yet.
    case "CONSTR_PRIMARY": return index ? { title: "add primary key using index", locks: exclusive, index, work: "unknown" } : { title: "add primary key", locks: exclusive, work: "builds an index" };
    case "CONSTR_EXCLUSION": return { title: "add exclude", locks: exclusive, work: "builds an index" };
    default: return { title: "add constraint", locks: exclusive, work: "unknown" };
  }
}

/** Types that another type becomes without a rewrite, where the old one is not known: pg_cast's binary coercible ones, wider lengths and precisions. */
const mayStay = new Set(["text", "varchar", "bpchar", "timestamp", "timestamptz", "time", "timetz", "interval", "numeric", "varbit", "bit", "cidr", "inet", "citext", "oid", "int4", "xml", "json"]);

/** Names of PostgreSQL's own types that no other type becomes without a rewrite, themselves apart. */
const rewritten = new Set(["int2", "int8", "float4", "float8", "bool", "date", "uuid", "jsonb", "bytea", "money", "macaddr", "macaddr8", "point", "tsvector", "tsquery"]);

function typeChange(type: TypeName | undefined, using: boolean): Work {
  const { name, array } = typeText(type);
  if (array) return "unknown";
  if (rewritten.has(name)) return "rewrites the table";
  return using && !mayStay.has(name) ? "rewrites the table" : "unknown";
}

/** Types whose values are cut or rounded in silence; others refuse a value that does not fit. */
function narrowing(type: TypeName | undefined, table: QualifiedName, column: string): EffectPart {
  const { name, modifiers } = typeText(type);
  const narrow = /^(float4|date|time|timetz)$/.test(name) || (modifiers.length > 0 && /^(timestamp|timestamptz|time|timetz|interval|numeric)$/.test(name));
  return narrow ? { loss: `Values of ${table.name}.${column} with more than ${name}${modifiers.length > 0 ? `(${modifiers.join(", ")})` : ""} holds are cut or rounded.` } : {};
}
