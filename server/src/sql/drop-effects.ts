// DROP …: what goes, and which tables are locked for it. What else a CASCADE takes with it only the database knows.
import { further, locked, type EffectPart } from "./effect-parts";
import { objectName, qualified, type Content } from "./tree";

export function dropped(statement: Content<"DropStmt">): EffectPart {
  const parts = (statement.objects ?? []).map(objectName);
  const relations = parts.map(qualified);
  const list = relations.map(({ name }) => name).join(", ");
  const cascade = statement.behavior === "DROP_CASCADE";
  const dependents = cascade ? further("tables that depend on it", "access exclusive") : [];
  switch (statement.removeType) {
    case "OBJECT_TABLE": return { title: "drop table", locks: locked("access exclusive", ...relations), further: [...further("tables that its foreign keys refer to", "access exclusive"), ...dependents], loss: `${list} ${relations.length > 1 ? "are" : "is"} lost with every row.` };
    case "OBJECT_FOREIGN_TABLE": return { title: "drop foreign table", locks: locked("access exclusive", ...relations), further: dependents };
    case "OBJECT_VIEW": return { title: "drop view", locks: locked("access exclusive", ...relations), further: dependents };
    case "OBJECT_MATVIEW": return { title: "drop materialized view", locks: locked("access exclusive", ...relations), further: dependents };
    case "OBJECT_SEQUENCE": return { title: "drop sequence", locks: locked("access exclusive", ...relations), further: dependents };
    case "OBJECT_INDEX": {
      const lock = statement.concurrent ? "share update exclusive" : "access exclusive";
      return { title: `drop index${statement.concurrent ? " concurrently" : ""}`, further: further("the index's table", lock), transaction: statement.concurrent ? "forbidden" : "any", ...(relations[0] ? { index: relations[0] } : {}) };
    }
    case "OBJECT_TRIGGER": return { title: "drop trigger", locks: locked("access exclusive", ...parts.map(ofTable)) };
    case "OBJECT_POLICY": return { title: "drop policy", locks: locked("access exclusive", ...parts.map(ofTable)) };
    case "OBJECT_RULE": return { title: "drop rule", locks: locked("access exclusive", ...parts.map(ofTable)) };
    case "OBJECT_STATISTIC_EXT": return { title: "drop statistics", further: further("tables that depend on it", "share update exclusive") };
    case "OBJECT_SCHEMA": return { title: "drop schema", further: dependents, ...(cascade ? { loss: `Everything in the schema ${list} is lost, tables with their rows included.` } : {}) };
    case "OBJECT_TYPE": case "OBJECT_DOMAIN": return { title: `drop ${statement.removeType === "OBJECT_TYPE" ? "type" : "domain"}`, ...(cascade ? { further: further("tables with columns of the type", "access exclusive"), loss: `Columns of the type ${list} are lost.` } : {}) };
    case "OBJECT_EXTENSION": return { title: "drop extension", further: dependents, ...(cascade ? { loss: `What depends on the extension ${list} is lost, columns of its types included.` } : {}) };
    default: return { title: `drop ${(statement.removeType ?? "").replace("OBJECT_", "").replaceAll("_", " ").toLowerCase()}`, further: dependents };
  }
}

/** The table of a trigger, policy or rule, whose own name comes last. */
function ofTable(parts: readonly string[]): ReturnType<typeof qualified> {
  return qualified(parts.slice(0, -1));
}
