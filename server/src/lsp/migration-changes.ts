// From a finding to the change of the database that mends it, for "Add index in a migration": a drift from the database is
// mended there, everything else in the code and in the database alike. It writes no SQL.
import { compare } from "../compare/compare";
import { inSpellingOf } from "../compare/expressions/spelling";
import { nameIndexes } from "../indexes/naming";
import { inverse, isBesideTables, nameBesideTables, type Change, type ChangeBesideTables } from "../model/change";
import type { Finding, Fix } from "../model/finding";
import type { QualifiedName, SchemaModel } from "../model/schema";
import { sameTable, tableKey } from "../model/table-key";
import { withoutOthers } from "../other-schemas";
import { changeText } from "../report/change-text";
import type { Report } from "../engine";
import { tableName } from "../report/placed-finding";
import { preferredFix } from "./missing-indexes";
import type { Folder } from "./workspace";

export interface DatabaseFix {
  /** Id of the schema whose migrations take it. */
  readonly schema: string;
  readonly changes: readonly Change[];
  /** The change of the code that goes with it; undefined: the code says so already. */
  readonly fix?: Fix;
  /** Instead of `changes`: all that the code says of this table and no migration makes. */
  readonly table?: string;
}

/** Undefined where no migration would mend the finding, or where one would lose data. */
export function databaseFix(finding: Finding, folder: Folder): DatabaseFix | undefined {
  const report = folder.report();
  const model = report.schemas.find((one) => one.model.id === finding.schema)?.model;
  if (!model || (model.dialect !== "postgresql" && model.dialect !== "cockroachdb")) return undefined;
  if (finding.rule === "drift/not-generated") return finding.table && { schema: model.id, changes: [], table: tableName(finding.table) };
  if (finding.rule.startsWith("drift/")) {
    const differences = differencesOf(model, folder);
    // What else differs in a table is changed once the table has its name.
    if (finding.rule !== "drift/table-renamed" && finding.table && differences.some((change) => change.kind === "rename-table" && sameTable(change.to, finding.table!))) return undefined;
    const changes = differences.filter((change) => concerns(change, finding));
    return changes.length === 0 || changes.some(losesData) ? undefined : { schema: model.id, changes };
  }
  const fix = preferredFix(finding) ?? (finding.fixes.length === 1 ? finding.fixes[0] : undefined);
  // Where the text of a migration itself is judged, another migration mends nothing.
  if (!fix || fix.edits || (fix.schema ?? model.id) !== model.id || fix.changes.some(losesData)) return undefined;
  const changes = nameIndexes(fix.changes, model, folder.settings.config.indexName);
  if (folder.project.write([{ finding, fix }]).edits.length > 0) return { schema: model.id, changes, fix };
  // Upkeep, and what only a database has.
  return report.databases.some(({ schemas }) => schemas.includes(model.id)) ? { schema: model.id, changes } : undefined;
}

/** "Add index in a migration", or the same for another change. */
export function databaseFixTitle({ changes, fix, table }: DatabaseFix): string {
  if (table !== undefined) return `Generate the migration of ${table}`;
  if (changes.some(({ kind }) => kind === "add-index")) return "Add index in a migration";
  if (fix) return `${fix.title}, in a migration`;
  const { subject, text, sign } = changeText(changes[0]!);
  return `Migrate the database: ${sign === "-" ? "drop " : sign === "+" ? "add " : ""}${text === "" ? `table ${subject}` : `${subject}: ${text}`}`;
}

/** "add_orders_client_id_idx": what the migration of these changes is called. */
export function migrationName(changes: readonly Change[]): string {
  const [change] = changes;
  const indexed = change && "index" in change ? change.index.name : undefined;
  const words = change === undefined ? "" : indexed !== undefined && (change.kind === "add-index" || change.kind === "drop-index") ? `${change.kind.replace("-index", "")} ${indexed}` : `${change.kind} ${changeText(change).subject}`;
  return words.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 60) || "change";
}

/** What would bring the connected databases to what the code says; a reading of the same report costs nothing. */
export function differencesOf(model: SchemaModel, folder: Folder): readonly Change[] {
  const report = folder.report();
  let known = differences.get(report);
  if (!known) differences.set(report, (known = new Map()));
  let changes = known.get(model.id);
  if (!changes) {
    const held = report.databases.filter(({ schemas }) => schemas.includes(model.id));
    const elsewhere = folder.project.elsewhere(model.id);
    // Only the code says which of the database's tables it manages, so it is the side that is compared.
    known.set(model.id, (changes = held.flatMap(({ database }) => compare(model, inSpellingOf(model, withoutOthers(database.model, elsewhere), database.printed)).map(inverse))));
  }
  return changes;
}

const differences = new WeakMap<Report, Map<string, readonly Change[]>>();

/** The kinds of change that each rule tells of, seen from the database. */
const kinds: Readonly<Record<string, readonly Change["kind"][]>> = {
  "drift/table-missing": ["add-table", "drop-table"], "drift/table-extra": ["add-table", "drop-table"], "drift/table-renamed": ["rename-table"],
  "drift/column-missing": ["add-column", "drop-column"], "drift/column-extra": ["add-column", "drop-column"], "drift/column-renamed": ["rename-column"],
  "drift/type": ["alter-column-type"], "drift/nullability": ["alter-column-nullability"], "drift/default": ["alter-column-default", "alter-column-generation"], "drift/enum": ["add-enum", "drop-enum", "alter-enum"],
  "drift/primary-key": ["add-primary-key", "drop-primary-key"], "drift/unique": ["add-unique", "drop-unique", "add-index", "drop-index"], "drift/check": ["add-check", "drop-check"],
  "drift/foreign-key": ["add-foreign-key", "drop-foreign-key"], "drift/index-missing": ["add-index", "drop-index"], "drift/index-only-in-database": ["drop-index"], "drift/index-differs": ["alter-index", "rename-index"],
};

function concerns(change: Change, { rule, table, columns, name }: Finding): boolean {
  if (!kinds[rule]?.includes(change.kind)) return false;
  if (isBesideTables(change)) return name === undefined || nameBesideTables(change)?.name === name;
  if (table === undefined || tableKey(tableOfChange(change)) !== tableKey(table)) return false;
  if (name !== undefined && "index" in change && change.index.name !== undefined && change.index.name !== name) return false;
  const own = columnsOf(change);
  return own === undefined || columns.length === 0 || (own.length === columns.length && own.every((column, at) => column === columns[at]));
}

export function tableOfChange(change: Exclude<Change, ChangeBesideTables>): QualifiedName {
  switch (change.kind) {
    case "add-table":
    case "drop-table": return change.table.name;
    case "rename-table": return change.to;
    default: return change.table;
  }
}

/** Undefined where a change is not one of columns. */
function columnsOf(change: Change): readonly string[] | undefined {
  switch (change.kind) {
    case "add-column":
    case "drop-column": return [change.column.name];
    case "alter-column-type":
    case "alter-column-nullability":
    case "alter-column-default": return [change.column];
    case "alter-column-generation": return [change.to.name];
    case "add-index":
    case "drop-index":
    case "rename-index": return change.index.keys.flatMap(({ column }) => column ?? []);
    case "add-unique":
    case "drop-unique": return change.unique.columns;
    case "add-foreign-key":
    case "drop-foreign-key": return change.foreignKey.columns;
    default: return undefined;
  }
}

const losesData = ({ kind }: Change): boolean => kind === "drop-table" || kind === "drop-column";
