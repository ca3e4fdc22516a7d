// What might be a rename: asked, never guessed. Answers are made before everything else, so that the rest of the
// difference is that of the renamed schema.
import { compare } from "../../compare/compare";
import { sameType } from "../../dialects/dialect";
import { nameBesideTables, type Change } from "../../model/change";
import { keepsAccountOfMigrations } from "../../model/migration-accounts";
import type { EnumType, QualifiedName, SchemaModel, Table } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import type { RenameQuestion } from "../generated";
import { applyChanges } from "./apply";
import { answeredRoles, roleQuestion } from "./declared";
import { answeredViewRenames, renamedViews } from "./views";
import { answeredPolicies, policyQuestion } from "./policy-renames";
import { answeredSchemas, schemasIn } from "./schema-renames";

/** "orders.customer" -> "client_id" (a policy of a table likewise, a role by its name), "status.paid" -> "settled" (a type and its value), "sales" -> "shop" (a schema); null: dropped and made anew. Tables, types and sequences by their name, behind their schema's where that is not public: they share one set of names. */
export type RenameAnswers = Readonly<Record<string, string | null>>;

/** The renames that were answered, in the order in which they are made: schemas, types, their values, sequences, tables, columns. Answers that fit nothing are left out. */
export function answeredRenames(before: SchemaModel, after: SchemaModel, answers: RenameAnswers): readonly Change[] {
  const schemas = answeredSchemas(before, after, answers);
  const standing = applyChanges(before, schemas);
  // By the name that it has once its schema is renamed, or by the one that it had.
  const answerOf = (name: QualifiedName): string | null | undefined => {
    const old = schemas.find(({ to }) => to === name.schema)?.from;
    return answers[label(name)] ?? (old === undefined ? undefined : answers[label({ schema: old, name: name.name })]);
  };
  const [types, sequences, tables] = (["enums", "sequences", "tables"] as const).map((list) => answeredNames(namesOf(standing, list), namesOf(after, list), answerOf));
  const enums = types!.map((names): Change => ({ kind: "rename-enum", ...names }));
  return [
    ...schemas, ...enums,
    ...answeredValues(applyChanges(standing, enums), after, types!, answers),
    ...sequences!.map((names): Change => ({ kind: "rename-sequence", ...names })),
    ...standing.tables.flatMap(({ name }): readonly Change[] => { const names = tables!.find(({ from }) => from === name); return names ? [{ kind: "rename-table", ...names }] : []; }),
    ...answeredParts(standing, after, tables!, answers),
    ...answeredRoles(before, after, answers),
    ...answeredViewRenames(standing, after, answers),
  ];
}

interface NewName {
  readonly from: QualifiedName;
  readonly to: QualifiedName;
}

/** Those that are gone under one name and new under the other. */
function answeredNames(had: readonly QualifiedName[], has: readonly QualifiedName[], answerOf: (name: QualifiedName) => string | null | undefined): readonly NewName[] {
  const stay = new Set(has.map(tableKey)), known = new Set(had.map(tableKey));
  const fresh = has.filter((name) => !known.has(tableKey(name)));
  return had.flatMap((from): readonly NewName[] => {
    const answer = stay.has(tableKey(from)) ? undefined : answerOf(from);
    if (answer === undefined || answer === null) return [];
    const at = [(name: QualifiedName) => label(name) === answer, (name: QualifiedName) => (name.schema ?? "public") === (from.schema ?? "public") && name.name === answer].map((is) => fresh.findIndex(is)).find((found) => found >= 0);
    return at === undefined ? [] : fresh.splice(at, 1).map((to) => ({ from, to }));
  });
}

/** Sequences that go with a column, counted by or not, go along with its table. */
function namesOf({ tables, enums, sequences = [] }: SchemaModel, list: "tables" | "enums" | "sequences"): readonly QualifiedName[] {
  return { tables, enums, sequences: sequences.filter(({ owned }) => !owned) }[list].map(({ name }) => name);
}

/** Columns and policies. */
function answeredParts(standing: SchemaModel, after: SchemaModel, moved: readonly NewName[], answers: RenameAnswers): readonly Change[] {
  const wanted = new Map(after.tables.map((table) => [tableKey(table.name), table]));
  return standing.tables.flatMap((table) => {
    const name = moved.find(({ from }) => from === table.name)?.to ?? table.name;
    const target = wanted.get(tableKey(name));
    if (!target) return [];
    const columns = table.columns.flatMap((column): readonly Change[] => {
      const other = answers[`${label(table.name)}.${column.name}`] ?? answers[`${label(name)}.${column.name}`];
      if (other === undefined || other === null) return [];
      if (target.columns.some((one) => one.name === column.name) || table.columns.some((one) => one.name === other) || !target.columns.some((one) => one.name === other)) return [];
      return [{ kind: "rename-column", table: name, from: column.name, to: other }];
    });
    return [...columns, ...answeredPolicies(table, target, label(table.name), answers)];
  });
}

function answeredValues(before: SchemaModel, after: SchemaModel, moved: readonly NewName[], answers: RenameAnswers): readonly Change[] {
  const wanted = new Map(after.enums.map((type) => [tableKey(type.name), type.values]));
  return before.enums.flatMap(({ name, values }) => {
    const to = wanted.get(tableKey(name)) ?? [];
    const taken = new Set(values);
    const old = moved.find((names) => names.to === name)?.from ?? name;
    return values.flatMap((value): readonly Change[] => {
      const other = answers[`${label(name)}.${value}`] ?? answers[`${label(old)}.${value}`];
      if (other === undefined || other === null || to.includes(value) || !to.includes(other) || taken.has(other)) return [];
      taken.add(other);
      return [{ kind: "rename-enum-value", name, from: value, to: other }];
    });
  });
}

