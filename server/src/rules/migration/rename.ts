import { sameTable } from "../../model/table-key";
import type { QualifiedName } from "../../model/schema";
import type { ParsedStatement } from "../../sql/parser";
import { as, names, qualified, tableName } from "../../sql/tree";
import type { Detection, MigrationScript, Rule } from "../rule";
import { insert, placeIn, separator, shownName, sqlName } from "../migration-statement";

const rule: Rule = {
  summary: "A standing table or column is renamed, so that the code that still runs fails.",
  why: `A rename takes a moment, but between it and the deployment of the new code every query with the old name fails, and during a rolling deployment both versions run side by side. For a table, leave
a view with the old name behind: PostgreSQL passes reads and writes of such a view on to the table
([Updatable Views](https://www.postgresql.org/docs/current/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS)); drop it when no code uses it any more. For a column, add a new one, write both, fill the old
rows, change over, and drop the old one; or rename it in the code alone, and keep the database's name.

A schema and a value of an enum are reported as well.

Not reported: what the same migration makes; a table or column whose old name the same migration gives to another one (or to a view); indexes and constraints, which no query names.`,
  severity: "warning",
  bad: {
    migrations: {
      "migrations/0002_rename.sql": `ALTER TABLE clients RENAME TO customers;
--^^^^^^^^^ code that still says clients fails
ALTER TABLE customers RENAME COLUMN fax TO phone;
--^^^^^^^^^ code that still says fax fails
`,
    },
  },
  good: {
    migrations: {
      "migrations/0002_rename.sql": `ALTER TABLE clients RENAME TO customers;
CREATE VIEW clients AS SELECT * FROM customers;
`,
    },
  },
  checkMigration(script, context) {
    const detections: Detection[] = [];
    for (const statement of script.statements) {
      const rename = as(statement.node, "RenameStmt");
      const moved = as(statement.node, "AlterObjectSchemaStmt");
      const relation = rename?.relation ?? moved?.relation;
      const kind = rename?.renameType ?? moved?.objectType;
      const named = namedOtherwise(script, statement);
      if (named) detections.push({ message: `Between this and the deployment of the new code, code that still says ${named.old} fails. Make ${named.fresh} beside it, change over to it, and drop ${named.old} later; or rename it in the code alone.`, at: placeIn(script, statement), name: named.old });
      if (!relation) continue;
      const table = tableName(relation);
      if (context.isNew(table)) continue;
      if (kind === "OBJECT_COLUMN" && rename && (rename.relationType ?? "OBJECT_TABLE") === "OBJECT_TABLE") {
        const column = rename.subname ?? "";
        if (isAddedAgain(script, statement, table, column)) continue;
        detections.push({
          message: `Between this and the deployment of the new code, code that still says ${column} fails on ${shownName(table)}. Add ${rename.newname} beside it, write both, and drop ${column} later; or rename it in the code alone.`,
          at: placeIn(script, statement), table, columns: [column], name: column,
        });
      }
      if (kind !== "OBJECT_TABLE" || isNamedAgain(script, statement, table)) continue;
      const fresh = rename ? { schema: table.schema, name: rename.newname ?? "" } : { schema: moved?.newschema ?? null, name: table.name };
      const view = `CREATE VIEW ${sqlName(table)} AS SELECT * FROM ${sqlName(fresh)}`;
      detections.push({
        message: `Between this and the deployment of the new code, code that still says ${shownName(table)} fails. Leave a view with that name behind, and drop it when no code uses it.`,
        at: placeIn(script, statement), table, name: table.name,
        fixes: [{ title: `Leave a view ${table.name} behind`, changes: [], edits: [insert(script, statement, statement.sql.length, `${separator(script)}${view}`)], preferred: true }],
      });
    }
    return detections;
  },
};

export default rule;

/** A schema, or a value of an enum, that the script does not make. */
function namedOtherwise({ statements }: MigrationScript, { node }: ParsedStatement): { readonly old: string; readonly fresh: string } | undefined {
  const rename = as(node, "RenameStmt"), value = as(node, "AlterEnumStmt");
  if (rename?.renameType === "OBJECT_SCHEMA") {
    const old = rename.subname ?? "";
    return statements.some((other) => as(other.node, "CreateSchemaStmt")?.schemaname === old) ? undefined : { old, fresh: rename.newname ?? "" };
  }
  if (value?.oldVal === undefined) return undefined;
  const made = statements.some((other) => "CreateEnumStmt" in other.node && sameTable(qualified(names(as(other.node, "CreateEnumStmt")!.typeName)), qualified(names(value.typeName))));
  return made ? undefined : { old: value.oldVal, fresh: value.newVal ?? "" };
}

/** Under the old name stands another column then, with which the running code goes on or not. */
function isAddedAgain({ statements }: MigrationScript, renamed: ParsedStatement, table: QualifiedName, column: string): boolean {
  return statements.some(({ node, start }) => {
    const alter = start > renamed.start ? as(node, "AlterTableStmt") : undefined;
    if (!alter || !sameTable(tableName(alter.relation), table)) return false;
    return (alter.cmds ?? []).some((one) => as(one, "AlterTableCmd")?.subtype === "AT_AddColumn" && as(as(one, "AlterTableCmd")?.def, "ColumnDef")?.colname === column);
  });
}

function isNamedAgain({ statements }: MigrationScript, renamed: ParsedStatement, table: QualifiedName): boolean {
  return statements.some(({ node, start, effect }) => {
    if (start <= renamed.start) return false;
    const other = as(node, "RenameStmt");
    return effect.creates.some((made) => sameTable(made, table)) || (other?.renameType === "OBJECT_TABLE" && sameTable({ schema: other.relation?.schemaname ?? null, name: other.newname ?? "" }, table));
  });
}
