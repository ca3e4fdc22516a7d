// The view of the connected databases: connections, schemas, tables with rows and sizes, their indexes with scans, and
// findings. Labels and tooltips are plain text: what a database calls its tables is nobody's markup.
import * as vscode from "vscode";
import type { Location } from "vscode-languageclient/node";
import type { DatabaseState, DatabaseTable, DatabaseTableDetails } from "../../../server/src/lsp/protocol";
import type { Databases } from "./databases";

export type Node =
  | { readonly kind: "connection"; readonly state: DatabaseState }
  | { readonly kind: "note"; readonly text: string }
  | { readonly kind: "schema"; readonly state: DatabaseState; readonly name: string; readonly tables: readonly DatabaseTable[] }
  /** What migration tools keep account in. */
  | { readonly kind: "accounts"; readonly state: DatabaseState; readonly tables: readonly DatabaseTable[] }
  | { readonly kind: "table"; readonly state: DatabaseState; readonly table: DatabaseTable }
  | { readonly kind: "index"; readonly index: DatabaseTableDetails["indexes"][number] }
  | { readonly kind: "finding"; readonly finding: DatabaseTableDetails["findings"][number] };

export interface DatabaseTree extends vscode.TreeDataProvider<Node> {
  getChildren(node?: Node): Promise<Node[]>;
}

export function databaseTree(databases: Databases): DatabaseTree {
  const changed = new vscode.EventEmitter<void>();
  databases.onChange(() => changed.fire());
  /** A database may be disconnected while it is asked: then it has nothing to show. */
  const unlessGone = ({ root, name }: DatabaseState, ask: () => Promise<Node[]>): Promise<Node[]> =>
    ask().catch((error: unknown) => {
      if (databases.states.some((state) => state.root === root && state.name === name)) throw error;
      return [];
    });
  return {
    onDidChangeTreeData: changed.event,
    getTreeItem: itemOf,
    async getChildren(node) {
      switch (node?.kind) {
        case undefined: return databases.states.map((state) => ({ kind: "connection", state }));
        case "connection": return unlessGone(node.state, () => childrenOf(node.state, databases));
        case "schema":
        case "accounts": return node.tables.map((table) => ({ kind: "table", state: node.state, table }));
        case "table": {
          const { state: { root, name }, table } = node;
          return unlessGone(node.state, async () => {
            const details = await databases.ask<DatabaseTableDetails | null>("databaseTable", root, name, table.schema, table.name);
            return [...(details?.indexes ?? []).map((index): Node => ({ kind: "index", index })), ...(details?.findings ?? []).map((finding): Node => ({ kind: "finding", finding }))];
          });
        }
        case "note":
        case "index":
        case "finding": return [];
      }
    },
  };
}

async function childrenOf(state: DatabaseState, databases: Databases): Promise<Node[]> {
  const notes = [...(state.message === undefined ? [] : [state.message]), ...state.problems].map((text): Node => ({ kind: "note", text }));
  if (state.title === undefined || state.state === "connecting") return notes;
  const tables = await databases.ask<readonly DatabaseTable[]>("databaseTables", state.root, state.name);
  const schemas = new Map<string, DatabaseTable[]>();
  const accounts = tables.filter(({ account }) => account);
  for (const table of tables) {
    if (table.account) continue;
    const own = schemas.get(table.schema);
    if (own) own.push(table);
    else schemas.set(table.schema, [table]);
  }
  if (tables.length === 0) notes.push({ kind: "note", text: "It has no tables yet" });
  return [...notes, ...[...schemas].map(([name, own]): Node => ({ kind: "schema", state, name, tables: own })), ...(accounts.length > 0 ? [{ kind: "accounts", state, tables: accounts } as const] : [])];
}

