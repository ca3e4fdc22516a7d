// What might be a rename: asked, never guessed. Answers are made before everything else, so that the rest of the
// difference is that of the renamed schema.
import { compare } from "../../compare/compare";
import { sameType } from "../../dialects/dialect";
import type { Change } from "../../model/change";
import type { QualifiedName, SchemaModel, Table } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import type { RenameQuestion } from "../generated";
import { answeredPolicies, policyQuestion } from "./policy-renames";

/** "orders.customer" -> "client_id" (a policy of a table likewise), "status.paid" -> "settled" (a type and its value); null: dropped and made anew. Tables and types by their name, behind their schema's where that is not public: they share one set of names. */
export type RenameAnswers = Readonly<Record<string, string | null>>;

/** The renames that were answered, tables first, as changes of `before`. Answers that fit nothing are left out. */
export function answeredRenames(before: SchemaModel, after: SchemaModel, answers: RenameAnswers): readonly Change[] {
  const changes: Change[] = [...answeredValues(before, after, answers)];
  const wanted = new Map(after.tables.map((table) => [tableKey(table.name), table]));
  const standing = new Set(before.tables.map(({ name }) => tableKey(name)));
  for (const table of before.tables) {
    const answer = answers[label(table.name)];
    const to = answer === undefined || answer === null ? undefined : after.tables.find(({ name }) => label(name) === answer || ((name.schema ?? "public") === (table.name.schema ?? "public") && name.name === answer));
    const moved = to !== undefined && !wanted.has(tableKey(table.name)) && !standing.has(tableKey(to.name)) && (to.name.schema ?? "public") === (table.name.schema ?? "public");
    if (moved) changes.push({ kind: "rename-table", from: table.name, to: to.name });
    const target = moved ? to : wanted.get(tableKey(table.name));
    if (!target) continue;
    for (const column of table.columns) {
      const other = answers[`${label(table.name)}.${column.name}`] ?? (moved ? answers[`${label(target.name)}.${column.name}`] : undefined);
      if (other === undefined || other === null) continue;
      if (target.columns.some(({ name }) => name === column.name) || table.columns.some(({ name }) => name === other) || !target.columns.some(({ name }) => name === other)) continue;
      changes.push({ kind: "rename-column", table: target.name, from: column.name, to: other });
    }
    changes.push(...answeredPolicies(table, target, label(table.name), answers));
  }
  return changes;
}

function answeredValues(before: SchemaModel, after: SchemaModel, answers: RenameAnswers): readonly Change[] {
  const wanted = new Map(after.enums.map((type) => [tableKey(type.name), type.values]));
  return before.enums.flatMap(({ name, values }) => {
    const to = wanted.get(tableKey(name)) ?? [];
    const taken = new Set(values);
    return values.flatMap((value): readonly Change[] => {
      const other = answers[`${label(name)}.${value}`];
      if (other === undefined || other === null || to.includes(value) || !to.includes(other) || taken.has(other)) return [];
      taken.add(other);
      return [{ kind: "rename-enum-value", name, from: value, to: other }];
    });
  });
}

/** What is dropped beside something added that it could have become, and that no answer speaks of. */
export function renameQuestions(before: SchemaModel, after: SchemaModel, changes: readonly Change[], answers: RenameAnswers): readonly RenameQuestion[] {
  const guessed = new Map<string, string>(compare(before, after).flatMap((change) => {
    if (change.kind === "rename-table") return [[label(change.from), label(change.to)] as const];
    return change.kind === "rename-column" ? [[`${label(change.table)}.${change.from}`, change.to] as const] : [];
  }));
  const likeliestFirst = (from: string, names: readonly string[]): readonly string[] => [...names].sort((a, b) => Number(b === guessed.get(from)) - Number(a === guessed.get(from)));
  const questions: RenameQuestion[] = [];
  const taken = new Set(Object.values(answers));
  for (const change of changes) {
    if (change.kind === "drop-table") {
      const from = label(change.table.name);
      const candidates = changes.flatMap((other) => (other.kind === "add-table" && alike(change.table, other.table) ? [label(other.table.name)] : [])).filter((name) => !taken.has(name));
      if (candidates.length > 0 && answers[from] === undefined) questions.push({ what: "table", from, candidates: likeliestFirst(from, candidates) });
    } else if (change.kind === "alter-enum") {
      const chosen = new Set(Object.entries(answers).flatMap(([from, to]) => (from.startsWith(`${label(change.name)}.`) ? [to] : [])));
      const added = change.to.filter((value) => !change.from.includes(value) && !chosen.has(value));
      for (const value of change.from.filter((one) => !change.to.includes(one))) {
        const from = `${label(change.name)}.${value}`;
        // The one in its place is the likeliest.
        const candidates = [...added].sort((a, b) => Number(change.to.indexOf(b) === change.from.indexOf(value)) - Number(change.to.indexOf(a) === change.from.indexOf(value)));
        if (candidates.length > 0 && answers[from] === undefined) questions.push({ what: "value", from, candidates });
      }
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

/** Half of the columns of either are in the other, in one schema. */
function alike(a: Table, b: Table): boolean {
  if ((a.name.schema ?? "public") !== (b.name.schema ?? "public")) return false;
  const names = new Set(a.columns.map(({ name }) => name));
  const common = b.columns.filter(({ name }) => names.has(name)).length;
  return common * 2 >= Math.max(a.columns.length, b.columns.length);
}
