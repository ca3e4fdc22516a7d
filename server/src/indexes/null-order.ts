// Where an index holds NULLs, as the database has it: what the code or its ORM says, else the database's default.
import type { DialectName, IndexKey } from "../model/schema";

/**
 * PostgreSQL takes NULLs for larger than any value: last in ascending order, first in descending
 * (https://www.postgresql.org/docs/current/indexes-ordering.html). MySQL, SQLite, SQL Server and CockroachDB
 * (https://www.cockroachlabs.com/docs/stable/order-by) take them for smaller.
 */
export function nullOrder(key: Pick<IndexKey, "order" | "nulls">, dialect: DialectName): "first" | "last" {
  return key.nulls ?? ((key.order === "asc") === (dialect === "postgresql") ? "last" : "first");
}
