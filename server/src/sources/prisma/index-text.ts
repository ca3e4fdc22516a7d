// An index or unique of the model as Prisma writes it; undefined for what Prisma's language cannot say.
import { prismaName } from "../../indexes/name-length";
import type { DialectName, Expression, Index, IndexKey, QualifiedName, Unique } from "../../model/schema";
import { operatorClassText } from "./operator-classes";

/** What writing needs to know of the model's place. */
export interface IndexStyle {
  readonly table: QualifiedName;
  readonly dialect: DialectName;
  /** The field of a column, or undefined. */
  field(column: string): string | undefined;
  /** The file writes `fields: […]` with its name. */
  readonly namesFields: boolean;
  /** The generator has switched partial indexes on. */
  partialIndexes(): boolean;
}

const methods: Readonly<Record<string, string>> = { hash: "Hash", gin: "Gin", gist: "Gist", spgist: "SpGist", brin: "Brin" };

/** `@@index([clientId, createdAt(sort: Desc)], map: "…")`, or `@@unique(…)` for a unique index. */
export function indexText(index: Index, style: IndexStyle): string | undefined {
  if (index.include.length > 0 || index.nullsNotDistinct || Object.keys(index.with ?? {}).length > 0) return undefined;
  const postgres = style.dialect === "postgresql" || style.dialect === "cockroachdb";
  if (index.method !== "btree" && (!postgres || !methods[index.method] || index.unique)) return undefined;
  const keys = index.keys.map((key) => keyText(key, style));
  if (keys.length === 0 || keys.some((key) => key === undefined)) return undefined;
  const parts = [fieldsText(keys as string[], style)];
  if (index.method !== "btree") parts.push(`type: ${methods[index.method]}`);
  if (index.where) {
    const where = style.partialIndexes() && index.where.complete ? whereText(index.where, style) : undefined;
    if (where === undefined) return undefined;
    parts.push(`where: ${where}`);
  }
  const map = mapText(index.name, index.unique ? "unique" : "index", index.keys.map((key) => key.column!), style);
  return `@@${index.unique ? "unique" : "index"}(${[...parts, ...map].join(", ")})`;
}

/** `@@unique([a, b])`. */
export function uniqueText(unique: Unique, style: IndexStyle): string | undefined {
  const keys = unique.columns.map((column) => style.field(column));
  if (unique.nullsNotDistinct || keys.length === 0 || keys.some((key) => key === undefined)) return undefined;
  return `@@unique(${[fieldsText(keys as string[], style), ...mapText(unique.name, "unique", unique.columns, style)].join(", ")})`;
}

/** `map: "…"`, unless Prisma gives that name by itself. */
export function mapText(name: string | undefined, kind: "index" | "unique", columns: readonly string[], style: Pick<IndexStyle, "table" | "dialect">): readonly string[] {
  return name === undefined || name === prismaName(kind, style.table.name, columns, style.dialect) ? [] : [`map: ${JSON.stringify(name)}`];
}

function fieldsText(keys: readonly string[], style: IndexStyle): string {
  return `${style.namesFields ? "fields: " : ""}[${keys.join(", ")}]`;
}

function keyText(key: IndexKey, style: IndexStyle): string | undefined {
  if (key.column === undefined || key.expression || key.collation !== undefined) return undefined;
  // Prisma cannot say where NULL goes; what it writes is the database's default.
  if (key.nulls !== undefined && !key.nullsImplied && key.nulls !== (key.order === "asc" ? "last" : "first")) return undefined;
  const field = style.field(key.column);
  if (field === undefined) return undefined;
  const options: string[] = [];
  if (key.operatorClass !== undefined) options.push(`ops: ${operatorClassText(key.operatorClass)}`);
  if (key.length !== undefined) options.push(`length: ${key.length}`);
  if (key.order === "desc") options.push("sort: Desc");
  return options.length > 0 ? `${field}(${options.join(", ")})` : field;
}

/** An object of conditions where all of them test for NULL, else the SQL itself. */
function whereText(where: Expression, style: IndexStyle): string {
  const parts = where.sql.replace(/^\((.*)\)$/s, "$1").split(/\s+and\s+/i).map((part) => {
    const match = /^\(?\s*"((?:[^"]|"")+)"\s+is\s+(not\s+)?null\s*\)?$/i.exec(part.trim());
    const field = match ? style.field(match[1]!.replaceAll('""', '"')) : undefined;
    return field === undefined ? undefined : `${field}: ${match![2] ? "{ not: null }" : "null"}`;
  });
  if (parts.some((part) => part === undefined)) return `raw(${JSON.stringify(where.sql)})`;
  return `{ ${parts.join(", ")} }`;
}
