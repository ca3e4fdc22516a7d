// What the statements of migrations make of roles and of schemas, in order: statements by hand, and the blocks of generated
// migrations that ask first whether a role stands.
import { plain, type RoleOptions } from "../dialects/postgres-roles";
import type { SqlParser } from "./parser";
import { as, names, objectName, type Content, type Node } from "./tree";

export interface MadeBy {
  readonly schemas: ReadonlySet<string>;
  /** By name; also those that a block makes on some condition. */
  readonly roles: ReadonlyMap<string, RoleOptions>;
}

/** What is there once all `scripts` have run and was made by them. */
export function rolesAndSchemas(scripts: readonly string[], parser: SqlParser): MadeBy {
  const schemas = new Set<string>(), roles = new Map<string, RoleOptions>();
  for (const script of scripts) {
    if (!/\b(role|user|schema)\b/i.test(script)) continue;
    for (const node of nodesIn(script, parser)) apply(node, schemas, roles);
  }
  return { schemas, roles };
}

function apply(node: object, schemas: Set<string>, roles: Map<string, RoleOptions>): void {
  const created = as(node, "CreateRoleStmt"), altered = as(node, "AlterRoleStmt"), renamed = as(node, "RenameStmt"), dropped = as(node, "DropStmt");
  const [from = "", to = ""] = [renamed?.subname, renamed?.newname];
  // One that stands stays as it is.
  if (created?.role !== undefined) roles.set(created.role, roles.get(created.role) ?? optionsOf(created.options, plain));
  else if (altered?.role?.rolename !== undefined && roles.has(altered.role.rolename)) roles.set(altered.role.rolename, optionsOf(altered.options, roles.get(altered.role.rolename)!));
  else if (renamed?.renameType === "OBJECT_ROLE" && roles.has(from)) {
    roles.set(to, roles.get(from)!);
    roles.delete(from);
  } else if (renamed?.renameType === "OBJECT_SCHEMA" && schemas.delete(from)) schemas.add(to);
  else if (dropped?.removeType === "OBJECT_SCHEMA") for (const name of (dropped.objects ?? []).flatMap(objectName)) schemas.delete(name);
  for (const role of as(node, "DropRoleStmt")?.roles ?? []) roles.delete(as(role, "RoleSpec")?.rolename ?? "");
  const schema = as(node, "CreateSchemaStmt")?.schemaname;
  if (schema !== undefined) schemas.add(schema);
}

const words: Readonly<Record<string, keyof RoleOptions>> = { createdb: "createDatabase", createrole: "createRole", inherit: "inherit" };

function optionsOf(options: readonly Node[] | undefined, before: RoleOptions): RoleOptions {
  const said = (options ?? []).flatMap((one): readonly (readonly [keyof RoleOptions, boolean])[] => {
    const option = as(one, "DefElem");
    const word = words[option?.defname ?? ""];
    // As everywhere in the tree, false is left out.
    return word === undefined ? [] : [[word, as(option?.arg, "Boolean")?.boolval ?? false]];
  });
  return { ...before, ...Object.fromEntries(said) };
}

const guarded = /^\s*begin\s+if\s+not\s+[^;]*\bpg_roles\b[^;]*\bthen\s+((?:create|alter)\s+role\b[^;]*);\s*end\s+if;\s*end;?\s*$/i;

/** The statement of a role that a block runs unless there is one already; undefined for any other block. */
export function guardedStatement(block: Content<"DoStmt">): string | undefined {
  const body = (block.args ?? []).map((one) => as(one, "DefElem")).find((one) => one?.defname === "as")?.arg;
  return guarded.exec(names(body)[0] ?? "")?.[1];
}

/** The statements of the script, with what such a block runs in its place. */
export function nodesIn(script: string, parser: SqlParser): readonly object[] {
  return parser.parse(script).statements.flatMap(({ node }) => {
    const block = as(node, "DoStmt");
    const statement = block && guardedStatement(block);
    return statement === undefined ? [node] : parser.parse(statement).statements.map((inner) => inner.node);
  });
}
