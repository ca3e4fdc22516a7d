// Schemas of the database and roles, as Drizzle's code declares them: of what stands the owner's own record says which of
// them the code has declared so far. What it knows nothing of was made by hand, and stays.
import { postgres } from "../../dialects/postgres";
import { inverse, type Change } from "../../model/change";
import type { Policy, QualifiedName, Role, SchemaModel, Table } from "../../model/schema";
import type { RenameQuestion } from "../generated";
import { rowSecurityOf } from "./policies";
import type { RenameAnswers } from "./renames";
import { bare, nothingToUndo, Refusal, type Step } from "./step";

type Declared = Required<Pick<SchemaModel, "schemas" | "roles">>;
type SchemaChange = Extract<Change, { readonly kind: "add-schema" | "drop-schema" }>;
type RoleChange = Extract<Change, { readonly kind: "add-role" | "drop-role" | "alter-role" }>;

/** Undefined where nothing is known of them. Of roles those that are the code's own to make. */
export function declaredIn({ source, dialect, schemas, roles }: SchemaModel): Declared | undefined {
  if (dialect !== "postgresql" || (source !== "drizzle" && !schemas && !roles)) return undefined;
  return { schemas: schemas ?? [], roles: (roles ?? []).filter(({ existing }) => !existing) };
}

/** `wanted` with all that is declared in `before`, and with the schemas that it needs. */
export function withNeededSchemas(wanted: SchemaModel, before: SchemaModel): SchemaModel {
  const had = declaredIn(before);
  if (!had) return wanted;
  const standing = new Set(namesOf(before).map(({ schema }) => schema));
  const needed = namesOf(wanted).flatMap(({ schema }) => (schema === null || schema === "public" || standing.has(schema) ? [] : [schema]));
  return { ...wanted, schemas: [...new Set([...(wanted.schemas ?? had.schemas), ...needed])], roles: wanted.roles ?? had.roles };
}

/** `wanted` with what could not be read of it as it stands in `before`. */
export function withReadDeclared(wanted: SchemaModel, before: SchemaModel): SchemaModel {
  const [had, has] = [declaredIn(before), declaredIn(wanted)];
  if (!had || !has) return withNeededSchemas(wanted, before);
  const unread = (what: "role" | "schema", name: string): boolean => wanted.unmodelled?.some((one) => one.what === what && (one.name.name === name || one.name.name === "")) ?? false;
  const schemas = had.schemas.filter((name) => !has.schemas.includes(name) && unread("schema", name));
  const roles = had.roles.filter(({ name }) => !wanted.roles?.some((one) => one.name === name) && unread("role", name));
  return { ...wanted, ...(schemas.length > 0 && { schemas: [...has.schemas, ...schemas] }), ...(roles.length > 0 && { roles: [...(wanted.roles ?? []), ...roles] }) };
}

/** What stands of the schemas and roles that `code` declares; what it does not declare is another's. `names`: all that the server has. */
export function standingOf(standing: SchemaModel, code: SchemaModel, names: Declared): SchemaModel {
  const declared = declaredIn(code);
  if (!declared) return standing;
  return { ...standing, schemas: names.schemas.filter((name) => declared.schemas.includes(name)), roles: names.roles.filter(({ name }) => declared.roles.some((role) => role.name === name)) };
}

/** What makes those of `before` like those of `after`; none where nothing is known of one of them. */
export function declaredChanges(before: SchemaModel, after: SchemaModel): readonly Change[] {
  const [had, has] = [declaredIn(before), declaredIn(after)];
  if (!had || !has) return [];
  const [roles, wanted] = [had, has].map((one) => new Map(one.roles.map((role) => [role.name, role])));
  return [
    ...has.schemas.filter((schema) => !had.schemas.includes(schema)).map((schema): Change => ({ kind: "add-schema", schema })),
    ...had.schemas.filter((schema) => !has.schemas.includes(schema)).map((schema): Change => ({ kind: "drop-schema", schema })),
    ...[...roles!].flatMap(([name, from]): readonly Change[] => {
      const to = wanted!.get(name);
      return to ? (isSame(from, to) ? [] : [{ kind: "alter-role", from, to }]) : [{ kind: "drop-role", role: from }];
    }),
    ...[...wanted!].flatMap(([name, role]): readonly Change[] => (roles!.has(name) ? [] : [{ kind: "add-role", role }])),
  ];
}

function isSame(a: Role, b: Role): boolean {
  return a.createDatabase === b.createDatabase && a.createRole === b.createRole && a.inherit === b.inherit;
}

/** Of the answers those that speak of a role that is gone under the old name and new under the other. */
export function answeredRoles(before: SchemaModel, after: SchemaModel, answers: RenameAnswers): readonly Change[] {
  const changes = declaredChanges(before, after);
  const fresh = new Set(changes.flatMap((change) => (change.kind === "add-role" ? [change.role.name] : [])));
  return changes.flatMap((change): readonly Change[] => {
    const to = change.kind === "drop-role" ? answers[change.role.name] : undefined;
    return change.kind === "drop-role" && to !== undefined && to !== null && fresh.delete(to) ? [{ kind: "rename-role", from: change.role.name, to }] : [];
  });
}

