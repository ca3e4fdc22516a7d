// Whether rows and values are still there: all rows of all tables before and after a migration, compared by table and column.
// Tables and columns are followed by their numbers, so that a rename loses nothing.
import type { Session } from "../../../databases/session";
import type { QualifiedName } from "../../../model/schema";
import { quote } from "../../journal/table";
import { readShapes, type TableShape } from "./shapes";

interface KeptTable {
  readonly shape: TableShape;
  /** Values as text, in the order of the shape's columns. */
  readonly rows: readonly (readonly (string | null)[])[];
}

export type KeptRows = readonly KeptTable[];

/** Rejects with a `SessionError`. */
export async function readRows(session: Session, without: readonly QualifiedName[], signal?: AbortSignal): Promise<KeptRows> {
  const shapes = (await readShapes(session, without, signal)).filter(({ columns }) => columns.length > 0);
  if (shapes.length === 0) return [];
  const results = await session.run(shapes.map(({ title, columns }) => `select coalesce(json_agg(array[${columns.map(({ name }) => `${quote(name)}::text`).join(", ")}]), '[]')::text from ${title}`).join("; "), signal);
  return shapes.map((shape, at) => ({ shape, rows: JSON.parse(results[at]!.rows[0]![0]!) as KeptTable["rows"] }));
}

/** After up: rows that are gone from tables that are still there, and values that are others now. What was NULL may be filled. */
export function lostOnTheWayUp(before: KeptRows, after: KeptRows): readonly string[] {
  return pairs(before, after).flatMap(({ old, now }) => {
    const gone = old.rows.length - now.rows.length;
    if (gone > 0) return [`${gone} of ${old.rows.length} rows of ${now.shape.title} are gone.`];
    return columnPairs(old, now).flatMap(({ name, was, is, sameType }) => {
      const values = was.filter((value) => value !== null);
      if (sameType) return changed(now.shape.title, name, values, is);
      const left = is.filter((value) => value !== null);
      if (left.length < values.length) return [`${values.length - left.length} of ${values.length} values of ${now.shape.title}.${name} became NULL.`];
      const [distinct, distinctNow] = [new Set(values).size, new Set(left).size];
      return distinctNow < distinct ? [`Different values of ${now.shape.title}.${name} became the same: ${distinct} before, ${distinctNow} after.`] : [];
    });
  });
}

/** After down: everything that stood before up must stand again. */
export function notBroughtBack(before: KeptRows, after: KeptRows): readonly string[] {
  return pairs(before, after).flatMap(({ old, now }) => {
    if (old.rows.length !== now.rows.length) return [`${now.shape.title} had ${old.rows.length} rows before, and has ${now.rows.length}.`];
    return columnPairs(old, now).flatMap(({ name, was, is }) => changed(now.shape.title, name, was, is));
  });
}

function changed(table: string, column: string, was: readonly (string | null)[], is: readonly (string | null)[]): readonly string[] {
  const left = [...is];
  const missing = was.filter((value) => {
    const at = left.indexOf(value);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  if (missing.length === 0) return [];
  const instead = left[0];
  return [`${missing.length} of ${was.length} values of ${table}.${column} are lost: ${shown(missing[0]!)}${instead === undefined ? "" : ` became ${shown(instead)}`}.`];
}

function shown(value: string | null): string {
  if (value === null) return "NULL";
  return value.length > 40 ? `"${value.slice(0, 39)}…"` : `"${value}"`;
}

function pairs(before: KeptRows, after: KeptRows): readonly { readonly old: KeptTable; readonly now: KeptTable }[] {
  return before.flatMap((old) => {
    const now = after.find(({ shape }) => shape.oid === old.shape.oid) ?? after.find(({ shape }) => shape.title === old.shape.title && !before.some((other) => other.shape.oid === shape.oid));
    return now ? [{ old, now }] : [];
  });
}

function columnPairs(old: KeptTable, now: KeptTable) {
  const sameTable = old.shape.oid === now.shape.oid;
  return old.shape.columns.flatMap((column, from) => {
    const known = sameTable ? now.shape.columns.findIndex(({ number }) => number === column.number) : -1;
    const to = known >= 0 ? known : now.shape.columns.findIndex(({ name, number }) => name === column.name && !(sameTable && old.shape.columns.some((other) => other.number === number)));
    if (to < 0 || now.shape.columns[to]!.generated) return [];
    return [{ name: now.shape.columns[to]!.name, sameType: now.shape.columns[to]!.type === column.type, was: old.rows.map((row) => row[from] ?? null), is: now.rows.map((row) => row[to] ?? null) }];
  });
}
