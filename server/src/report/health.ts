// A database's health for people and, as a stable JSON document, for scripts.
import type { Health } from "../model/health";
import { counted } from "./counted";
import { tableName } from "./placed-finding";
import { visible, type Colors } from "./pretty";

/** Rows of each list for people; the JSON has all. */
const listed = 10;

/** Version 1 of the shape that server/README.md documents. */
export function healthJson({ name, server, facts, statements, problems }: Health): string {
  return `${JSON.stringify({
    version: 1,
    database: name,
    server,
    readAt: new Date(facts.readAt).toISOString(),
    countedSince: facts.countedSince === undefined ? null : new Date(facts.countedSince).toISOString(),
    size: facts.database.size,
    connections: { open: facts.database.connections, limit: facts.database.maximumConnections },
    tables: facts.tables.map((table) => ({
      schema: table.table.schema, name: table.table.name, rows: table.rows ?? null, size: table.size, indexSize: table.indexSize,
      sequentialScans: table.sequentialScans, indexScans: table.indexScans, deadRows: table.deadRows,
    })),
    indexes: facts.indexes.map(({ table, name: index, size, scans, bloat }) => ({ schema: table.schema, table: table.name, name: index, size, scans, bloat: bloat ?? null })),
    statements: statements?.map(({ id, text, calls, time, rows }) => ({ id, statement: text, calls, milliseconds: time, rows })) ?? null,
    problems,
  }, undefined, 2)}\n`;
}

/** The largest tables and indexes and the slowest statements, a line each, cut to `width` columns. */
export function prettyHealth({ name, server, facts, statements }: Health, { colors, width }: { readonly colors: Colors; readonly width: number }): string {
  const { database } = facts;
  const used = database.maximumConnections === 0 ? 0 : database.connections / database.maximumConnections;
  const paint = used >= 0.9 ? colors.red : used >= 0.7 ? colors.yellow : (text: string): string => text;
  const lines = [
    `${colors.bold(visible(name))}  ${colors.dim(server)}`,
    "",
    `  size         ${bytes(database.size)}`,
    `  connections  ${paint(`${database.connections} of ${database.maximumConnections}`)}`,
  ];
  const list = (title: string, rows: readonly (readonly [head: string, rest: string])[], all: number): void => {
    if (rows.length === 0) return;
    lines.push("", `  ${colors.bold(title)}${all > rows.length ? colors.dim(`  (${rows.length} of ${all})`) : ""}`);
    const longest = Math.max(...rows.map(([head]) => head.length));
    for (const [head, rest] of rows) {
      const room = Math.max(width - longest - 8, 20);
      lines.push(`    ${head.padStart(longest)}  ${rest.length > room ? `${rest.slice(0, room - 1)}…` : rest}`);
    }
  };
  const tables = [...facts.tables].sort((a, b) => b.size + b.indexSize - a.size - a.indexSize).slice(0, listed);
  list("Largest tables", tables.map((table) => [bytes(table.size + table.indexSize), `${visible(tableName(table.table))}  ${table.rows === undefined ? "never analysed" : counted(Math.round(table.rows), "row")}, ${bytes(table.indexSize)} of it indexes`]), facts.tables.length);
  const indexes = [...facts.indexes].sort((a, b) => b.size - a.size).slice(0, listed);
  list("Largest indexes", indexes.map((index) => [bytes(index.size), `${visible(index.name)} of ${visible(tableName(index.table))}  used ${index.scans === 1 ? "once" : `${index.scans} times`}`]), facts.indexes.length);
  list("Slowest statements", (statements ?? []).slice(0, listed).map(({ text, calls, time }) => [`${(time / 1000).toFixed(1)} s`, `${counted(calls, "call")}  ${visible(text)}`]), statements?.length ?? 0);
  if (!statements) lines.push("", colors.dim("  The slowest statements are counted by the extension pg_stat_statements, which this database does not have."));
  return `${lines.join("\n")}\n`;
}

/** "8192 B", "12.3 MB": powers of 1,024 as PostgreSQL's own pg_size_pretty takes them. */
export function bytes(size: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  let value = size;
  for (; value >= 1024 && at < units.length - 1; at++) value /= 1024;
  return `${at === 0 ? value : value.toFixed(1)} ${units[at]}`;
}
