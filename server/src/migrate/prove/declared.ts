// Schemas of the database and roles in a proof: no reading of a schema tells of them.
import type { Session } from "../../databases/session";
import { postgres } from "../../dialects/postgres";
import type { Change } from "../../model/change";
import type { SchemaModel } from "../../model/schema";
import { declaredChanges, declaredIn } from "../generate/declared";

/** Statements that make those of `standing` that the code has declared. */
export function declaredScripts(standing: SchemaModel): readonly string[] {
  const { schemas, roles } = declaredIn(standing) ?? { schemas: [], roles: [] };
  const changes = [...schemas.map((schema): Change => ({ kind: "add-schema", schema })), ...roles.map((role): Change => ({ kind: "add-role", role }))];
  return changes.flatMap((change) => postgres.sql(change) ?? []);
}

/** Two statements: the names of all schemas; all roles with their options. */
export const declaredSql = "select nspname from pg_catalog.pg_namespace; select rolname, rolcreatedb, rolcreaterole, rolinherit from pg_catalog.pg_roles";

/** What is not as `wanted` of those that `made` makes or alters. Rejects with a `SessionError`. */
export async function declaredOtherwise(made: readonly Change[], wanted: SchemaModel, session: Session, signal?: AbortSignal): Promise<readonly Change[]> {
  const names = new Set(made.flatMap((change) => (change.kind === "add-schema" ? [change.schema] : change.kind === "add-role" ? [change.role.name] : change.kind === "alter-role" ? [change.to.name] : change.kind === "rename-role" ? [change.to] : [])));
  const declared = declaredIn(wanted);
  if (!declared || names.size === 0) return [];
  const [schemas, roles] = await session.run(declaredSql, signal);
  const isMade = (name: string): boolean => names.has(name);
  const standing: SchemaModel = {
    ...wanted,
    schemas: schemas!.rows.map(([name]) => name!).filter((name) => isMade(name) && declared.schemas.includes(name)),
    roles: roles!.rows.map(([name, createDatabase, createRole, inherit]) => ({ name: name!, createDatabase: createDatabase === "t", createRole: createRole === "t", inherit: inherit === "t" })).filter(({ name }) => isMade(name) && declared.roles.some((role) => role.name === name)),
  };
  return declaredChanges(standing, { ...wanted, schemas: declared.schemas.filter(isMade), roles: declared.roles.filter(({ name }) => isMade(name)) });
}
