// Which tables of a diagram stand together. A layered layout of a whole schema of hundreds of tables is a ribbon thirty
// times as high as wide; groups of a few tables that reference each other are laid out one by one and packed.
import type { Diagram } from "./diagram";

/** A connected part of at most so many tables stays whole. */
const wholePart = 24;
/** Most tables of a group that is cut out of a larger part. */
const largestGroup = 12;

/** Positions of the tables, group by group; each table is in one group. Groups are in the order of their first table, those of a single table last. */
export function groupsOf({ tables, keys }: Pick<Diagram, "tables" | "keys">): readonly (readonly number[])[] {
  const parts = joined(tables.length, keys, Infinity);
  const limits = new Map<number, number>();
  for (const part of parts) for (const table of part) limits.set(table, part.length <= wholePart ? wholePart : largestGroup);

  // A table that everything references (users, tenants) holds nothing together; a common first word of the names does.
  const referenced = new Map<number, number>();
  for (const { to } of keys) referenced.set(to, (referenced.get(to) ?? 0) + 1);
  const firstWord = (table: number): string => /^[a-z]+/i.exec(tables[table]!.name)?.[0].toLowerCase() ?? "";
  const weight = ({ from, to }: { readonly from: number; readonly to: number }): number => 1 / referenced.get(to)! + (firstWord(from) === firstWord(to) ? 1 : 0);
  const strongestFirst = keys.map((key) => ({ key, weight: weight(key) })).sort((a, b) => b.weight - a.weight).map(({ key }) => key);

  const groups = joined(tables.length, strongestFirst, (table) => limits.get(table)!);
  return [...groups.filter(({ length }) => length > 1), ...groups.filter(({ length }) => length === 1)];
}

type Limit = number | ((table: number) => number);

/** Joins the tables of each key in turn where the two groups together are not beyond the limit. */
function joined(count: number, keys: readonly { readonly from: number; readonly to: number }[], limit: Limit): readonly (readonly number[])[] {
  const groups = Array.from({ length: count }, (_, table) => [table]);
  for (const { from, to } of keys) {
    const [left, right] = [groups[from]!, groups[to]!];
    if (left === right || left.length + right.length > (typeof limit === "number" ? limit : limit(from))) continue;
    const [larger, smaller] = left.length < right.length ? [right, left] : [left, right];
    for (const table of smaller) {
      larger.push(table);
      groups[table] = larger;
    }
  }
  return [...new Set(groups)].map((group) => group.sort((a, b) => a - b));
}
