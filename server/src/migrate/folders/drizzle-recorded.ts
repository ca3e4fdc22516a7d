// What the newest snapshot of a Drizzle folder has beside tables and types: what it names was once declared in the code, and
// is drizzle-kit's to drop.
import type { MigrationFolder } from "../../model/migration";
import type { QualifiedName, Role, SchemaModel, Unmodelled } from "../../model/schema";
import type { OwnersRecord, RecordedConstraint } from "../generate/owners-record";
import { storedName } from "../../indexes/name-length";
import type { RecordedPolicy, RecordedRowSecurity } from "../generate/policies";
import type { Files } from "../../sources/source";
import { text, type Entities } from "./drizzle-entities";
import type { Json } from "./drizzle-snapshot-v0";
import { stateOf } from "./drizzle-snapshot-v1";
import { FolderError } from "./folder-format";

export interface RecordedObject {
  readonly what: Unmodelled["what"] | "sequence" | "row level security" | "schema" | "enum";
  /** Of a policy and of row level security the table's; a role and a schema are in none. */
  readonly name: QualifiedName;
  readonly policy?: string;
  /** What is said of a policy. */
  readonly said?: RecordedPolicy;
  /** Of an enum, in order. */
  readonly values?: readonly string[];
  /** What is said of a role. */
  readonly role?: Role;
  /** Of a view: its query. */
  readonly definition?: string;
}

/** Of what the code has declared so far: what it no longer declares is to go. */
export function ownersRecord(recorded: readonly RecordedObject[], constraints?: readonly RecordedConstraint[]): OwnersRecord {
  const named = (...kinds: readonly RecordedObject["what"][]): readonly QualifiedName[] => recorded.flatMap(({ what, name }) => (kinds.includes(what) ? [name] : []));
  const rowSecurity = recordedRowSecurity(recorded);
  return { sequences: named("sequence"), views: named("view", "materialized view"), enums: recorded.flatMap(({ what, name, values }) => (what === "enum" ? [{ name, values: values ?? [] }] : [])), ...(rowSecurity && { rowSecurity }), ...(constraints && { constraints }) };
}

/** What stands, with the schemas and roles that the record says the code has declared: those that it knows nothing of were made by hand, or are another project's. */
export function withDeclared(standing: SchemaModel, recorded: readonly RecordedObject[]): SchemaModel {
  return { ...standing, schemas: recorded.flatMap(({ what, name }) => (what === "schema" ? [name.name] : [])), roles: recorded.flatMap(({ role }) => role ?? []) };
}

/** What the record says of row level security; undefined where there is no record. */
function recordedRowSecurity(recorded: readonly RecordedObject[]): RecordedRowSecurity | undefined {
  if (recorded.every(({ what }) => what === "enum")) return undefined;
  return { enabled: recorded.flatMap(({ what, name }) => (what === "row level security" ? [name] : [])), policies: recorded.flatMap(({ said }) => said ?? []) };
}

function roleIn(one: Readonly<Record<string, unknown>>): RecordedObject {
  const name = String(one["name"]);
  return { what: "role", name: { schema: null, name }, role: { name, createDatabase: one["createDb"] === true, createRole: one["createRole"] === true, inherit: one["inherit"] !== false } };
}

/** Of either version; its roles are sorted. */
export function recordedPolicy(one: Readonly<Record<string, unknown>>, table: QualifiedName): RecordedPolicy {
  const text = (field: string): string | undefined => (typeof one[field] === "string" ? one[field] : undefined);
  const roles = one["to"] ?? one["roles"];
  const [name, using, withCheck] = [text("name") ?? "", text("using"), text("withCheck")];
  return {
    table, name, as: text("as")?.toLowerCase() === "restrictive" ? "restrictive" : "permissive", for: (text("for")?.toLowerCase() ?? "all") as RecordedPolicy["for"],
    to: Array.isArray(roles) ? roles.map(String).sort() : ["public"], ...(using !== undefined && { using }), ...(withCheck !== undefined && { withCheck }),
  };
}

function policyIn(one: Readonly<Record<string, unknown>>, table: QualifiedName): RecordedObject {
  const said = recordedPolicy(one, table);
  return { what: "policy", name: table, policy: said.name, said };
}

/** None for other formats, and for a snapshot that is not of the version that drizzle-kit writes now. */
export function recordedObjects(folder: MigrationFolder, files: Pick<Files, "read" | "list">): readonly RecordedObject[] {
  switch (folder.format) {
    case "drizzle v0": return inSnapshot(newestSnapshot(folder, files));
    case "drizzle v1": return inEntities(folder, files);
    case "prisma":
    case "sql": return [];
  }
}

