// Prisma's `?schema=` makes another schema than public the one that names without a schema mean, in the code and in SQL. Here
// a database is told as if that one were called public, so that it can be compared with the code. It changes nothing else.

/** A model or facts of a database; what lies in its real public schema cannot be reached by bare names and is left out of lists. */
export function asSearched<Read>(read: Read, schema: string | undefined): Read {
  return schema === undefined || schema === "public" ? read : (moved(read, schema, prefixOf(schema)) as Read);
}

/** The schema as PostgreSQL spells it before a name: not within other words, nor in texts. */
function prefixOf(schema: string): RegExp {
  const spelled = /^[a-z_][a-z0-9_$]*$/.test(schema) ? schema : `"${schema.replaceAll('"', '""')}"`;
  return new RegExp(`(?<=^|[\\s(,:]|nextval\\(')${spelled.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&")}\\.`, "g");
}

function moved(value: unknown, schema: string, prefix: RegExp): unknown {
  if (typeof value === "string") return value.replace(prefix, "");
  if (Array.isArray(value)) return value.filter((one) => !liesInPublic(one)).map((one) => moved(one, schema, prefix));
  if (typeof value !== "object" || value === null) return value;
  const known = value as Readonly<Record<string, unknown>>;
  if (typeof known["name"] === "string" && typeof known["schema"] === "string") return { ...known, schema: known["schema"] === schema ? "public" : known["schema"] };
  return Object.fromEntries(Object.entries(known).map(([key, one]) => [key, moved(one, schema, prefix)]));
}

/** A table, an enum, a sequence, or facts of one. */
function liesInPublic(one: unknown): boolean {
  const { name, table, sequence } = (typeof one === "object" && one !== null ? one : {}) as Readonly<Record<string, unknown>>;
  return [name, table, sequence].some((of) => typeof of === "object" && of !== null && (of as { readonly schema?: unknown }).schema === "public");
}
