import { tableKey } from "../../model/table-key";
import { as, names, objectName, qualified } from "../../sql/tree";
import type { Detection, Rule } from "../rule";
import { placeIn, shownName } from "../migration-statement";

const rule: Rule = {
  summary: "A standing table is dropped, with all its rows.",
  why: `The rows are gone for good, and the code that still runs fails with the next query that names the table. Deploy code that does not know it first, keep a copy (\`plumbline backup create\`), then
drop the table in a migration of its own. Say that this was done with \`-- plumbline-disable-next-line migration/drop-table -- why\`. \`DROP SCHEMA … CASCADE\` is reported as well.

Not reported: a table that the same migration has made before; \`DROP TABLE IF EXISTS\` before the \`CREATE TABLE\` of a table that nothing before speaks of.`,
  severity: "error",
  bad: {
    migrations: {
      "migrations/0002_drop.sql": `DROP TABLE faxes;
--^^^^^^^^ rows of faxes are lost
`,
    },
  },
  good: {
    migrations: {
      "migrations/0002_drop.sql": `-- plumbline-disable-next-line migration/drop-table -- no code reads it since May, and it is in the backup
DROP TABLE faxes;
`,
    },
  },
  checkMigration(script, context) {
    const detections: Detection[] = [];
    const made = new Set<string>();
    for (const statement of script.statements) {
      for (const table of statement.effect.creates) made.add(tableKey(table));
      const drop = as(statement.node, "DropStmt");
      if (drop?.removeType === "OBJECT_SCHEMA" && drop.behavior === "DROP_CASCADE") {
        const list = (drop.objects ?? []).flatMap((object) => names(object)).join(", ");
        detections.push({ message: `Everything in the schema ${list} is lost for good, tables with their rows included. Keep a copy, and drop its tables by name.`, at: placeIn(script, statement), name: list });
      }
      if (drop?.removeType !== "OBJECT_TABLE") continue;
      const tables = (drop.objects ?? []).map((object) => qualified(objectName(object)));
      const standing = tables.filter((table) => !made.has(tableKey(table)) && !(drop.missing_ok === true && context.isNew(table) && !context.table(table)));
      if (standing.length === 0) continue;
      const list = standing.map(shownName).join(", ");
      detections.push({
        message: `The rows of ${list} are lost for good, and running code that still names ${standing.length > 1 ? "them" : "it"} fails. Deploy code that does not know ${standing.length > 1 ? "them" : "it"} first, and keep a copy.`,
        at: placeIn(script, statement), table: standing[0], name: list,
      });
    }
    return detections;
  },
};

export default rule;
