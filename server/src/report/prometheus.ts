// A database's health for Prometheus, in its text format: https://prometheus.io/docs/instrumenting/exposition_formats/
import type { QualifiedName } from "../model/schema";
import type { Health } from "../model/health";

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined: the server does not know it, so that there is no sample. */
  readonly value: number | undefined;
}

/** Sizes in bytes, times in seconds, as Prometheus wants them. Each name begins with `plumbline_`. */
export function prometheus({ facts, statements = [] }: Health): string {
  const { database, tables, indexes } = facts;
  const one = (value: number): readonly Sample[] => [{ labels: {}, value }];
  const ofTable = ({ schema, name }: QualifiedName): Sample["labels"] => ({ schema: schema ?? "public", table: name });
  const eachTable = (value: (table: (typeof tables)[number]) => number | undefined): readonly Sample[] => tables.map((table) => ({ labels: ofTable(table.table), value: value(table) }));
  const eachIndex = (value: (index: (typeof indexes)[number]) => number | undefined): readonly Sample[] => indexes.map((index) => ({ labels: { ...ofTable(index.table), index: index.name }, value: value(index) }));
  const eachStatement = (value: (statement: (typeof statements)[number]) => number): readonly Sample[] => statements.map((statement) => ({ labels: { id: statement.id, statement: statement.text }, value: value(statement) }));
  return [
    family("database_size_bytes", "gauge", "Size of the database on disk.", one(database.size)),
    family("connections", "gauge", "Sessions of the server that are open.", one(database.connections)),
    family("connections_limit", "gauge", "Sessions that the server allows (max_connections).", one(database.maximumConnections)),
    family("table_rows", "gauge", "Rows of a table, as estimated when it was last analysed.", eachTable(({ rows }) => rows)),
    family("table_size_bytes", "gauge", "Size of a table without its indexes.", eachTable(({ size }) => size)),
    family("table_indexes_size_bytes", "gauge", "Size of all indexes of a table.", eachTable(({ indexSize }) => indexSize)),
    family("table_dead_rows", "gauge", "Rows of a table that VACUUM has yet to clear.", eachTable(({ deadRows }) => deadRows)),
    family("table_sequential_scans_total", "counter", "Reads of a whole table.", eachTable(({ sequentialScans }) => sequentialScans)),
    family("table_index_scans_total", "counter", "Reads of a table through its indexes.", eachTable(({ indexScans }) => indexScans)),
    family("index_size_bytes", "gauge", "Size of an index.", eachIndex(({ size }) => size)),
    family("index_scans_total", "counter", "Reads through an index.", eachIndex(({ scans }) => scans)),
    family("index_bloat_bytes", "gauge", "What building an index anew would save, estimated.", eachIndex(({ bloat }) => bloat)),
    family("statement_seconds_total", "counter", "Time that all runs of a statement took.", eachStatement(({ time }) => time / 1000)),
    family("statement_calls_total", "counter", "Runs of a statement.", eachStatement(({ calls }) => calls)),
  ].join("");
}

function family(name: string, type: "gauge" | "counter", help: string, samples: readonly Sample[]): string {
  const known = samples.flatMap(({ labels, value }) => (value === undefined ? [] : [`plumbline_${name}${labelText(labels)} ${value}\n`]));
  return known.length === 0 ? "" : `# HELP plumbline_${name} ${help}\n# TYPE plumbline_${name} ${type}\n${known.join("")}`;
}

function labelText(labels: Sample["labels"]): string {
  const texts = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, (character) => (character === "\n" ? "\\n" : `\\${character}`))}"`);
  return texts.length === 0 ? "" : `{${texts.join(",")}}`;
}
