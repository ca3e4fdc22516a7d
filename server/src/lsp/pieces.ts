// The text of many missing indexes, cut into what each of them adds, so that an editor can show them one by one. Where
// the indexes of a table cannot be written apart (they share a new third argument), they stay together.
import type { WrittenFixes } from "../engine";
import type { SchemaModel, Table } from "../model/schema";
import { tableKey } from "../model/table-key";
import type { TextEdit } from "../sources/source";
import type { MissingIndex, Wanted } from "./missing-indexes";
import type { Folder } from "./workspace";

export interface Piece {
  readonly edit: TextEdit;
  /** What it adds; empty: it serves the whole file, as an import does. */
  readonly indexes: readonly MissingIndex[];
}

export interface Pieces {
  readonly pieces: readonly Piece[];
  readonly refused: WrittenFixes["refused"];
}

/** The edits of all `wanted` fixes of the folder. `indexes` are those that they add. */
export function piecesOf(folder: Folder, wanted: readonly Wanted[], indexes: readonly MissingIndex[]): Pieces {
  const { edits, refused } = folder.project.write(wanted);
  const gone = new Set(refused.map(({ fix }) => fix));
  const tableAt = tableFinder(folder.report().schemas.map(({ model }) => model));
  const ofTable = new Map<string, MissingIndex[]>();
  for (const index of indexes) {
    const finding = index.wanted.find((one) => one.folder === folder)?.finding;
    if (!finding?.table) continue;
    const key = tableKey(finding.table);
    const list = ofTable.get(key) ?? [];
    ofTable.set(key, list);
    list.push(index);
  }
  // The first index of every table that misses several, then the second of each, and so on: few writings in all.
  const several = [...ofTable.values()].filter((list) => list.length > 1);
  const rounds = Array.from({ length: Math.max(0, ...several.map((list) => list.length)) }, (_, round) => {
    const some = several.flatMap((list) => list[round] ?? []);
    return new Map(folder.project.write(some.flatMap((index) => index.wanted.filter((one) => one.folder === folder && !gone.has(one.fix)))).edits.map((edit) => [`${edit.file} ${edit.start} ${edit.end}`, edit]));
  });

  function split(edit: TextEdit): readonly Piece[] {
    const table = tableAt(edit);
    const all = table ? (ofTable.get(tableKey(table.name)) ?? []) : [];
    if (all.length < 2) return [{ edit, indexes: all }];
    const parts = all.flatMap((index, round): readonly Piece[] => {
      const own = rounds[round]!.get(`${edit.file} ${edit.start} ${edit.end}`);
      return own ? [{ edit: own, indexes: [index] }] : [];
    });
    if (parts.length === 1 && parts[0]!.edit.text === edit.text) return parts;
    const apart = edit.start === edit.end && parts.length > 1 && parts.map((part) => part.edit.text).join("") === edit.text;
    return apart ? parts : [{ edit, indexes: parts.length > 0 ? parts.flatMap((part) => part.indexes) : all }];
  }
  return { pieces: edits.flatMap(split), refused };
}

/** Finds the table that an edit stands in. */
function tableFinder(models: readonly SchemaModel[]): (edit: TextEdit) => Table | undefined {
  const byFile = new Map<string, { readonly start: number; readonly end: number; readonly table: Table }[]>();
  for (const table of models.flatMap((model) => model.tables)) {
    if (!table.at) continue;
    const { file, start, end } = table.at;
    const list = byFile.get(file) ?? [];
    byFile.set(file, list);
    list.push({ start, end, table });
  }
  for (const list of byFile.values()) list.sort((a, b) => a.start - b.start);
  return ({ file, start, end }) => {
    const list = byFile.get(file) ?? [];
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle]!.start <= start) low = middle + 1;
      else high = middle;
    }
    const found = list[low - 1];
    return found && end <= found.end ? found.table : undefined;
  };
}
