// What the code declares and no generated migration makes, in sentences: extensions, and whatever a part of could not be
// read.
import type { MigrationFolder } from "../../model/migration";
import type { QualifiedName, SchemaModel, Unmodelled } from "../../model/schema";
import { sameTable, tableKey } from "../../model/table-key";
import type { MadeBy } from "../../sql/roles-and-schemas";
import { ownersRecord, type RecordedObject } from "../folders/drizzle-recorded";
import { namesOf } from "../generate/declared";
import { isOrderAsked, isReordered } from "../generate/enum-order";
import type { OwnersRecord } from "../generate/owners-record";
import { unsurePolicies } from "../generate/policies";
import { label } from "../generate/renames";
import { capital, listed } from "../../model/words";

export interface NotGeneratedParts {
  /** The schema of the code. */
  readonly code: SchemaModel;
  /** What stands. */
  readonly before: SchemaModel;
  readonly recorded: readonly RecordedObject[];
  /** Views of which it could not be said whether they are what the code says. */
  readonly unsure?: readonly QualifiedName[];
  /** What a folder whose owner keeps no record has made of schemas and roles. */
  readonly made?: MadeBy;
  /** Names of the extensions that the folder's migrations make. */
  readonly extensions: readonly string[];
  readonly format: MigrationFolder["format"];
  /** Of these tables alone; what belongs to no table is then left out. */
  readonly only?: (table: QualifiedName) => boolean;
}

/** Full sentences: what is missing, what is gone from the code, and what was not compared. */
export function notGenerated({ code, before, recorded, unsure = [], made, extensions, format, only }: NotGeneratedParts): readonly string[] {
  const wanted = (one: Named): boolean => only === undefined || (one.what === "policy" && only(one.name));
  const declared = [...(code.unmodelled ?? []), ...code.tables.flatMap(ofTable)].filter((one) => wanted(one) && !(one.what === "extension" && extensions.includes(one.name.name)));
  const kept = new Set(recorded.map(keyOf));
  const record = ownersRecord(recorded);
  const stands = (one: Named): boolean => kept.has(keyOf(one)) || isThere(one, before);
  const byOwner = format.startsWith("drizzle");
  const rest = (one?: Named): string => {
    // Prisma leaves views to hand-written migrations.
    const owner = byOwner ? "drizzle-kit generate" : format === "prisma" && one?.what === "extension" ? "prisma migrate dev" : undefined;
    return owner === undefined ? "Write it by hand: migrate new --empty." : `\`${owner}\` makes it, or write it by hand (migrate new --empty).`;
  };
  const policies = unsurePolicies(before, code, record.rowSecurity).map(({ table, policy }): Named => ({ what: "policy", name: table, policy: policy.name })).filter(wanted);
  const both: readonly Named[] = [...(only ? [] : unsure.map((name): Named => ({ what: "view", name }))), ...declared.filter(stands), ...policies];
  return [
    ...declared.filter((one) => !stands(one)).map((one) => `${capital(titleOf(one))}, which the code declares, is not made. ${rest(one)}`),
    ...unreadDefaults(code, before, only).map((column) => `The default of ${column}, which the code declares and which cannot be read, is not made. ${rest()}`),
    ...(only ? [] : otherOrders(code, before, record)),
    ...(only ? [] : undeclared(code, before, recorded, byOwner)),
    ...(only || !made ? [] : madeAndUndeclared(code, before, made)),
    ...(both.length === 0 ? [] : [`Whether ${listed(both.map(titleOf), "or")} ${both.length === 1 ? "has" : "have"} changed was not compared.${byOwner ? " `drizzle-kit generate` finds that." : ""}`]),
  ];
}

/** Of new tables, which are made without them. A new column of a table that stands is left out as a whole. */
function unreadDefaults(code: SchemaModel, before: SchemaModel, only: NotGeneratedParts["only"]): readonly string[] {
  const standing = new Set(before.tables.map(({ name }) => tableKey(name)));
  return code.tables.filter(({ name }) => !standing.has(tableKey(name)) && (only?.(name) ?? true))
    .flatMap(({ name, columns }) => columns.filter((column) => column.default?.complete === false && column.generated === undefined).map((column) => `${label(name)}.${column.name}`));
}

