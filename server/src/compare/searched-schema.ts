// Prisma's `?schema=` makes another schema than public the one that names without a schema mean, in the code and in SQL. Here
// a database is told to such code as if that schema were called public, and what the code calls public finds its way back.
import type { DatabaseFacts } from "../model/facts";
import type { QualifiedName, SchemaModel } from "../model/schema";

/** What was read of a database. */
export interface DatabaseRead {
  readonly model: SchemaModel;
  readonly facts?: DatabaseFacts;
}

type Code = Pick<SchemaModel, "inSearchedSchema"> | undefined;

/** Undefined where names without a schema mean public on both sides. Without code, what names no schema is SQL, and follows the connection. */
export function searchedFor(code: Code, { searchedSchema }: Pick<SchemaModel, "searchedSchema">): string | undefined {
  return code === undefined || code.inSearchedSchema ? searchedSchema : undefined;
}

/** A database as `code` calls its parts: the same object where they agree, and for the same database always the same. */
export function asSeenBy<Read extends DatabaseRead>(code: Code, database: Read): Read {
  const searched = searchedFor(code, database.model);
  return searched === undefined ? database : remembered(database, () => ({ ...database, model: modelSeenBy(code, database.model), ...(database.facts && { facts: told(database.facts, searched) }) }));
}

/** The model alone. */
export function modelSeenBy(code: Code, database: SchemaModel): SchemaModel {
  const searched = searchedFor(code, database);
  return searched === undefined ? database : remembered(database, () => ({ ...told(database, searched), searchedSchema: undefined }));
}

/** A name of the database as the code has it, or the code's as the database has it: the two schemas change places. */
export function exchanged(name: QualifiedName, searched: string | undefined): QualifiedName {
  if (searched === undefined || (name.schema !== searched && name.schema !== "public")) return name;
  const { schemaInDatabase: _, ...plain } = name;
  return { ...plain, schema: name.schema === searched ? "public" : searched };
}

/** A value in which names stand anywhere (a change), with all of them exchanged. */
export function allExchanged<Value>(value: Value, searched: string | undefined): Value {
  return searched === undefined ? value : (renamed(value, (name) => exchanged(name, searched)) as Value);
}

const seen = new WeakMap<object, object>();

function remembered<Read extends object>(read: Read, make: () => object): Read {
  let known = seen.get(read);
  if (!known) seen.set(read, (known = make()));
  return known as Read;
}

/** What lies in the real public cannot be reached by bare names, and is left out of lists. */
function told<Read extends object>(read: Read, searched: string): Read {
  const lists = Object.entries(read).map(([key, value]: [string, unknown]) => [key, Array.isArray(value) ? value.filter((one) => !liesInPublic(one)) : value]);
  // A foreign key may reach the real public all the same, and is told and written with its name.
  return renamed(Object.fromEntries(lists), (name) => (name.schema === "public" ? { ...exchanged(name, searched), schemaInDatabase: "public" } : exchanged(name, searched))) as Read;
}

function renamed(value: unknown, rename: (name: QualifiedName) => QualifiedName): unknown {
  if (Array.isArray(value)) return value.map((one) => renamed(one, rename));
  if (typeof value !== "object" || value === null) return value;
  const known = value as Readonly<Record<string, unknown>>;
  if (typeof known["name"] === "string" && typeof known["schema"] === "string") return rename(known as unknown as QualifiedName);
  return Object.fromEntries(Object.entries(known).map(([key, one]) => [key, renamed(one, rename)]));
}

/** A table, an enum, a sequence, or facts of one. */
function liesInPublic(one: unknown): boolean {
  const { name, table, sequence } = (typeof one === "object" && one !== null ? one : {}) as Readonly<Record<string, unknown>>;
  return [name, table, sequence].some((of) => typeof of === "object" && of !== null && (of as { readonly schema?: unknown }).schema === "public");
}
