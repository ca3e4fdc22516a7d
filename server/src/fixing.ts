// Turns the fixes of several findings into text edits: changes are gathered by schema, made one, named, and written
// by the schema's source; what changes an index in one schema of a pair changes it in the other too. A fix that its
// source cannot write safely is refused with the reason, the others are written.
import type { Config } from "./config";
import type { Report, WrittenFixes } from "./engine";
import { mergeIndexes } from "./indexes/merge";
import { nameIndexes } from "./indexes/naming";
import type { Change } from "./model/change";
import type { Finding, Fix } from "./model/finding";
import type { Index, SchemaModel, Table } from "./model/schema";
import { sameTable, tableKey } from "./model/table-key";
import { sources } from "./sources/registry";
import type { Files, TextEdit } from "./sources/source";

interface Wanted {
  readonly finding: Finding;
  readonly fix: Fix;
}

/** The text edits of `fixes` together, against the schemas of `report`. */
export function writeFixes(fixes: readonly Wanted[], report: Pick<Report, "schemas" | "pairs">, files: Files, configOf: (schemaId: string) => Config): WrittenFixes {
  const refused: { fix: Fix; reason: string }[] = [];
  const models = new Map(report.schemas.map(({ model }) => [model.id, model]));
  const possible: Wanted[] = [];
  const plain: TextEdit[] = [];
  for (const one of fixes) {
    const { edits } = one.fix;
    if (edits) {
      if (edits.some((edit) => plain.some((other) => overlap(edit, other)))) refused.push({ fix: one.fix, reason: "another fix changes the same statement: fix again afterwards" });
      else plain.push(...edits);
      continue;
    }
    const model = models.get(schemaOf(one));
    if (!model) refused.push({ fix: one.fix, reason: `the schema ${schemaOf(one)} is no longer there` });
    else possible.push(one);
  }
  let written = write(possible);
  if (!written) {
    const single = possible.filter((one) => write([one]) !== undefined);
    for (const one of possible) if (!single.includes(one)) refused.push({ fix: one.fix, reason: "the code that makes this table cannot be edited safely: change it by hand, or write a migration" });
    written = write(single) ?? [];
  }
  return { edits: [...written, ...plain].sort((a, b) => (a.file === b.file ? a.start - b.start : a.file < b.file ? -1 : 1)), refused };

  function write(some: readonly Wanted[]): readonly TextEdit[] | undefined {
    const bySchema = new Map<string, Change[]>();
    for (const one of some) bySchema.set(schemaOf(one), [...(bySchema.get(schemaOf(one)) ?? []), ...one.fix.changes]);
    const own = new Set(bySchema.keys());
    for (const [id, changes] of bySchema) bySchema.set(id, [...mergeIndexes(once(changes), models.get(id)!)]);
    for (const [left, right] of report.pairs) {
      const ofLeft = bySchema.get(left.id) ?? [];
      const ofRight = bySchema.get(right.id) ?? [];
      const named = nameIndexes([...ofLeft, ...mirrored(ofRight, left, ofLeft)], left, configOf(left.id).indexName);
      if (named.length === 0) continue;
      bySchema.set(left.id, [...named]);
      bySchema.set(right.id, [...ofRight.map((change) => withNameOf(change, named)), ...mirrored(named.slice(0, ofLeft.length), right, ofRight)]);
    }
    const edits: TextEdit[] = [];
    for (const [id, changes] of bySchema) {
      const model = models.get(id)!;
      const written = sourceOf(model)?.edit(nameIndexes(changes, model, configOf(model.id).indexName), model, files);
      // What is merely carried over to the other schema of a pair is left to its owner where it cannot be written.
      if (!written && own.has(id)) return undefined;
      edits.push(...(written ?? []));
    }
    return edits;
  }
}

/** Insertions at one place are taken for two fixes of one thing. */
function overlap(a: TextEdit, b: TextEdit): boolean {
  return a.file === b.file && a.start <= b.end && b.start <= a.end;
}

const schemaOf = ({ finding, fix }: Wanted) => fix.schema ?? finding.schema;
const sourceOf = (model: SchemaModel) => sources.find(({ name }) => name === model.source);

/** The changes without those that say the same twice. */
function once(changes: readonly Change[]): readonly Change[] {
  const seen = new Set<string>();
  return changes.filter((change) => {
    const text = JSON.stringify(change, (key, value: unknown) => (key === "at" || key === "nameAt" ? undefined : value));
    return !seen.has(text) && seen.add(text);
  });
}

/** Those of `changes` that add or drop an index, as changes of the paired schema `model`, where it has the table, the columns and the index (or lacks it), and `there` does not say so already. */
function mirrored(changes: readonly Change[], model: SchemaModel, there: readonly Change[]): readonly Change[] {
  const result: Change[] = [];
  const tables = new Map(model.tables.map((table) => [tableKey(table.name), table]));
  for (const change of changes) {
    if (change.kind !== "add-index" && change.kind !== "drop-index") continue;
    if (there.some((other) => other.kind === change.kind && sameTable(other.table, change.table) && sameIndex(other.index, change.index))) continue;
    const table = tables.get(tableKey(change.table));
    if (!table || table.implicit) continue;
    const alike = table.indexes.filter((index) => sameIndex(index, change.index));
    const existing = alike.find(({ name }) => name === change.index.name) ?? alike[0];
    if (change.kind === "drop-index" && existing) result.push({ ...change, table: table.name, index: existing });
    if (change.kind === "add-index" && !existing && table.complete && hasColumns(table, change.index)) result.push({ ...change, table: table.name, index: change.index });
  }
  return result;
}

/** The added index under the name that the paired schema gives it. */
function withNameOf(change: Change, others: readonly Change[]): Change {
  if (change.kind !== "add-index" || change.index.name !== undefined) return change;
  const other = others.find((one) => one.kind === "add-index" && sameTable(one.table, change.table) && sameIndex(one.index, change.index));
  return other?.kind === "add-index" ? { ...change, index: { ...change.index, name: other.index.name } } : change;
}

const hasColumns = (table: Table, index: Index) => index.keys.every((key) => key.column !== undefined && table.columns.some(({ name }) => name === key.column));

function sameIndex(a: Index, b: Index): boolean {
  const shape = (index: Index) => JSON.stringify([index.method, index.unique, index.include, index.where?.sql, index.keys.map((key) => [key.column, key.expression?.sql, key.order, key.operatorClass])]);
  return shape(a) === shape(b);
}