/** Enums whose values stay in another order than the code has, since nobody asks for it to be made. One that loses a value is made anew in any case; in Prisma's language the order says nothing. */
function otherOrders(code: SchemaModel, before: SchemaModel, { enums = [] }: OwnersRecord): readonly string[] {
  if (code.source === "prisma") return [];
  return before.enums.flatMap(({ name, values }) => {
    const to = code.enums.find((type) => sameTable(type.name, name))?.values ?? [];
    if (!values.every((value) => to.includes(value)) || !isReordered(values, to) || isOrderAsked({ name, to }, code.source, enums)) return [];
    const stay = to.filter((value) => values.includes(value));
    return [`The values of the enum ${label(name)} stand in the order ${values.join(", ")}, by which they sort, and the code has ${stay.join(", ")}. They stay as they are: the type would be made anew and every column that has it rewritten. Where that is wanted: migrate new --empty.`];
  });
}

/** Sequences and views that nobody has recorded: where the owner keeps a record, they were made by hand. */
function undeclared(code: SchemaModel, { sequences = [], views = [] }: SchemaModel, recorded: readonly RecordedObject[], hasRecord: boolean): readonly string[] {
  if (code.source !== "drizzle" || hasRecord || recorded.length > 0) return [];
  const declared = new Set([...(code.sequences ?? []), ...(code.views ?? []), ...(code.unmodelled ?? [])].map(({ name }) => tableKey(name)));
  const others = [...sequences.filter(({ owned }) => !owned).map(({ name }) => ({ what: "sequence", name })), ...views.map(({ name, materialized }) => ({ what: materialized ? "materialized view" : "view", name }))];
  return others.filter(({ name }) => !declared.has(tableKey(name))).map(({ what, name }) => `The ${what} ${label(name)} stands, and the code does not declare it. Whether it was made by hand is not known, so it stays; to drop it: migrate new --empty.`);
}

/** Schemas and roles that the migrations have made, in a folder whose owner keeps no record of what the code has declared. */
function madeAndUndeclared(code: SchemaModel, before: SchemaModel, { schemas, roles }: MadeBy): readonly string[] {
  if (code.source !== "drizzle") return [];
  const unread = (what: Named["what"]): boolean => code.unmodelled?.some((one) => one.what === what && one.name.name === "") ?? false;
  const named = new Set([...(code.schemas ?? []), ...namesOf(code).map(({ schema }) => schema), ...namesOf(before).map(({ schema }) => schema), ...(code.unmodelled ?? []).map(({ name }) => name.name)]);
  const others = [
    ...[...schemas].filter((name) => !unread("schema") && name !== "public" && !named.has(name)).map((name) => `schema ${name}`),
    ...[...roles.keys()].filter((name) => !unread("role") && !code.roles?.some((role) => role.name === name) && !named.has(name)).map((name) => `role ${name}`),
  ];
  return others.map((what) => `The ${what}, which a migration has made, is not declared by the code. Whether the code ever declared it is not recorded, so it stays; to drop it: migrate new --empty.`);
}

type Named = Pick<Unmodelled, "what" | "name" | "policy">;

/** What a table has beside that which is generated. */
function ofTable({ name, rowSecurity }: SchemaModel["tables"][number]): readonly Named[] {
  return (rowSecurity?.policies ?? []).flatMap((policy) => (policy.complete ? [] : [{ what: "policy", name, policy: policy.name }]));
}

function isThere({ what, name, policy }: Named, { tables, views }: SchemaModel): boolean {
  switch (what) {
    case "view":
    case "materialized view": return views?.some((view) => sameTable(view.name, name)) ?? false;
    case "policy": return tables.some((table) => sameTable(table.name, name) && table.rowSecurity?.policies.some((one) => one.name === policy));
    // No schema tells of them.
    case "extension":
    case "schema":
    case "role": return false;
  }
}

function keyOf({ what, name, policy }: Pick<RecordedObject, "what" | "name" | "policy">): string {
  return JSON.stringify([what === "materialized view" ? "view" : what, tableKey(name), policy]);
}

function titleOf({ what, name, policy }: Named): string {
  if (name.name === "") return `a ${what} whose name could not be read`;
  if (what !== "policy") return `the ${what} ${label(name)}`;
  return policy === "" ? `a policy of ${label(name)} whose name could not be read` : `the policy ${policy} of ${label(name)}`;
}
