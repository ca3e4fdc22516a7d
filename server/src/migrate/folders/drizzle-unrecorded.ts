// What a schema of the code says and the newest snapshot of drizzle-kit 0.31 does not, or the other way round: what the next
// `drizzle-kit generate` would make a migration of. A text that could not be read for sure counts as equal.
import type { MigrationFolder, UnrecordedTable } from "../../model/migration";
import type { SchemaModel, Table } from "../../model/schema";
import { tableKey } from "../../model/table-key";
import type { Files } from "../../sources/source";
import { newestSnapshot } from "./drizzle-recorded";
import { keyOf, tableSnapshot, type Json } from "./drizzle-snapshot-v0";

type Parts = Readonly<Record<string, Json>>;

/** By drizzle-kit's name of the table. */
export type RecordedTables = ReadonlyMap<string, Json>;

const sections: readonly (readonly [section: string, word: string])[] = [
  ["columns", "column"], ["indexes", "index"], ["foreignKeys", "foreign key"], ["uniqueConstraints", "unique constraint"], ["compositePrimaryKeys", "primary key"], ["checkConstraints", "check"],
];

/** What the snapshot of the folder's newest migration has of each table, by drizzle-kit's name of it; undefined where there is none of version 7. */
export function recordedTables(folder: MigrationFolder, files: Pick<Files, "read">): RecordedTables | undefined {
  const snapshot = newestSnapshot(folder, files);
  return snapshot && new Map(Object.entries(snapshot["tables"] as Parts));
}

/** `models`: all schemas that the folder belongs to; `complete`: all of them were read whole, so that what is not in them is gone. */
export function unrecorded(models: readonly SchemaModel[], recorded: RecordedTables, complete: boolean): readonly UnrecordedTable[] {
  const found: UnrecordedTable[] = [];
  const said = new Set<string>();
  let known = 0;
  for (const model of models) {
    for (const table of model.tables) {
      const { key, record, parts } = compare(table, model, recorded);
      if (said.has(key)) continue;
      said.add(key);
      if (record) known++;
      if (parts.length > 0) found.push({ schema: model.id, name: table.name, at: table.nameAt ?? table.at, parts });
    }
  }
  const [first] = models;
  const file = first?.tables.find(({ at }) => at)?.at?.file;
  if (!first || file === undefined || !complete || known === recorded.size) return found;
  for (const [key, { name, schema }] of recorded) {
    if (!said.has(key)) found.push({ schema: first.id, name: { schema: String(schema) || "public", name: String(name) }, at: { file, start: 0, end: 0 }, parts: [{ kind: "gone", what: "the table" }] });
  }
  return found;
}

interface Comparison {
  readonly recorded: RecordedTables;
  readonly key: string;
  readonly record: Json | undefined;
  readonly parts: UnrecordedTable["parts"];
}

/** Of each table as it was compared last: a keystroke changes one. */
const compared = new WeakMap<Table, Comparison>();

function compare(table: Table, model: SchemaModel, recorded: RecordedTables): Comparison {
  const last = compared.get(table);
  if (last?.recorded === recorded) return last;
  const key = keyOf(table), record = recorded.get(key);
  // drizzle-orm 1.0 calls constraints otherwise, and its kit takes such a folder only after `drizzle-kit up`.
  const isComparable = table.complete && table.ormVersion === undefined;
  const parts = record === undefined ? [{ kind: "added" as const, what: "the table" }] : isComparable ? differences(tableSnapshot(table, targetsOf(model)), record) : [];
  const now: Comparison = { recorded, key, record, parts };
  compared.set(table, now);
  return now;
}

const targets = new WeakMap<SchemaModel, ReadonlyMap<string, Table>>();

function targetsOf(model: SchemaModel): ReadonlyMap<string, Table> {
  let known = targets.get(model);
  if (!known) targets.set(model, (known = new Map(model.tables.map((table) => [tableKey(table.name), table]))));
  return known;
}

function differences(said: Json, known: Json): UnrecordedTable["parts"] {
  return sections.flatMap(([section, word]) => {
    const [mine, theirs] = [(said[section] ?? {}) as Parts, (known[section] ?? {}) as Parts];
    return [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].flatMap((name) => {
      const kind = !(name in theirs) ? "added" as const : !(name in mine) ? "gone" as const : alike(mine[name], theirs[name]) ? undefined : "changed" as const;
      return kind === undefined ? [] : [{ kind, what: `${word} ${name}` }];
    });
  });
}

/** Left out: `identity`, whose numbers drizzle-kit has written in several ways, and the schema of a type or a target, which its older versions left out. */
const unsaid = new Set(["identity", "typeSchema", "schemaTo"]);

function alike(mine: unknown, theirs: unknown): boolean {
  if (isUnsure(mine)) return true;
  if (typeof mine !== "object" || mine === null || typeof theirs !== "object" || theirs === null) return mine === theirs;
  return [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].every((name) => unsaid.has(name) || alike((mine as Json)[name], (theirs as Json)[name]));
}

/** A value that the code computes, or that drizzle-kit spells by the column's kind. */
function isUnsure(text: unknown): boolean {
  return typeof text === "string" && (text.includes("${") || text === "null");
}
