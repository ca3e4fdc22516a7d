// Keys, checks and NOT NULL of tables that stand already. What has to look at every row does so under a weak lock, in a
// transaction of its own: NOT VALID and VALIDATE (https://www.postgresql.org/docs/current/sql-altertable.html), USING INDEX.
import { postgres } from "../../dialects/postgres";
import { tableName } from "../../dialects/statements";
import { shortened } from "../../indexes/naming";
import type { Change } from "../../model/change";
import type { Check, ForeignKey, PrimaryKey, QualifiedName, Unique } from "../../model/schema";
import { buildUnique, promote } from "./indexes";
import { asIndex } from "./names";
import { bare, type Context, type Phase, type Step } from "./step";

/** https://www.postgresql.org/docs/17/sql-altertable.html */
const noNotValid = "-- A partitioned table takes no NOT VALID before PostgreSQL 18: writers wait while the rows are looked at.";

export function addForeignKey(table: QualifiedName, key: ForeignKey, context: Context): readonly Step[] {
  const { validated: _, ...foreignKey } = key;
  const [add, drop]: [Change, Change] = [{ kind: "add-foreign-key", table, foreignKey }, { kind: "drop-foreign-key", table, foreignKey }];
  const up = bare(postgres.sql(add))[0]!;
  const down = bare(postgres.sql(drop));
  const title = `foreign key ${key.name}`;
  const standing = context.standing(table);
  // The unique index that it refers to may be built by this very migration.
  const late = !isUnique(key.references, context);
  if (!standing && !late) return [{ phase: "structure", up: [up], down, changes: [add], title }];
  if (standing?.kind === "partitioned table") return [{ phase: late ? "constrain" : "checks", up: [`${noNotValid}\n${up}`], down, changes: [add], title }];
  return notValid(table, { add: { ...add, foreignKey: { ...foreignKey, validated: false } }, name: key.name!, up, down, title }, late ? ["constrain", "validate keys"] : ["checks", "validate"]);
}

/** Whether the columns are unique before the migration, or in a table that it makes. */
function isUnique({ table: name, columns }: ForeignKey["references"], context: Context): boolean {
  const table = context.standing(name) ?? context.wanted(name);
  if (!table) return true;
  const wanted = [...columns].sort().join("\0");
  return [table.primaryKey?.columns, ...table.uniques.map((unique) => unique.columns), ...table.indexes.filter((index) => index.unique && !index.where).map(({ keys }) => keys.map((key) => key.column ?? ""))].some((one) => one !== undefined && [...one].sort().join("\0") === wanted);
}

export function dropForeignKey(table: QualifiedName, foreignKey: ForeignKey, context: Context): readonly Step[] {
  const step = dropConstraint({ kind: "drop-foreign-key", table, foreignKey }, { kind: "add-foreign-key", table, foreignKey }, foreignKey.name!, foreignKey.validated !== false, "structure", `drop foreign key ${foreignKey.name}`);
  if (context.standing(table)?.kind !== "partitioned table" || foreignKey.validated === false) return [step];
  return [{ ...step, down: bare(postgres.sql({ kind: "add-foreign-key", table, foreignKey })).map((sql) => `${noNotValid}\n${sql}`) }];
}

export function addCheck(table: QualifiedName, check: Check, context: Context): readonly Step[] {
  const { validated: _, ...wanted } = check;
  const [add, drop]: [Change, Change] = [{ kind: "add-check", table, check: wanted }, { kind: "drop-check", table, check: wanted }];
  const [up, down, title] = [bare(postgres.sql(add))[0]!, bare(postgres.sql(drop)), `check ${check.name}`];
  if (!context.standing(table)) return [{ phase: "structure", up: [up], down, changes: [add], title, quiet: true }];
  return notValid(table, { add: { ...add, check: { ...wanted, validated: false } }, name: check.name!, up, down, title }, ["checks", "validate"]);
}

export function dropCheck(table: QualifiedName, check: Check): readonly Step[] {
  return [dropConstraint({ kind: "drop-check", table, check }, { kind: "add-check", table, check }, check.name!, check.validated !== false, "structure", `drop check ${check.name}`)];
}

interface Constraint {
  readonly add: Change;
  readonly name: string;
  /** Without NOT VALID. */
  readonly up: string;
  readonly down: readonly string[];
  readonly title: string;
}

/** New rows are checked at once; those that are there, in the second step. */
function notValid(table: QualifiedName, { add, name, up, down, title }: Constraint, [first, second]: readonly [Phase, Phase]): readonly Step[] {
  const change: Change = { kind: "validate-constraint", table, name };
  // One statement, so that no row slips in between.
  const back = `${down[0]}, ${up.replace(`ALTER TABLE ${tableName(table, postgres)} `, "")} NOT VALID`;
  return [
    { phase: first, up: [`${up} NOT VALID`], down, changes: [add], title },
    { phase: second, up: bare(postgres.sql(change)), down: [back], changes: [change], title: `validate ${name}` },
  ];
}

/** A constraint dropped in a moment. Its inverse cannot be cut into two transactions, so writers wait while it looks at the rows. */
function dropConstraint(drop: Change, add: Change, name: string, validated: boolean, phase: Phase, title: string): Step {
  const table = (drop as { readonly table: QualifiedName }).table;
  const back = bare(postgres.sql(add))[0]!;
  return { phase, up: bare(postgres.sql(drop)), down: [`${back} NOT VALID`, ...(validated ? bare(postgres.sql({ kind: "validate-constraint", table, name })) : [])], changes: [drop], title };
}

