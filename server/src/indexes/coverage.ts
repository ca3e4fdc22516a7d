// Which index, if any, serves a lookup by some columns: the verdict that PostgreSQL's planner would give.
// It judges one index at a time (no bitmap of two) and never counts a skip scan; it proposes nothing, see suggestion.ts.
import type { DialectName, ForeignKey, Index, PrimaryKey, SourceName, Table, Unique } from "../model/schema";
import { indexNameOf, uniqueNameOf } from "./default-name";
import { impliedByEquality } from "./predicate";
import { listed } from "../model/words";

export type Verdict = "covered" | "partial" | "unusable" | "missing" | "automatic" | "unknown";

export interface Coverage {
  readonly verdict: Verdict;
  /** Name of the index that the verdict speaks of, as the database has it; "primary key" for the primary key. */
  readonly by?: string;
  /** A short phrase for a message: "leading column", "covered by the primary key's prefix", … */
  readonly reason: string;
  /** The index that `by` names. */
  readonly index?: Index | PrimaryKey | Unique;
  /** Where the verdict is "missing" and an index nearly counts: why it does not, which is then the reason. */
  readonly nearMiss?: string;
  /** Where the verdict is "partial": the columns that this index lacks. */
  readonly missingColumns: readonly string[];
}

/**
 * Whether an index serves the lookups that the foreign key's checks run (`WHERE c1 = $1 AND … AND cn = $n`).
 * `table` owns the key. `source` is only asked for the names that an ORM gives to unnamed indexes.
 */
export function coverage(foreignKey: ForeignKey, table: Table, dialect: DialectName, source?: SourceName): Coverage {
  const position = table.foreignKeys.indexOf(foreignKey);
  if (position < 0) return foreignKeyCoverage(foreignKey, table, dialect, source);
  if (remembered?.table !== table || remembered.dialect !== dialect || remembered.source !== source) remembered = { table, dialect, source, coverages: new Array(table.foreignKeys.length) };
  return (remembered.coverages[position] ??= foreignKeyCoverage(foreignKey, table, dialect, source));
}

/** Several rules ask for the keys of one table, one after the other. A weak map of all would cost the collector more. `coverages`: by the key's position. */
let remembered: { readonly table: Table; readonly dialect: DialectName; readonly source?: SourceName; readonly coverages: (Coverage | undefined)[] } | undefined;

/** The verdict alone, which does not depend on who gives names to unnamed indexes. */
export function verdictOf(foreignKey: ForeignKey, table: Table, dialect: DialectName): Verdict {
  return coverage(foreignKey, table, dialect, remembered?.table === table ? remembered.source : undefined).verdict;
}

function foreignKeyCoverage(foreignKey: ForeignKey, table: Table, dialect: DialectName, source?: SourceName): Coverage {
  const found = columnCoverage(foreignKey.columns, table, dialect, source);
  // https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html: "Such an index is created on the referencing table automatically if it does not exist."
  if (dialect !== "mysql" || !foreignKey.enforced) return found;
  if (found.verdict === "covered") return { ...found, verdict: "automatic" };
  return { verdict: "automatic", reason: "InnoDB creates the index itself", missingColumns: none };
}

/** The same verdict for any columns of a table; "automatic" is never among the answers. */
export function columnCoverage(columns: readonly string[], table: Table, dialect: DialectName, source?: SourceName): Coverage {
  if (columns.length === 0) return { verdict: "unknown", reason: "the columns of the key could not be read", missingColumns: none };
  let best = columns.length === 1 ? plainCover(columns[0]!, table, dialect, source) : undefined;
  if (best) return best;
  for (const candidate of candidates(table, dialect, source)) {
    const judged = judge(columns, candidate, table);
    if (judged === undefined || (best !== undefined && !better(judged, best))) continue;
    best = judged;
    if (best.verdict === "covered" && !weak(best)) break;
  }
  if (table.complete || best?.verdict === "covered") return best ?? missing(columns, table, dialect, source);
  return { verdict: "unknown", reason: "could not be determined: a part of the table's definition could not be read", missingColumns: none };
}

/** The cover of a column by the first index that has to do with it, where that is a plain btree led by it: true of most, and told without looking further. */
function plainCover(column: string, table: Table, dialect: DialectName, source?: SourceName): Coverage | undefined {
  const key = table.primaryKey;
  if (key?.columns[0] === column) return { verdict: "covered", by: "primary key", index: key, reason: reasonOfPrimaryKey(key.columns.length, 1), missingColumns: none };
  for (const unique of table.uniques) {
    if (unique.columns[0] === column) return { verdict: "covered", by: uniqueNameOf(unique, table, source, dialect), index: unique, reason: leadingColumn, missingColumns: none };
  }
  for (const index of table.indexes) {
    if (!index.keys.some((each) => each.column === column)) continue;
    const first = index.keys[0]!;
    const plain = index.method === "btree" && first.column === column && !index.where && index.valid !== false && index.constraint !== "primary key";
    if (!plain || index.keys.some((each) => each.operatorClass !== undefined || each.collation !== undefined)) return undefined;
    return { verdict: "covered", by: indexNameOf(index, table, source, dialect), index, reason: leadingColumn, missingColumns: none };
  }
  return undefined;
}

