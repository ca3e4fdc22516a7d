// What a schema language can say. A difference counts only where both sides could have said the same:
// a Prisma schema without checks does not mean that the database should have none.
import type { Column, Index, SchemaModel } from "../model/schema";

export interface Expressible {
  readonly checks: boolean;
  /** Keys, constraints and indexes at all: types of a query builder have none. */
  readonly constraints: boolean;
  readonly predicates: boolean;
  readonly nullsOrder: boolean;
  /** That NULLs are equal: of an index, of a unique constraint. */
  readonly nullsNotDistinct: { readonly index: boolean; readonly constraint: boolean };
  /** Whether its tool misses each unique index by itself; Prisma's engine takes one over the same columns for it. */
  readonly uniqueIndexes: boolean;
  /** Columns that an index holds beside its keys. */
  readonly includes: boolean;
  /** Whether a list may be NULL. */
  readonly nullableLists: boolean;
  /** How a column is computed or counted, with the options of an identity. */
  readonly generation: boolean;
  /** False for an index that this language has no words for. */
  index(index: Index): boolean;
  /** False for a column whose expression the language leaves to the database. */
  default(column: Column): boolean;
}

/** Both sides of a comparison. */
export interface Sides {
  readonly from: SchemaModel;
  readonly to: SchemaModel;
  readonly fromSays: Expressible;
  readonly toSays: Expressible;
  /** As `CompareOptions` has it. */
  readonly exact: boolean;
}

export function expressible(model: SchemaModel): Expressible {
  switch (model.source) {
    case "prisma": return prisma(model);
    case "drizzle": return {
      ...everything,
      predicates: model.dialect !== "mysql",
      nullsNotDistinct: { index: false, constraint: model.dialect === "postgresql" || model.dialect === "cockroachdb" },
      includes: false,
      index: (index) => index.include.length === 0 && index.keys.every(({ length, collation }) => length === undefined && collation === undefined),
      default: (column) => column.generated === undefined,
    };
    case "kysely": return { ...everything, checks: false, constraints: false, generation: false, default: () => false };
    case "sql":
    case "database": return everything;
  }
}

const everything: Expressible = { checks: true, constraints: true, predicates: true, nullsOrder: true, nullsNotDistinct: { index: true, constraint: true }, uniqueIndexes: true, includes: true, nullableLists: true, generation: true, index: () => true, default: (column) => column.generated === undefined };

const prismaMethods = new Set(["btree", "hash", "gist", "gin", "spgist", "brin", "fulltext"]);

function prisma(model: SchemaModel): Expressible {
  // Predicates are a preview feature (partialIndexes): one that is there says that the others would be too.
  const predicates = model.tables.some((table) => table.indexes.some((index) => index.where));
  return {
    checks: false,
    constraints: true,
    predicates,
    nullsOrder: false,
    nullsNotDistinct: { index: false, constraint: false },
    uniqueIndexes: false,
    includes: false,
    nullableLists: false,
    generation: false,
    index: (index) => prismaMethods.has(index.method) && index.include.length === 0 && (!index.where || predicates) && index.keys.every(({ column, collation }) => column !== undefined && collation === undefined),
    default: (column) => column.generated === undefined,
  };
}