/** The unique index is built first, then made a constraint. */
export function addUnique(table: QualifiedName, unique: Unique, context: Context): readonly Step[] {
  const add: Change = { kind: "add-unique", table, unique };
  const plain = { up: bare(postgres.sql(add)), down: bare(postgres.sql({ kind: "drop-unique", table, unique })), changes: [add], title: `unique ${unique.name}` };
  const standing = context.standing(table);
  if (!standing) return [{ ...plain, phase: "structure", quiet: true }];
  if (standing.kind === "partitioned table") return [{ ...plain, phase: "constrain", up: [`-- A partitioned table takes no USING INDEX: readers and writers wait while the index is built.\n${plain.up[0]}`] }];
  const index = asIndex(unique);
  return viaIndex(table, index, add, unique.name!, context);
}

export function dropUnique(table: QualifiedName, unique: Unique): readonly Step[] {
  const drop: Change = { kind: "drop-unique", table, unique };
  return [{ phase: "constrain", up: bare(postgres.sql(drop)), down: bare(postgres.sql({ kind: "add-unique", table, unique })), changes: [drop], title: `drop unique ${unique.name}` }];
}

/** The index is built first; columns that may be NULL are made NOT NULL before, so that no row is looked at under a strong lock. */
export function addPrimaryKey(table: QualifiedName, primaryKey: PrimaryKey, context: Context): readonly Step[] {
  const add: Change = { kind: "add-primary-key", table, primaryKey };
  const standing = context.standing(table);
  const plain = { up: bare(postgres.sql(add)), down: bare(postgres.sql({ kind: "drop-primary-key", table, primaryKey })), changes: [add], title: `primary key ${primaryKey.name}` };
  if (!standing) return [{ ...plain, phase: "structure", quiet: true }];
  if (standing.kind === "partitioned table") return [{ ...plain, phase: "constrain", up: [`-- A partitioned table takes no USING INDEX: readers and writers wait while the index is built.\n${plain.up[0]}`] }];
  const nullable = standing.columns.filter((column) => column.nullable && primaryKey.columns.includes(column.name) && !standing.primaryKey?.columns.includes(column.name));
  // A primary key that goes may bear the same name.
  const index = asIndex({ name: standing.primaryKey?.name === primaryKey.name ? shortened(`${primaryKey.name}_new`) : primaryKey.name, columns: primaryKey.columns });
  return [...nullable.flatMap((column) => setNotNull(table, column.name)), ...viaIndex(table, index, add, primaryKey.name!, context)];
}

export function dropPrimaryKey(table: QualifiedName, primaryKey: PrimaryKey, context: Context): readonly Step[] {
  const drop: Change = { kind: "drop-primary-key", table, primaryKey };
  const kept = new Set(context.wanted(table)?.primaryKey?.columns);
  // The columns stay NOT NULL when their key goes.
  const loosened = (context.wanted(table)?.columns ?? []).filter((column) => column.nullable && primaryKey.columns.includes(column.name) && !kept.has(column.name));
  return [
    { phase: "constrain", up: bare(postgres.sql(drop)), down: bare(postgres.sql({ kind: "add-primary-key", table, primaryKey })), changes: [drop], title: `drop primary key ${primaryKey.name}` },
    ...loosened.map(({ name }): Step => {
      const change: Change = { kind: "alter-column-nullability", table, column: name, nullable: true };
      // Adding the primary key makes them NOT NULL again.
      return { phase: "constrain", up: bare(postgres.sql(change)), down: [], changes: [change], title: `${name} may be NULL` };
    }),
  ];
}

function viaIndex(table: QualifiedName, index: ReturnType<typeof asIndex>, add: Extract<Change, { kind: "add-unique" | "add-primary-key" }>, name: string, context: Context): readonly Step[] {
  const { up, down, changes } = promote(table, index, add, name);
  return [buildUnique(table, index, context), { phase: "constrain", up, down, changes, title: `constraint ${name}` }];
}

/** By way of a check, which PostgreSQL then takes for the proof: nobody waits while the rows are looked at. */
export function setNotNull(table: QualifiedName, column: string): readonly Step[] {
  const name = shortened(`${table.name}_${column}_is_not_null`);
  const quoted = postgres.quote(column);
  const check: Check = { name, expression: { sql: `${quoted} IS NOT NULL`, columns: [column], complete: true } };
  const [add, drop]: [Change, Change] = [{ kind: "add-check", table, check }, { kind: "drop-check", table, check }];
  const set: Change = { kind: "alter-column-nullability", table, column, nullable: false };
  const loosen = bare(postgres.sql({ ...set, nullable: true }))[0]!;
  const addSql = bare(postgres.sql(add))[0]!;
  const back = `${loosen}, ${addSql.replace(`ALTER TABLE ${tableName(table, postgres)} `, "")} NOT VALID`;
  return [
    ...notValid(table, { add: { ...add, check: { ...check, validated: false } }, name, up: addSql, down: bare(postgres.sql(drop)), title: `check ${name}` }, ["checks", "validate"]),
    { phase: "constrain", up: [...bare(postgres.sql(set)), ...bare(postgres.sql(drop))], down: [back], changes: [set, drop], title: `${column} not null` },
  ];
}

export function dropNotNull(table: QualifiedName, column: string): readonly Step[] {
  const change: Change = { kind: "alter-column-nullability", table, column, nullable: true };
  return [{ phase: "structure", up: bare(postgres.sql(change)), down: bare(postgres.sql({ ...change, nullable: false })), changes: [change], title: `${column} may be NULL` }];
}