/** For a role that goes beside new ones that it could have become. */
export function roleQuestion({ role }: Extract<Change, { readonly kind: "drop-role" }>, changes: readonly Change[], answers: RenameAnswers): readonly RenameQuestion[] {
  const chosen = new Set(Object.values(answers));
  const candidates = changes.flatMap((change) => (change.kind === "add-role" && !chosen.has(change.role.name) ? [change.role] : []));
  if (candidates.length === 0 || answers[role.name] !== undefined) return [];
  // One with the same options is the likeliest.
  return [{ what: "role", from: role.name, candidates: [...candidates].sort((a, b) => Number(isSame(b, role)) - Number(isSame(a, role))).map(({ name }) => name) }];
}

/** The schema after the role is renamed: policies know it by number. */
export function renameRole(model: SchemaModel, from: string, to: string): SchemaModel {
  const named = (name: string): string => (name === from ? to : name);
  const isFor = ({ to: roles }: Policy): boolean => roles.includes(from);
  const inTable = (table: Table): Table => (table.rowSecurity?.policies.some(isFor) ? { ...table, rowSecurity: { ...table.rowSecurity, policies: table.rowSecurity.policies.map((policy) => (isFor(policy) ? { ...policy, to: policy.to.map(named).sort() } : policy)) } } : table);
  return { ...model, tables: model.tables.map(inTable), ...(model.roles && { roles: model.roles.map((role) => ({ ...role, name: named(role.name) })) }) };
}

export function addSchema(change: SchemaChange & { readonly kind: "add-schema" }): Step {
  return { phase: "structure", up: bare(postgres.sql(change)), down: [], stays: `The schema ${postgres.quote(change.schema)} stays: it may have been there before.`, changes: [change], title: `schema ${change.schema}`, quiet: true };
}

/** Where something of `after` stands in it, it is only not declared any more. Throws a `Refusal` for a schema in which something else stays. */
export function dropSchema(change: SchemaChange & { readonly kind: "drop-schema" }, after: SchemaModel, standing: SchemaModel): readonly Step[] {
  const { schema } = change;
  const isIn = ({ schema: of }: QualifiedName): boolean => of === schema;
  if (namesOf(after).some(isIn)) return [letGo(change, `The schema ${postgres.quote(schema)} stays, since something of the code stands in it; that it is the project's own is not recorded any more.`)];
  const { sequences = [], ...others } = standing;
  const [left] = namesOf({ ...others, sequences: sequences.filter(({ owned }) => !owned), tables: standing.tables.filter(({ partitionOf }) => !partitionOf) }).filter(isIn);
  if (left) throw new Refusal(`${left.name} stands in it, which the code has never declared, and PostgreSQL drops no schema in which something stands. Move or drop that first: migrate new --empty.`);
  return [{
    phase: "remove", up: [`-- It is refused while anything stands in it.\n${bare(postgres.sql(change))[0]}`], down: [`-- The rights that were given on it are gone.\n${bare(postgres.sql(inverse(change)))[0]}`], changes: [change], title: `drop schema ${schema}`,
  }];
}

export function roleSteps(change: RoleChange, after: SchemaModel): readonly Step[] {
  switch (change.kind) {
    case "add-role": return [{ phase: "structure", up: [`-- A role is of the whole server: one that stands there already stays as it is.\n${bare(postgres.sql(change))[0]}`], down: [], stays: `The role ${postgres.quote(change.role.name)} stays: it is of the whole server, and may have been there before.`, changes: [change], title: `role ${change.role.name}`, quiet: true }];
    case "alter-role": return [{ phase: "structure", up: bare(postgres.sql(change)), down: bare(postgres.sql(inverse(change))), changes: [change], title: `role ${change.to.name}`, quiet: true }];
    case "drop-role": {
      const { name } = change.role;
      const isNamed = after.roles?.some((role) => role.name === name) || after.tables.some((table) => rowSecurityOf(table).policies.some(({ to }) => to.includes(name)));
      if (isNamed) return [letGo(change, `The role ${postgres.quote(name)} stays, since the code still names it; that it is the project's own to make is not recorded any more.`)];
      const [again] = bare(postgres.sql(inverse(change)));
      return [{
        phase: "remove", up: [`-- It is refused while anything in any database of the server depends on the role.\n${bare(postgres.sql(change))[0]}`], down: [`-- Its password, its memberships and what was set for it are gone.\n${again}`], changes: [change], title: `drop role ${name}`,
        losses: [`The role ${name} is dropped on the whole server, with its password, its memberships and what was set for it.`],
      }];
    }
  }
}

function letGo(change: Change, why: string): Step {
  return { phase: "structure", up: [`-- ${why}\nSELECT 1`], down: [nothingToUndo], changes: [change], title: "record", quiet: true };
}

/** Of everything that stands in a schema. */
export function namesOf({ tables, enums, sequences = [], views = [], domains = [] }: SchemaModel): readonly QualifiedName[] {
  return [...tables, ...enums, ...sequences, ...views, ...domains].map(({ name }) => name);
}
