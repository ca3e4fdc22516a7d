// Whether the role that runs may record what it would do: told before anything runs, with what to grant. Shared by the plan
// and the runner, so that what was shown is what runs. Pure.
import type { MigrationFolder } from "../../model/migration";
import { quote, quoted } from "../journal/table";
import type { DatabaseRecord } from "../record";
import type { Task } from "./context";
import { needsMarker } from "./stepwise";

/** Full sentences: what these would lack, and what the table's owner must grant; undefined: nothing. */
export function lackingRights({ format, journal }: MigrationFolder, tasks: readonly Task[], { rights, marker }: Pick<DatabaseRecord, "rights" | "marker">): string | undefined {
  if (!rights) return undefined;
  const table = quoted(journal), role = quote(rights.user);
  const marked = rights.owns ? undefined : tasks.find((task) => (task.resolved === undefined ? !task.steps.atOnce && needsMarker(task) : marker?.migration === task.migration.id));
  if (marked) return `${marked.migration.id} cannot be in one transaction, and how far it has come is noted in a comment on ${table}, which its owner alone may write. Connect as ${rights.owner}, or let ${rights.user} act for it: GRANT ${quote(rights.owner)} TO ${role}.`;
  const updates = !format.startsWith("drizzle") && tasks.some(({ direction, steps, begun }) => direction === "down" || begun || !steps.atOnce);
  const needed = {
    insert: format === "sql" || tasks.some(({ direction }) => direction === "up"),
    update: updates,
    delete: format.startsWith("drizzle") && tasks.some(({ direction }) => direction === "down"),
  };
  const missing = (["insert", "update", "delete"] as const).filter((right) => needed[right] && !rights[right]);
  const grants = [
    ...(missing.length > 0 ? [`GRANT SELECT, ${missing.join(", ").toUpperCase()} ON ${table} TO ${role}`] : []),
    ...(needed.insert && rights.sequence !== null ? [`GRANT USAGE ON SEQUENCE ${rights.sequence} TO ${role}`] : []),
  ];
  return tasks.length === 0 || grants.length === 0 ? undefined : `The role ${rights.user} may not record in ${table} what it would run. Connect as its owner, ${rights.owner}, or have that grant it: ${grants.join("; ")}.`;
}
