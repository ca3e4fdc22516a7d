// Whether the policies of a proof's database are those that were wanted: PostgreSQL prints a condition otherwise than it
// was written, so each is made a second time, under another name, and both are compared as printed. All of it is rolled back.
import { literal, postgres } from "../../dialects/postgres";
import { tableName } from "../../dialects/statements";
import type { Policy, QualifiedName, SchemaModel } from "../../model/schema";
import { SessionError, type Session } from "../../databases/session";
import { bare } from "../generate/step";
import { label } from "../generate/renames";
import { unsurePolicies } from "../generate/policies";

const again = "plumbline_wanted";

/** Full sentences. Rejects with a `SessionError`. */
export async function otherPolicies(model: SchemaModel, wanted: SchemaModel, session: Session, signal?: AbortSignal): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const { table, policy } of unsurePolicies(model, wanted, undefined)) if (!(await isAsWanted(table, policy, session, signal))) problems.push(`After it has run, the schema is not as wanted: ${label(table)}, policy ${policy.name} is otherwise.`);
  return problems;
}

/** True as well where PostgreSQL refuses to make it a second time: that says nothing of the first. */
async function isAsWanted(table: QualifiedName, policy: Policy, session: Session, signal?: AbortSignal): Promise<boolean> {
  const printed = (name: string): string => `(select row(polcmd, polpermissive, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))::text from pg_policy where polrelid = ${literal(tableName(table, postgres))}::regclass and polname = ${literal(name)})`;
  const create = bare(postgres.sql({ kind: "add-policy", table, policy: { ...policy, name: again } }));
  try {
    const results = await session.run(["begin", ...create, `select ${printed(again)} = ${printed(policy.name)}`, "rollback"].join("; "), signal);
    return results.at(-2)?.rows[0]?.[0] !== "f";
  } catch (error) {
    if (!(error instanceof SessionError) || error.kind !== "refused") throw error;
    await session.run("rollback", signal);
    return true;
  }
}
