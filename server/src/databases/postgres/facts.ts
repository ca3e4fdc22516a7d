// The statistics' document as DatabaseFacts. What a partitioned table and its indexes have themselves is nothing, so they
// are given the sums of their partitions.
import type { DatabaseFacts, IndexFacts, SequenceFacts, TableFacts } from "../../model/facts";
import type { QualifiedName } from "../../model/schema";
import { btreeBloat } from "./bloat";
import { factsExpressions, factsSections, type FactsSection } from "./facts-sections";
import { documentSql, pieces, rows, type Document } from "./section";

/** One SELECT of one row and one column, `facts`: a JSON text for `databaseFacts`. */
export const factsSql = documentSql(factsSections, "facts", factsExpressions);

/** The sections of `factsSql`, each as a SELECT of its own: for servers that refuse the whole. */
export const factsPieces = pieces(factsSections, "facts", factsExpressions, new Set<FactsSection>(["server", "tables"]));

type TableRow = [
  oid: number, schema: string, name: string, kind: string, rows: number, pages: number, size: number,
  scans: number, read: number, inserted: number, updated: number, deleted: number, changed: number, dead: number, analyzed: number | null,
];

type IndexRow = [oid: number, table: number, name: string, size: number, scans: number, pages: number, tuples: number, parameters: string[] | null];

type SequenceRow = [schema: string, name: string, last: number | null, bound: number, tableSchema: string | null, table: string | null, column: string | null, type: string | null];

export function databaseFacts(json: string): DatabaseFacts {
  const document = JSON.parse(json) as Document<FactsSection>;
  const [now, version, size, connections, maximumConnections, countedSince, pageSize, lockEntries] = rows<[number, number, number, number, number, number | null, number, number]>(document.server)[0]!;
  const leaves = leavesOf(document);
  const tableRows = rows<TableRow>(document.tables);
  const indexRows = rows<IndexRow>(document.indexes);
  const indexesOfTable = new Map<number, IndexRow[]>();
  for (const row of indexRows) {
    const list = indexesOfTable.get(row[1]);
    if (list) list.push(row);
    else indexesOfTable.set(row[1], [row]);
  }
  const tables = new Map(tableRows.map((row) => [row[0], row]));
  const indexes = new Map(indexRows.map((row) => [row[0], row]));
  const nameOf = ([, schema, name]: TableRow): QualifiedName => ({ schema, name });
  const bloat = bloatOf(document, indexRows, pageSize);
  const building = new Set(rows<[number]>(document.building).map(([oid]) => oid));
  return {
    readAt: now,
    ...(countedSince !== null && { countedSince }),
    database: { version, size, connections, maximumConnections, lockEntries },
    tables: tableRows.map((row) => tableFacts(nameOf(row), present(leaves(row[0]), tables), (oid) => indexesOfTable.get(oid) ?? [])),
    indexes: indexRows.flatMap((row): readonly IndexFacts[] => {
      const table = tables.get(row[1]);
      if (!table) return [];
      const own = present(leaves(row[0]), indexes);
      const saved = own.map(([oid]) => bloat.get(oid)).filter((bytes) => bytes !== undefined);
      return [{
        table: nameOf(table), name: row[2], size: sum(own, 3), scans: sum(own, 4), building: own.some(([oid]) => building.has(oid)),
        ...(saved.length > 0 && { bloat: saved.reduce((total, bytes) => total + bytes, 0) }),
      }];
    }),
    sequences: rows<SequenceRow>(document.sequences).map(sequenceFacts),
  };
}

function tableFacts(table: QualifiedName, own: readonly TableRow[], indexesOf: (table: number) => readonly IndexRow[]): TableFacts {
  const scanned = own.flatMap(([oid]) => indexesOf(oid));
  const analyzed = own.map((row) => row[14]).filter((time) => time !== null);
  return {
    table,
    // -1 (0 without pages before PostgreSQL 14): never analysed. https://www.postgresql.org/docs/current/catalog-pg-class.html
    ...(own.length > 0 && own.every((row) => row[4] > 0 || (row[4] === 0 && (row[5] > 0 || row[14] !== null))) && { rows: sum(own, 4) }),
    size: sum(own, 6),
    indexSize: sum(scanned, 3),
    sequentialScans: sum(own, 7),
    sequentialRows: sum(own, 8),
    indexScans: sum(scanned, 4),
    inserted: sum(own, 9),
    updated: sum(own, 10),
    deleted: sum(own, 11),
    changedSinceAnalyze: sum(own, 12),
    ...(analyzed.length > 0 && analyzed.length === own.length && { lastAnalyzed: Math.min(...analyzed) }),
    deadRows: sum(own, 13),
  };
}

function sum<Row extends readonly unknown[]>(of: readonly Row[], column: number): number {
  return of.reduce((total, row) => total + Number(row[column]), 0);
}

function present<Row>(oids: readonly number[], known: ReadonlyMap<number, Row>): readonly Row[] {
  return oids.map((oid) => known.get(oid)).filter((row) => row !== undefined);
}

/** The relations that hold the rows: a relation itself, or all partitions below it. */
function leavesOf(document: Document<FactsSection>): (oid: number) => readonly number[] {
  const children = new Map<number, number[]>();
  for (const [child, parent] of rows<[number, number]>(document.parents)) {
    const list = children.get(parent);
    if (list) list.push(child);
    else children.set(parent, [child]);
  }
  const leaves = (oid: number): readonly number[] => children.get(oid)?.flatMap(leaves) ?? [oid];
  return leaves;
}

/** Bytes by the index's oid, where the widths of all its columns are known. */
function bloatOf(document: Document<FactsSection>, indexes: readonly IndexRow[], pageSize: number): ReadonlyMap<number, number> {
  const columns = new Map<number, number>();
  for (const [index] of rows<[number]>(document.keys)) columns.set(index, (columns.get(index) ?? 0) + 1);
  const widths = new Map<number, { nullFraction: number; width: number }[]>();
  for (const [index, , nullFraction, width] of rows<[number, number, number, number]>(document.widths)) {
    const list = widths.get(index);
    if (list) list.push({ nullFraction, width });
    else widths.set(index, [{ nullFraction, width }]);
  }
  return new Map(indexes.flatMap(([oid, , , , , pages, tuples, parameters]) => {
    const known = widths.get(oid);
    if (!known || known.length !== columns.get(oid)) return [];
    const fillfactor = Number(parameters?.find((each) => each.startsWith("fillfactor="))?.slice("fillfactor=".length) ?? 90);
    return [[oid, btreeBloat({ pages, tuples, pageSize, fillfactor, columns: known })] as const];
  }));
}

function sequenceFacts([schema, name, last, bound, tableSchema, table, column, type]: SequenceRow): SequenceFacts {
  const ofColumn = (type === null ? undefined : bounds[type]) ?? Infinity;
  return {
    sequence: { schema, name },
    ...(tableSchema !== null && table !== null && column !== null && type !== null && { column: { table: { schema: tableSchema, name: table }, name: column, type } }),
    ...(last !== null && { lastValue: last }),
    maximum: bound < 0 ? Math.max(bound, -ofColumn - 1) : Math.min(bound, ofColumn),
  };
}

/** https://www.postgresql.org/docs/current/datatype-numeric.html */
const bounds: Readonly<Record<string, number>> = { smallint: 32_767, integer: 2_147_483_647, bigint: 9_223_372_036_854_775_807 };