function itemOf(node: Node): vscode.TreeItem {
  switch (node.kind) {
    case "connection": return connectionItem(node.state);
    case "note": return Object.assign(new vscode.TreeItem(node.text), { tooltip: node.text, iconPath: new vscode.ThemeIcon("info") });
    case "schema": {
      const item = new vscode.TreeItem(node.name, vscode.TreeItemCollapsibleState.Expanded);
      return Object.assign(item, { id: idOf(node.state, node.name), iconPath: new vscode.ThemeIcon("symbol-namespace"), description: counted(node.tables.length, "table") });
    }
    case "accounts": {
      const item = new vscode.TreeItem("Migrations' own tables", vscode.TreeItemCollapsibleState.Collapsed);
      return Object.assign(item, { id: idOf(node.state, "", "accounts"), iconPath: new vscode.ThemeIcon("history"), description: counted(node.tables.length, "table"), tooltip: "What has been applied is recorded here; they are part of no schema" });
    }
    case "table": return tableItem(node.state, node.table);
    case "index": return indexItem(node.index);
    case "finding": {
      const { rule, severity, message, place } = node.finding;
      const icon = { error: "error", warning: "warning", information: "info", hint: "lightbulb" }[severity];
      return Object.assign(new vscode.TreeItem(message), { tooltip: `${rule}: ${message}`, description: rule, iconPath: new vscode.ThemeIcon(icon), ...opening(place) });
    }
  }
}

function connectionItem(state: DatabaseState): vscode.TreeItem {
  const { name, title, address, production, message } = state;
  const lost = state.state === "lost";
  const item = new vscode.TreeItem(name, vscode.TreeItemCollapsibleState.Expanded);
  return Object.assign(item, {
    id: idOf(state),
    contextValue: "connection",
    iconPath: lost ? new vscode.ThemeIcon("debug-disconnect") : state.state === "connecting" ? new vscode.ThemeIcon("sync~spin") : production ? new vscode.ThemeIcon("warning", new vscode.ThemeColor("charts.red")) : new vscode.ThemeIcon("database"),
    description: [production && "production", state.state === "connecting" ? "connecting" : title, lost && "lost: as last read"].filter(Boolean).join(" · "),
    tooltip: [address, title, production ? "Marked as production" : undefined, message].filter((line) => line !== undefined).join("\n"),
  });
}

function tableItem(state: DatabaseState, table: DatabaseTable): vscode.TreeItem {
  const { schema, name, kind, findings, place, indexes } = table;
  const isTable = !kind.endsWith("view");
  const facts = [kind !== "table" && kind, table.facts, findings > 0 && counted(findings, "finding")].filter(Boolean).join(", ");
  const item = new vscode.TreeItem(name, isTable ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None);
  return Object.assign(item, {
    id: idOf(state, schema, name),
    contextValue: place ? "table declared" : "table",
    iconPath: findings > 0 ? new vscode.ThemeIcon("table", new vscode.ThemeColor("list.warningForeground")) : new vscode.ThemeIcon(isTable ? "table" : "eye"),
    description: facts,
    tooltip: [`${schema}.${name}`, facts, isTable && counted(indexes, "index", "indexes"), isTable && !place && "In no schema of the code"].filter(Boolean).join("\n"),
    ...opening(place),
  });
}

function indexItem({ name, definition, facts: known, valid, place }: DatabaseTableDetails["indexes"][number]): vscode.TreeItem {
  const facts = [!valid && "INVALID", known].filter(Boolean).join(", ");
  return Object.assign(new vscode.TreeItem(name), { description: facts, tooltip: `${name}\n${definition}`, iconPath: new vscode.ThemeIcon(valid ? "list-tree" : "error"), ...opening(place) });
}

function opening(place: Location | undefined): { readonly command?: vscode.Command } {
  if (!place) return {};
  const { start, end } = place.range;
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  return { command: { title: "Show in Code", command: "vscode.open", arguments: [vscode.Uri.parse(place.uri), { selection }] } };
}

const idOf = ({ root, name }: DatabaseState, ...parts: readonly string[]): string => JSON.stringify([root, name, ...parts]);

function counted(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
