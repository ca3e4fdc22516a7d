// What the rules about single column types share: PostgreSQL columns of a type, each with a message at its name.
import type { Column, Table } from "../model/schema";
import { columnPlace } from "./foreign-keys";
import { perTable } from "./per-table";
import type { Detection, RuleContext } from "./rule";

/** A rule's check for columns of PostgreSQL tables: a detection for each whose type's bare name (`timestamp without time zone` for `timestamp(3) without time zone[]`) is one of `types`. `because` ends the message "orders.price is money …". */
export function columnsOfType(types: readonly string[], because: string): (table: Table, context: RuleContext) => readonly Detection[] {
  for (const type of types) judged.add(type);
  return (table, context) => {
    if (context.schema.dialect !== "postgresql" || table.implicit) return none;
    for (const type of judgedTypesIn(table)) if (types.includes(type)) return detectionsOf(table, types, because);
    return none;
  };
}

/** All types that rules ask for. */
const judged = new Set<string>();

function detectionsOf(table: Table, types: readonly string[], because: string): readonly Detection[] {
  return table.columns.filter((column) => types.includes(bareType(column.type.name))).map((column) => typeDetection(column, table, because));
}

/** A detection of one column for its type. */
export function typeDetection(column: Column, table: Table, because: string): Detection {
  return { message: `${table.name.name}.${column.name} is ${column.generated === "serial" ? "serial" : column.type.name}: ${because}`, at: columnPlace(column.name, table), columns: [column.name] };
}

/** A type's name without length, precision and the brackets of an array. */
export function bareType(type: string): string {
  if (!type.includes("(") && !type.includes("[")) return type;
  let bare = bareTypes.get(type);
  if (bare === undefined) {
    if (bareTypes.size > 1000) bareTypes.clear();
    bareTypes.set(type, (bare = type.replace(/\([^)]*\)/, "").replace(/(\[\d*\])+$/, "")));
  }
  return bare;
}

/** Types are few, and stand in many columns. */
const bareTypes = new Map<string, string>();

const none: readonly never[] = [];

/** Bare types of a table's columns that some rule judges: most tables have none. */
const judgedTypesIn = perTable((table): readonly string[] => {
  let found: string[] | undefined;
  let last: string | undefined;
  for (const { type: { name } } of table.columns) {
    if (name === last) continue;
    last = name;
    const bare = bareType(name);
    if (judged.has(bare)) (found ??= []).push(bare);
  }
  return found ?? none;
});
