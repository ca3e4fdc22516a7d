// How a column comes by its values: generated from others, or counted. PostgreSQL changes neither expression nor kind of a
// generated column before version 17, so the column is made anew with what stands on it; a counter goes on where it was.
// https://www.postgresql.org/docs/current/sql-altertable.html
import { isComputed, sameSequence } from "../../compare/generation";
import { identityText, literal, postgres } from "../../dialects/postgres";
import { tableName } from "../../dialects/statements";
import { sequenceNameOf } from "../../indexes/default-name";
import type { Change } from "../../model/change";
import type { Column, QualifiedName, Table } from "../../model/schema";
import { knownOptions, sequenceClauses, sequenceOptions, type SequenceOptions } from "../../model/sequence";
import { tableKey } from "../../model/table-key";
import { bare, Refusal, type Context, type Step } from "./step";

const rewrites = "-- Rewrites the whole table; readers and writers wait meanwhile.";

type Generation = Extract<Change, { kind: "alter-column-generation" }>;

export function alterGeneration(change: Generation, context: Context): readonly Step[] {
  const { table, from, to } = change;
  const title = `values of ${table.name}.${to.name}`;
  if (!isComputed(from) && !isComputed(to)) {
    // An identity column must be NOT NULL, which it may become in this very migration; another type brings other limits.
    const later = to.generated === "identity" && (from.nullable || (from.type.name !== to.type.name && !sameSequence(from, to)));
    return [{ phase: later ? "constrain" : "structure", up: counted(table, from, to, context), down: counted(table, to, from, context), changes: [change], title }];
  }
  if (from.generated === "stored" && !isComputed(to) && to.generated === undefined) {
    const alter = `ALTER TABLE ${tableName(table, postgres)} ALTER COLUMN ${postgres.quote(to.name)}`;
    const up = [`${alter} DROP EXPRESSION`, ...(to.default?.complete ? [`${alter} SET DEFAULT ${to.default.sql}`] : [])];
    return [{ phase: "rewrite", up, down: remake(table, to, from, context), changes: [change], title }];
  }
  return [{
    phase: "rewrite", up: remake(table, from, to, context), down: remake(table, to, from, context), changes: [change], title,
    losses: isComputed(to) && isComputed(from) ? [] : [`The values of ${table.name}.${to.name} are lost: ${isComputed(to) ? "they are computed from now on" : "the column begins empty"}.`],
  }];
}