const none: readonly never[] = [];

const leadingColumn = "leading column";

function reasonOfPrimaryKey(keys: number, columns: number): string {
  return keys === columns ? "covered by the primary key" : "covered by the primary key's prefix";
}

interface Candidate {
  readonly by: string;
  readonly primary: boolean;
  /** Columns of the keys; undefined for an expression. */
  readonly columns: readonly (string | undefined)[];
  readonly index: Index | PrimaryKey | Unique;
  readonly method: string;
  readonly keys: readonly { readonly column?: string; readonly collation?: string; readonly operatorClass?: string }[];
  readonly definition?: Index;
}

/** What could serve, made once for all keys of a table. */
function candidates(table: Table, dialect: DialectName, source?: SourceName): readonly Candidate[] {
  const known = rememberedCandidates;
  if (known?.table === table && known.dialect === dialect && known.source === source) return known.candidates;
  const found: Candidate[] = [];
  const plain = (columns: readonly string[]) => columns.map((column) => ({ column }));
  if (table.primaryKey) found.push({ by: "primary key", primary: true, columns: table.primaryKey.columns, index: table.primaryKey, method: "btree", keys: plain(table.primaryKey.columns) });
  for (const unique of table.uniques) found.push({ by: uniqueNameOf(unique, table, source, dialect), primary: false, columns: unique.columns, index: unique, method: "btree", keys: plain(unique.columns) });
  for (const index of table.indexes) {
    if (!servesEquality(index, table, dialect)) continue;
    const primary = index.constraint === "primary key";
    found.push({ by: primary ? "primary key" : indexNameOf(index, table, source, dialect), primary, columns: index.keys.map((key) => key.column), index, method: index.method, keys: index.keys, definition: index });
  }
  rememberedCandidates = { table, dialect, source, candidates: found };
  return found;
}

/** The keys of one table are asked for one after the other. */
let rememberedCandidates: { readonly table: Table; readonly dialect: DialectName; readonly source?: SourceName; readonly candidates: readonly Candidate[] } | undefined;

/** Operator families without an equality operator for a scalar column; pg_amop of PostgreSQL 15 and of pgvector. */
const withoutEquality = /^(jsonb_ops|jsonb_path_ops|tsvector_ops|gin__int_ops|gist__int(big)?_ops|hstore_ops|gin_hstore_ops|gist_hstore_ops|gist_ltree_ops|gist__ltree_ops|(point|box|circle|poly|geometry|geography|kd_point|quad_point).*_ops|(vector|halfvec|sparsevec|bit)_\w+_ops)$/;

function servesEquality(index: Index, table: Table, dialect: DialectName): boolean {
  if (index.keys.some((key) => key.operatorClass !== undefined && withoutEquality.test(key.operatorClass))) return false;
  switch (index.method) {
    case "btree":
    case "hash":
    case "hashed":
    case "brin":
    case "spgist":
    case "clustered":
    case "nonclustered":
      return true;
    case "gin":
    case "gist":
    case "inverted":
      // A json column has no scalar operator class in GIN or GiST: jsonb_ops knows containment alone.
      return dialect !== "mysql" && !index.keys.some((key) => key.operatorClass === undefined && /^(jsonb?|tsvector)$/.test(typeOf(key.column, table)));
    default:
      return false;
  }
}

const typeOf = (column: string | undefined, table: Table) => table.columns.find((each) => each.name === column)?.type.name ?? "";

function judge(columns: readonly string[], candidate: Candidate, table: Table): Coverage | undefined {
  const { by, index, definition, method } = candidate;
  const keyColumns = candidate.columns;
  // GIN and BRIN answer a condition on any of their columns alike; the others are ordered, or hold one column.
  // https://www.postgresql.org/docs/current/indexes-multicolumn.html
  const anyOrder = method === "gin" || method === "brin" || method === "inverted";
  const leads = keyColumns[0] !== undefined && columns.includes(keyColumns[0]);
  if (!anyOrder && !leads) return undefined;
  const absent = columns.filter((column) => !keyColumns.includes(column));
  if (absent.length === columns.length) return undefined;
  const otherCollation = columns.filter((column) => !absent.includes(column) && !candidate.keys.some((key) => key.column === column && hasCollationOf(key.collation, column, table)));
  const missingColumns = [...absent, ...otherCollation];

  const obstacle = definition && obstacleOf(definition, columns);
  if (obstacle) return missingColumns.length > 0 ? undefined : { verdict: obstacle.verdict, by, index, reason: obstacle.reason, missingColumns: none };
  if (missingColumns.length === columns.length) {
    if (absent.length > 0) return undefined;
    const key = candidate.keys.find((each) => each.column === otherCollation[0])!;
    return { verdict: "unusable", by, index, reason: `the index has collation ${key.collation}, the column ${collationOf(key.column!, table) ?? "the default one"}`, missingColumns: none };
  }
  if (missingColumns.length > 0) {
    const lacks = [absent.length > 0 && `not ${listed(absent)}`, otherCollation.length > 0 && `${listed(otherCollation)} in another collation`].filter(Boolean).join(", and ");
    return { verdict: "partial", by, index, reason: `${phrase(by)} has ${listed(without(columns, missingColumns))} but ${lacks}`, missingColumns };
  }
  return { verdict: "covered", by, index, reason: reasonOfCover(columns, candidate), missingColumns: none };
}

