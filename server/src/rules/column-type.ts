// What the rules about single column types share: PostgreSQL columns of a type, each with a message at its name.
import type { Column, Table } from "../model/schema";
import { columnPlace } from "./foreign-keys";
import type { Detection, RuleContext } from "./rule";

/** A detection for each column of a PostgreSQL table whose type's bare name (`timestamp without time zone` for `timestamp(3) without time zone[]`) `test` accepts. `because` ends the message "orders.price is money …". */
export function* columnsOfType(table: Table, context: RuleContext, test: (type: string, column: Column) => boolean, because: string): Generator<Detection> {
  if (context.schema.dialect !== "postgresql" || table.implicit) return;
  for (const column of table.columns)
    if (test(bareType(column.type.name), column))
      yield { message: `${table.name.name}.${column.name} is ${column.generated === "serial" ? "serial" : column.type.name}: ${because}`, at: columnPlace(column.name, table), columns: [column.name] };
}

/** A type's name without length, precision and the brackets of an array. */
export function bareType(type: string): string {
  return type.includes("(") || type.includes("[") ? type.replace(/\([^)]*\)/, "").replace(/(\[\d*\])+$/, "") : type;
}
