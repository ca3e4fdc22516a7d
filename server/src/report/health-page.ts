// A database's health as Markdown, for the editor's page: connections against limits, sizes with their growth since an
// earlier look, slowest statements. Every name is escaped.
import type { Health, HealthSnapshot } from "../model/health";
import { bytes } from "./health";
import { escapeMarkdown } from "./markdown";
import { tableName } from "./placed-finding";

/** Rows of each list. */
const listed = 15;

/** `earlier`: sizes of an earlier look at the same database. */
export function healthPage({ name, server, facts, statements, problems }: Health, earlier?: HealthSnapshot): string {
  const { connections, maximumConnections, size } = facts.database;
  const used = maximumConnections > 0 ? Math.round((connections / maximumConnections) * 100) : 0;
  const grown = (now: number, before: number | undefined): string => (before === undefined || before === now ? "" : `${now > before ? "+" : "−"}${bytes(Math.abs(now - before))}`);
  const since = earlier && ` since ${timeOf(earlier.readAt)}`;
  const tables = [...facts.tables].sort((a, b) => b.size + b.indexSize - a.size - a.indexSize);
  const indexes = [...facts.indexes].sort((a, b) => b.size - a.size);
  return [
    `# ${escapeMarkdown(name)}`,
    `${escapeMarkdown(server)}, read ${timeOf(facts.readAt)}`,
    ...problems.map((problem) => `> ${escapeMarkdown(problem)}`),
    table(["Measure", "Value"], [
      ["Size", `${bytes(size)}${earlier ? ` (${grown(size, earlier.size) || "unchanged"}${since})` : ""}`],
      ["Connections", `${connections} of ${maximumConnections}, ${used} %${used >= 90 ? ": nearly all are taken" : ""}`],
    ]),
    heading("Largest tables", tables.length),
    table(["Table", "Rows", "Size", "of it indexes", "Growth"], tables.slice(0, listed).map((one) => [
      tableName(one.table), one.rows === undefined ? "never analysed" : Math.round(one.rows).toLocaleString("en-US"), bytes(one.size + one.indexSize), bytes(one.indexSize), grown(one.size + one.indexSize, earlier?.tables[tableName(one.table)]),
    ])),
    heading("Largest indexes", indexes.length),
    table(["Index", "Table", "Size", "Scans"], indexes.slice(0, listed).map((one) => [one.name, tableName(one.table), bytes(one.size), one.scans.toLocaleString("en-US")])),
    "## Slowest statements",
    statements ? table(["Time in all", "Calls", "Mean", "Statement"], statements.slice(0, listed).map(({ time, calls, text }) => [`${(time / 1000).toFixed(2)} s`, calls.toLocaleString("en-US"), `${(time / Math.max(calls, 1)).toFixed(2)} ms`, text]))
      : "They are counted by the extension pg\\_stat\\_statements, which this database does not have.",
  ].filter((part) => part !== "").join("\n\n") + "\n";
}

/** What a later look compares with. */
export function snapshotOf({ facts }: Health): HealthSnapshot {
  return { readAt: facts.readAt, size: facts.database.size, tables: Object.fromEntries(facts.tables.map((one) => [tableName(one.table), one.size + one.indexSize])) };
}

const heading = (title: string, count: number): string => `## ${title}${count > listed ? `: ${listed} of ${count}` : ""}`;

const timeOf = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace("T", " ")} UTC`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "None.";
  return [`| ${head.join(" | ")} |`, `|${head.map(() => " --- ").join("|")}|`, ...rows.map((row) => `| ${row.map(escapeMarkdown).join(" | ")} |`)].join("\n");
}