export interface Around {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Around a change of `column`'s type: the generated columns that are computed from it go before, and come again after, since PostgreSQL changes no type under them. One that is not wanted any more does not come again. */
export function aroundComputed(table: Table | undefined, column: string, context: Context): { readonly up: Around; readonly down: Around; readonly changes: readonly Change[] } {
  const users = table ? computedFrom(table, column) : [];
  const name = table?.name ?? { schema: null, name: "" };
  const wanted = context.wanted(name);
  const target = (one: Column): Column | undefined => wanted?.columns.find((other) => other.name === one.name);
  const drop = (one: Column): readonly string[] => bare(postgres.sql({ kind: "drop-column", table: name, column: one }));
  const add = (one: Column): readonly string[] => [...bare(postgres.sql({ kind: "add-column", table: name, column: one })), ...standingOn(table!, one.name, context)];
  return {
    up: { before: users.flatMap(drop), after: users.flatMap((one) => { const to = target(one); return to ? add(to) : []; }) },
    down: { before: users.filter(target).flatMap(drop), after: users.flatMap(add) },
    changes: users.flatMap((one): readonly Change[] => {
      const to = target(one);
      if (!to) return [{ kind: "drop-column", table: name, column: one }];
      return [{ kind: "alter-column-generation", table: name, from: one, to }, ...(to.type.name === one.type.name ? [] : [{ kind: "alter-column-type", table: name, column: one.name, from: one.type, to: to.type } as const])];
    }),
  };
}

/** The changes that are left when those of a column's type take along what is computed from it. */
export function withoutComputed(changes: readonly Change[], context: Context): readonly Change[] {
  const remade = new Map<string, Set<string>>();
  for (const change of changes) {
    if (change.kind === "alter-column-generation" && isComputed(change.to)) (remade.get(tableKey(change.table)) ?? remade.set(tableKey(change.table), new Set()).get(tableKey(change.table))!).add(`type ${change.to.name}`);
    if (change.kind !== "alter-column-type") continue;
    const table = context.standing(change.table);
    for (const { name } of table ? computedFrom(table, change.column) : []) {
      const key = tableKey(change.table);
      const names = remade.get(key) ?? new Set();
      remade.set(key, names.add(`type ${name}`).add(name));
    }
  }
  return changes.filter((change) => {
    switch (change.kind) {
      case "alter-column-type": return !remade.get(tableKey(change.table))?.has(`type ${change.column}`);
      case "alter-column-generation": return !remade.get(tableKey(change.table))?.has(change.to.name);
      case "drop-column": return !remade.get(tableKey(change.table))?.has(change.column.name);
      default: return true;
    }
  });
}

/** The generated columns of `table` that are computed from `column`. */
export function computedFrom(table: Table, column: string): readonly Column[] {
  return table.columns.filter((one) => isComputed(one) && one.default?.columns.includes(column));
}

/** Dropped and made anew in one statement, with the indexes and constraints that go with it. */
function remake(table: QualifiedName, from: Column, to: Column, context: Context): readonly string[] {
  const standing = context.standing(table);
  if (!standing) throw new Refusal(`The table ${table.name} does not exist.`);
  const alter = `ALTER TABLE ${tableName(table, postgres)} DROP COLUMN ${postgres.quote(from.name)}, `;
  const add = bare(postgres.sql({ kind: "add-column", table, column: to }))[0]!.replace(`ALTER TABLE ${tableName(table, postgres)} `, "");
  return [`${rewrites}\n${alter}${add}`, ...standingOn(standing, from.name, context)];
}

/** What goes with the column when it is dropped, made again: as far as this migration does not drop it anyway. */
export function standingOn(table: Table, column: string, context: Context): readonly string[] {
  const wanted = context.wanted(table.name);
  const kept = <Part extends { readonly name?: string }>(part: Part, list: readonly Part[] | undefined): boolean => list?.some(({ name }) => name === part.name) ?? false;
  const name = table.name;
  return [
    ...table.uniques.filter((unique) => unique.columns.includes(column) && !context.early.has(unique.name!)).flatMap((unique) => bare(postgres.sql({ kind: "add-unique", table: name, unique }))),
    ...table.indexes.filter((index) => index.constraint === undefined && mentions(index, column) && !context.early.has(index.name!)).flatMap((index) => bare(postgres.sql({ kind: "add-index", table: name, index }))),
    ...table.checks.filter((check) => check.expression.columns.includes(column) && kept(check, wanted?.checks)).flatMap((check) => bare(postgres.sql({ kind: "add-check", table: name, check }))),
    ...table.foreignKeys.filter((key) => key.enforced && key.columns.includes(column) && kept(key, wanted?.foreignKeys)).flatMap((foreignKey) => bare(postgres.sql({ kind: "add-foreign-key", table: name, foreignKey }))),
  ];
}

/** Whether dropping the column drops the index. */
export function mentions({ keys, include, where }: Table["indexes"][number], column: string): boolean {
  return include.includes(column) || keys.some((key) => key.column === column || key.expression?.columns.includes(column)) || (where?.columns.includes(column) ?? false);
}

/** Between identity, serial and neither. A counter starts behind the greatest value that is there. */
function counted(table: QualifiedName, from: Column, to: Column, context: Context): readonly string[] {
  const alter = `ALTER TABLE ${tableName(table, postgres)} ALTER COLUMN ${postgres.quote(to.name)}`;
  if (from.generated === "identity" && to.generated === "identity") {
    const kind = (from.identity ?? "by default") === (to.identity ?? "by default") ? [] : [`GENERATED ${(to.identity ?? "by default").toUpperCase()}`];
    return [`${alter} ${[...kind, ...sequenceClauses(changedOptions(from, to))].map((clause) => `SET ${clause}`).join(" ")}`];
  }
  const owner = (context.standing(table) ?? context.wanted(table))!;
  const sequence = (column: Column): QualifiedName => ({ schema: table.schema, name: sequenceNameOf(column, owner, column === from ? context.before.source : context.source)! });
  const leave = from.generated === "identity" ? [`${alter} DROP IDENTITY`]
    : from.generated === "serial" ? [`${alter} DROP DEFAULT`, `DROP SEQUENCE ${tableName(sequence(from), postgres)}`]
    : from.default ? [`${alter} DROP DEFAULT`] : [];
  if (to.generated !== "identity" && to.generated !== "serial") return [...leave, ...(to.default?.complete ? [`${alter} SET DEFAULT ${to.default.sql}`] : [])];
  const name = tableName(sequence(to), postgres);
  const { increment, startWith } = sequenceOptions(to.type.name, knownOptions(to.sequenceOptions));
  const last = postgres.quote(to.name);
  const next = increment.startsWith("-") ? `least(coalesce(min(${last}), 0) - 1, ${startWith})` : `greatest(coalesce(max(${last}), 0) + 1, ${startWith})`;
  const onward = `SELECT setval(${regclass(name)}, ${next}, false) FROM ${tableName(table, postgres)}`;
  if (to.generated === "identity") return [...leave, `${alter} ADD ${identityText(to, name)}`, onward];
  return [...leave, `CREATE SEQUENCE ${name} AS ${to.type.name} OWNED BY ${tableName(table, postgres)}.${postgres.quote(to.name)}`, `${alter} SET DEFAULT nextval(${regclass(name)})`, onward];
}

function regclass(name: string): string {
  return `${literal(name)}::regclass`;
}

/** The options that become others, as they are to be. A change of the type has taken the default ones along. */
function changedOptions(from: Column, to: Column): Partial<SequenceOptions> {
  const [had, has] = [from, to].map((column) => sequenceOptions(to.type.name, knownOptions(column.sequenceOptions)));
  return Object.fromEntries(Object.entries(has!).filter(([name, value]) => had![name as keyof SequenceOptions] !== value));
}

/** A new table without the columns that are computed by what cannot be read, which then are changes of their own; all of it where something else of the table needs such a column. */
export function unreadComputedApart(change: Change): readonly Change[] {
  if (change.kind !== "add-table") return [change];
  const { table } = change;
  const unread = table.columns.filter((column) => isComputed(column) && column.default?.complete !== true);
  const rest: Table = { ...table, columns: table.columns.filter((column) => !unread.includes(column)) };
  const parts = JSON.stringify([rest.primaryKey, rest.uniques, rest.foreignKeys, rest.indexes, rest.checks, rest.rowSecurity, rest.columns.map((column) => column.default)], (key, value: unknown) => (key === "at" || key === "nameAt" ? undefined : value));
  if (unread.some(({ name }) => parts.includes(JSON.stringify(name)) || parts.includes(JSON.stringify(postgres.quote(name)).slice(1, -1)))) return [change];
  return [{ ...change, table: rest }, ...unread.map((column): Change => ({ kind: "add-column", table: table.name, column }))];
}