function obstacleOf(index: Index, columns: readonly string[]): { verdict: "unusable" | "unknown"; reason: string } | undefined {
  if (index.valid === false) return { verdict: "unusable", reason: "the index is INVALID" };
  if (!index.where || impliedByEquality(index.where, columns)) return undefined;
  if (!index.where.complete) return { verdict: "unknown", reason: "could not be determined: the index's predicate could not be read" };
  return { verdict: "unusable", reason: `the index is partial: its predicate ${oneLine(index.where.sql)} is not implied by the lookup` };
}

const collationOf = (column: string, table: Table) => table.columns.find((each) => each.name === column)?.collation;
const hasCollationOf = (collation: string | undefined, column: string, table: Table) => collation === undefined || collationName(collation) === collationName(collationOf(column, table));

/** A collation by its bare name; the database's default one has none. */
function collationName(name: string | undefined): string {
  const bare = (name ?? "default").replace(/^"?pg_catalog"?\./, "").replace(/^"(.*)"$/, "$1");
  return bare === "default" || bare === "BINARY" ? "" : bare;
}

function reasonOfCover(columns: readonly string[], { primary, method, keys, by }: Candidate): string {
  if (method === "brin") return "weak: a BRIN index only narrows down the pages that are read";
  if (primary) return reasonOfPrimaryKey(keys.length, columns.length);
  if (method === "gin" || method === "inverted") return `a key of the GIN index ${by}`;
  const prefix = keys.slice(0, columns.length).every((key) => key.column !== undefined && columns.includes(key.column));
  if (!prefix) return "all columns are keys of the index, one of them the first";
  return columns.length === 1 ? leadingColumn : "leading columns";
}

const rank: Readonly<Record<Verdict, number>> = { covered: 5, automatic: 5, unknown: 4, partial: 3, unusable: 2, missing: 1 };
const weak = (judged: Coverage) => judged.reason.startsWith("weak");

function better(a: Coverage, b: Coverage): boolean {
  if (rank[a.verdict] !== rank[b.verdict]) return rank[a.verdict] > rank[b.verdict];
  if (a.verdict === "covered") return weak(b) && !weak(a);
  return a.verdict === "partial" && a.missingColumns.length < b.missingColumns.length;
}

function missing(columns: readonly string[], table: Table, dialect: DialectName, source?: SourceName): Coverage {
  const nearMiss = nearestMiss(columns, table, dialect, source);
  return { verdict: "missing", reason: nearMiss ?? `no index starts with ${columns.join(" or ")}`, ...(nearMiss !== undefined && { nearMiss }), missingColumns: none };
}

/** Why the index does not count that a reader would find. */
function nearestMiss(columns: readonly string[], table: Table, dialect: DialectName, source?: SourceName): string | undefined {
  for (const index of table.indexes) {
    const name = indexNameOf(index, table, source, dialect);
    const included = columns.find((column) => index.include.includes(column));
    const position = index.keys.findIndex((key) => key.column !== undefined && columns.includes(key.column));
    if (position > 0) return `${index.keys[position]!.column} is in ${name}, but not its first column`;
    if (position === 0 && !["btree", "hash", "gin", "gist", "brin"].includes(index.method)) return `${name} is a ${index.method} index, which serves no equality`;
    if (included !== undefined) return `${included} is only included in ${name}, not one of its keys`;
    if (index.keys.some((key) => key.expression?.columns.some((column) => columns.includes(column)))) return `${name} indexes an expression, not the column itself`;
  }
  if (table.primaryKey?.columns.some((column) => columns.includes(column))) return `${columns.length === 1 ? columns[0] : "the key"} is in the primary key, but not its first column`;
  return undefined;
}

const phrase = (by: string) => (by === "primary key" ? "the primary key" : `the index ${by}`);
const without = (all: readonly string[], some: readonly string[]) => all.filter((each) => !some.includes(each));
const oneLine = (sql: string) => sql.replace(/\s+/g, " ").trim();