/** Of the folder's newest migration; undefined where there is none of version 7. */
export function newestSnapshot({ folder, migrations }: Pick<MigrationFolder, "folder" | "migrations">, files: Pick<Files, "read">): Json | undefined {
  const prefix = /^[^_]*/.exec(migrations.at(-1)?.id ?? "")![0];
  try {
    const snapshot = JSON.parse(files.read(`${folder}/meta/${prefix}_snapshot.json`) ?? "") as Json;
    return snapshot["version"] === "7" && typeof snapshot["tables"] === "object" && snapshot["tables"] !== null ? snapshot : undefined;
  } catch {
    return undefined;
  }
}

/** The names of keys, unique constraints and checks in the folder's record; undefined where there is none. */
export function recordedConstraints(folder: MigrationFolder, files: Pick<Files, "read" | "list">): readonly RecordedConstraint[] | undefined {
  const named = (table: QualifiedName, name: unknown): RecordedConstraint => ({ table, name: storedName(String(name), "postgresql") });
  if (folder.format === "drizzle v0") {
    const tables = newestSnapshot(folder, files)?.["tables"] as Readonly<Record<string, Json>> | undefined;
    const sections = ["compositePrimaryKeys", "foreignKeys", "uniqueConstraints", "checkConstraints"];
    return tables && Object.values(tables).flatMap((table) => sections.flatMap((section) => Object.values((table[section] ?? {}) as Readonly<Record<string, Json>>).map((one) => named({ schema: String(table["schema"] ?? "") || "public", name: String(table["name"]) }, one["name"]))));
  }
  const entities = folder.format === "drizzle v1" ? recordedEntities(folder, files) : undefined;
  return entities && [...entities.values()].flatMap((one) => (["pks", "fks", "uniques", "checks"].includes(one.entityType) ? [named({ schema: text(one, "schema"), name: text(one, "table") }, one["name"])] : []));
}

function valuesOf({ values }: Readonly<Record<string, unknown>>): readonly string[] {
  return Array.isArray(values) ? values.map(String) : [];
}

function inSnapshot(snapshot: Json | undefined): readonly RecordedObject[] {
  const list = (section: unknown): readonly Json[] => Object.values((section ?? {}) as Record<string, Json>);
  const nameOf = (one: Json): QualifiedName => ({ schema: String(one["schema"] ?? "") || "public", name: String(one["name"]) });
  return [
    ...Object.keys((snapshot?.["schemas"] ?? {}) as object).map((name): RecordedObject => ({ what: "schema", name: { schema: null, name } })),
    ...list(snapshot?.["sequences"]).map((one): RecordedObject => ({ what: "sequence", name: nameOf(one) })),
    ...list(snapshot?.["enums"]).map((one): RecordedObject => ({ what: "enum", name: nameOf(one), values: valuesOf(one) })),
    ...list(snapshot?.["views"]).filter((one) => one["isExisting"] !== true).map((one): RecordedObject => ({ what: one["materialized"] === true ? "materialized view" : "view", name: nameOf(one), ...(typeof one["definition"] === "string" && { definition: one["definition"] }) })),
    ...list(snapshot?.["roles"]).map(roleIn),
    ...list(snapshot?.["tables"]).flatMap((table): readonly RecordedObject[] => [
      ...list(table["policies"]).map((policy) => policyIn(policy, nameOf(table))),
      ...(table["isRLSEnabled"] === true ? [{ what: "row level security" as const, name: nameOf(table) }] : []),
    ]),
  ];
}

/** What the folder's snapshots of 1.0 come to; undefined where one of them cannot be read or is of another version, which writing tells. */
export function recordedEntities({ folder }: Pick<MigrationFolder, "folder">, files: Pick<Files, "read" | "list">): Entities | undefined {
  const snapshots = [...files.list("*/snapshot.json", folder)].sort((a, b) => (a < b ? -1 : 1));
  try {
    return stateOf(snapshots.map((file) => ({ file, text: files.read(file) ?? "" }))).entities;
  } catch (error) {
    if (error instanceof FolderError) return undefined;
    throw error;
  }
}

function inEntities(folder: MigrationFolder, files: Pick<Files, "read" | "list">): readonly RecordedObject[] {
  return [...(recordedEntities(folder, files)?.values() ?? [])].flatMap((one): readonly RecordedObject[] => {
    const name: QualifiedName = { schema: text(one, "schema"), name: text(one, "name") };
    switch (one.entityType) {
      case "schemas": return [{ what: "schema", name: { schema: null, name: name.name } }];
      case "sequences": return [{ what: "sequence", name }];
      case "enums": return [{ what: "enum", name, values: valuesOf(one) }];
      case "views": return one["isExisting"] === true ? [] : [{ what: one["materialized"] === true ? "materialized view" : "view", name, definition: text(one, "definition") }];
      case "roles": return [roleIn(one)];
      case "policies": return [policyIn(one, { schema: name.schema, name: text(one, "table") })];
      case "tables": return one["isRlsEnabled"] === true ? [{ what: "row level security", name }] : [];
      default: return [];
    }
  });
}
