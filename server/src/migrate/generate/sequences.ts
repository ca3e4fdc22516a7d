// Sequences of their own, as Drizzle's pgSequence declares them. What stands in a database and was never declared is left
// alone: a migration by hand made it.
import { postgres } from "../../dialects/postgres";
import { sqlWords } from "../../indexes/expression-text";
import type { Change } from "../../model/change";
import type { QualifiedName, SchemaModel, Sequence } from "../../model/schema";
import { knownOptions, sequenceOptions } from "../../model/sequence";
import { sameTable, tableKey } from "../../model/table-key";
import { label } from "./renames";
import { bare, tellOfMoreThanTables, type Step } from "./step";

/** `declared`: sequences that the code has had, so that what is no longer in it goes; without it, those of a database stay. */
export function sequenceChanges(before: SchemaModel, after: SchemaModel, declared: readonly QualifiedName[] = []): readonly Change[] {
  if (!tellOfMoreThanTables(before, after)) return [];
  const [had, has] = [before, after].map((model) => new Map((model.sequences ?? []).filter(({ owned }) => !owned).map((one) => [tableKey(one.name), one])));
  const known = new Set(declared.map(tableKey));
  const goes = (key: string): boolean => before.source !== "database" || after.source !== "drizzle" || known.has(key);
  return [
    ...[...had!].flatMap(([key, sequence]): readonly Change[] => {
      const to = has!.get(key);
      if (to) return sameSequence(sequence, to) ? [] : [{ kind: "alter-sequence", from: sequence, to }];
      return goes(key) ? [{ kind: "drop-sequence", sequence }] : [];
    }),
    ...[...has!].flatMap(([key, sequence]): readonly Change[] => (had!.has(key) ? [] : [{ kind: "add-sequence", sequence }])),
  ];
}

/** What could not be read is no difference. */
function sameSequence(a: Sequence, b: Sequence): boolean {
  if (a.options === "unread" || b.options === "unread") return true;
  return a.type === b.type && JSON.stringify(sequenceOptions(a.type, a.options ?? {})) === JSON.stringify(sequenceOptions(b.type, b.options ?? {}));
}

/** Whether a default takes its numbers from the sequence: `nextval('counter'::regclass)`. */
export function countsBy(sql: string, name: QualifiedName): boolean {
  const words = sqlWords(sql);
  return words.some(({ kind, text }, at) => kind === "identifier" && text === "nextval" && words.slice(at + 1, at + 3).some((word) => word.kind === "literal" && named(word.text, name)));
}

function named(text: string, name: QualifiedName): boolean {
  const parts = sqlWords(text.slice(1, -1).replaceAll("''", "'")).filter(({ kind }) => kind !== "symbol").map((word) => word.text);
  return sameTable(parts.length > 1 ? { schema: parts[0]!, name: parts[1]! } : { schema: "public", name: parts[0] ?? "" }, name);
}

export function addSequence(change: Extract<Change, { readonly kind: "add-sequence" }>): readonly Step[] {
  return [{ phase: "structure", up: bare(postgres.sql(change)), down: bare(postgres.sql({ ...change, kind: "drop-sequence" })), changes: [change], title: `sequence ${change.sequence.name.name}`, quiet: true }];
}

export function alterSequence(change: Extract<Change, { readonly kind: "alter-sequence" }>): readonly Step[] {
  const back: Change = { ...change, from: change.to, to: change.from };
  const turns = falls(change.from) !== falls(change.to);
  // The number that it has reached is outside of its new range.
  const statements = (of: Change): readonly string[] => bare(postgres.sql(of)).map((sql) => (turns ? `${sql} RESTART` : sql));
  return [{
    phase: "structure", up: statements(change), down: statements(back), changes: [change], title: `sequence ${change.to.name.name}`,
    losses: turns ? [`The sequence ${label(change.to.name)} begins anew, since it counts the other way: the number that it has reached is lost.`] : [],
  }];
}

function falls({ options }: Sequence): boolean {
  return knownOptions(options).increment?.startsWith("-") ?? false;
}

export function dropSequence(change: Extract<Change, { readonly kind: "drop-sequence" }>): readonly Step[] {
  const [again] = bare(postgres.sql({ ...change, kind: "add-sequence" }));
  return [{
    phase: "remove", up: bare(postgres.sql(change)), down: [`-- The number that it had reached is gone: it begins anew.\n${again}`], changes: [change], title: `drop sequence ${change.sequence.name.name}`,
    losses: [`The sequence ${label(change.sequence.name)} is dropped with the number that it has reached.`],
  }];
}
