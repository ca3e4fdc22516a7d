import { tableKey } from "../../model/table-key";
import { as, objectName, qualified } from "../../sql/tree";
import type { Detection, Rule } from "../rule";
import { placeIn, shownName } from "../migration-statement";

const rule: Rule = {
  summary: "A standing table is dropped, with all its rows.",
  why: `The rows are gone for good, and the code that still runs fails with the next query that names the table. Deploy code that does not know it first, keep a copy (\`plumbline backup create\`), then
drop the table in a migration of its own. Say that this was done with \`-- plumbline-disable-next-line migration/drop-table -- why\`. \`DROP SCHEMA\`, \`DROP TYPE\`, \`DROP DOMAIN\` and \`DROP EXTENSION\` with \`CASCADE\`, \`DROP OWNED\` and \`DROP DATABASE\`
are reported as well.

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
      if (drop?.removeType !== "OBJECT_TABLE") {
        const { loss } = statement.effect;
        // IF EXISTS before what is made next is mostly of a type that does not stand.
        const asked = drop ? drop.removeType === "OBJECT_SCHEMA" || drop.missing_ok !== true : "DropdbStmt" in statement.node || "DropOwnedStmt" in statement.node;
        if (asked && loss !== undefined) detections.push({ message: `${loss} Keep a copy, and drop what is meant by its name.`, at: placeIn(script, statement), name: loss });
        continue;
      }
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