/** What is dropped beside something added that it could have become, and that no answer speaks of. `owned`: schemas that the project's migrations have made, so that what stands in them may have moved even where the code has no word of them any more. */
export function renameQuestions(before: SchemaModel, after: SchemaModel, differences: readonly Change[], answers: RenameAnswers, owned: readonly string[]): readonly RenameQuestion[] {
  const changes = [...differences, ...leftIn(owned, before, after, differences)];
  const guessed = new Map<string, string>(compare(before, after).flatMap((change) => {
    if (change.kind === "rename-table") return [[label(change.from), label(change.to)] as const];
    return change.kind === "rename-column" ? [[`${label(change.table)}.${change.from}`, change.to] as const] : [];
  }));
  const likeliestFirst = (from: string, names: readonly string[]): readonly string[] => [...names].sort((a, b) => Number(b === guessed.get(from)) - Number(a === guessed.get(from)) || Number(bare(b) === bare(from)) - Number(bare(a) === bare(from)));
  const questions: RenameQuestion[] = [];
  const taken = new Set(Object.values(answers));
  for (const change of changes) {
    const ask = (what: RenameQuestion["what"], name: QualifiedName, fresh: readonly QualifiedName[]): void => {
      const from = label(name);
      const candidates = fresh.map(label).filter((one) => !taken.has(one));
      if (candidates.length > 0 && answers[from] === undefined) questions.push({ what, from, candidates: likeliestFirst(from, candidates) });
    };
    if (change.kind === "drop-table") ask("table", change.table.name, changes.flatMap((other) => (other.kind === "add-table" && alike(change.table, other.table) ? [other.table.name] : [])));
    else if (change.kind === "drop-enum") ask("type", change.enum.name, changes.flatMap((other) => (other.kind === "add-enum" && alikeTypes(change.enum, other.enum) ? [other.enum.name] : [])));
    else if (change.kind === "drop-sequence") ask("sequence", change.sequence.name, changes.flatMap((other) => (other.kind === "add-sequence" ? [other.sequence.name] : [])));
    else if (change.kind === "drop-view") ask("view", change.view.name, renamedViews(change.view, changes));
    else if (change.kind === "alter-enum") {
      const chosen = new Set(Object.entries(answers).flatMap(([from, to]) => (from.startsWith(`${label(change.name)}.`) ? [to] : [])));
      const added = change.to.filter((value) => !change.from.includes(value) && !chosen.has(value));
      for (const value of change.from.filter((one) => !change.to.includes(one))) {
        const from = `${label(change.name)}.${value}`;
        // The one in its place is the likeliest.
        const candidates = [...added].sort((a, b) => Number(change.to.indexOf(b) === change.from.indexOf(value)) - Number(change.to.indexOf(a) === change.from.indexOf(value)));
        if (candidates.length > 0 && answers[from] === undefined) questions.push({ what: "value", from, candidates });
      }
    } else if (change.kind === "drop-role") {
      questions.push(...roleQuestion(change, changes, answers));
    } else if (change.kind === "drop-policy") {
      questions.push(...policyQuestion(change, label(change.table), changes, answers));
    } else if (change.kind === "drop-column") {
      const from = `${label(change.table)}.${change.column.name}`;
      const added = changes.flatMap((other) => (other.kind === "add-column" && tableKey(other.table) === tableKey(change.table) && sameType(other.column.type, change.column.type, before.dialect) ? [other.column.name] : []));
      if (added.length > 0 && answers[from] === undefined) questions.push({ what: "column", from, candidates: likeliestFirst(from, added) });
    }
  }
  return questions;
}

/** "orders", "sales.orders". */
export function label({ schema, name }: QualifiedName): string {
  return schema === null || schema === "public" ? name : `${schema}.${name}`;
}

/** What stands in a schema of which the code says nothing: comparing leaves it alone, unless the owner's record has the schema. */
function leftIn(owned: readonly string[], { tables, enums, sequences = [] }: SchemaModel, after: SchemaModel, differences: readonly Change[]): readonly Change[] {
  const said = schemasIn(after);
  const going = new Set(differences.flatMap((change) => (change.kind === "drop-table" ? [change.table.name] : change.kind === "drop-enum" || change.kind === "drop-sequence" ? nameBesideTables(change) ?? [] : [])).map(tableKey));
  const isLeft = ({ name }: { readonly name: QualifiedName }): boolean => owned.includes(name.schema ?? "public") && !said.has(name.schema ?? "public") && !going.has(tableKey(name)) && !keepsAccountOfMigrations(name);
  return [
    ...tables.filter(isLeft).map((table): Change => ({ kind: "drop-table", table })),
    ...enums.filter(isLeft).map((type): Change => ({ kind: "drop-enum", enum: type })),
    ...sequences.filter((one) => isLeft(one) && !one.owned).map((sequence): Change => ({ kind: "drop-sequence", sequence })),
  ];
}

function bare(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

/** Half of the values of either are in the other. */
function alikeTypes(a: EnumType, b: EnumType): boolean {
  return b.values.filter((value) => a.values.includes(value)).length * 2 >= Math.max(a.values.length, b.values.length);
}

/** Half of the columns of either are in the other. */
function alike(a: Table, b: Table): boolean {
  const names = new Set(a.columns.map(({ name }) => name));
  const common = b.columns.filter(({ name }) => names.has(name)).length;
  return common * 2 >= Math.max(a.columns.length, b.columns.length);
}
