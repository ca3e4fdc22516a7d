// What in a diagram a search finds: tables by name, and tables by the names of their columns.
import type { Diagram } from "../../../../server/src/diagram/diagram";

/** A table that is found, with the positions of the columns that are. */
export interface Match {
  readonly table: number;
  readonly columns: readonly number[];
}

/** Tables whose names begin with the text come first, then those that contain it, then those with such a column. */
export function matchesOf({ tables }: Pick<Diagram, "tables">, text: string): readonly Match[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  const ranked = tables.flatMap(({ schema, name, columns }, table) => {
    const own = name.toLowerCase();
    const rank = own.startsWith(wanted) ? 0 : own.includes(wanted) || `${schema ?? ""}.${own}`.includes(wanted) ? 1 : 2;
    const hits = columns.flatMap((column, at) => (column.name.toLowerCase().includes(wanted) ? [at] : []));
    return rank === 2 && hits.length === 0 ? [] : [{ rank, table, columns: hits }];
  });
  return ranked.sort((a, b) => a.rank - b.rank || a.table - b.table).map(({ table, columns }) => ({ table, columns }));
}
