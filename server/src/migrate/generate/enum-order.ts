// Whether the values of an enum are to be brought into another order, for which the type is made anew and every column that
// has it is rewritten. Comparing passes the order over, and so does whoever has not asked for it.
import { sameTable } from "../../model/table-key";
import type { EnumType, QualifiedName, SourceName } from "../../model/schema";

/** Whether the values that both have stand in another order. */
export function isReordered(from: readonly string[], to: readonly string[]): boolean {
  const stay = to.filter((value) => from.includes(value));
  return from.filter((value) => to.includes(value)).some((value, at) => value !== stay[at]);
}

/**
 * Whether whoever wrote `to` wants that order: a schema in SQL says how its values sort. Prisma's engine never looks at it; drizzle-kit makes the type
 * anew where its own record (`recorded`) has another order, and does nothing where only the database has, since values were added to it at the end.
 */
export function isOrderAsked({ name, to }: { readonly name: QualifiedName; readonly to: readonly string[] }, source: SourceName, recorded: readonly EnumType[]): boolean {
  switch (source) {
    case "sql": case "database": return true;
    case "prisma": return false;
    case "drizzle": case "kysely": return recorded.some((type) => sameTable(type.name, name) && isReordered(type.values, to));
  }
}
