// The view of the migrations: folders with the connected database, and each migration with its state there. A click opens
// the file. Labels are plain text: what a migration is called is nobody's markup.
import * as vscode from "vscode";
import type { MigrationItem, MigrationList } from "../../../server/src/lsp/protocol";
import type { Databases } from "../database/databases";
import type { TargetList } from "./choose";

export type MigrationNode =
  | { readonly kind: "folder"; readonly list: MigrationList }
  | { readonly kind: "note"; readonly text: string; readonly tooltip: string; readonly icon: "warning" | "info" }
  /** `elsewhere`: "live: pending" for each database beside it where the state is another one. */
  | { readonly kind: "migration"; readonly list: MigrationList; readonly migration: MigrationItem; readonly elsewhere: readonly string[] };

export interface MigrationView extends vscode.TreeDataProvider<MigrationNode>, vscode.Disposable {
  getChildren(node?: MigrationNode): Promise<MigrationNode[]>;
  /** Reads again, soon: changes come in swarms. */
  refresh(): void;
  /** Something of that name lies in a folder that is shown, or around it. */
  concerns(deleted: vscode.Uri): boolean;
}

export function migrationView(databases: Databases, running: () => boolean): MigrationView {
  const changed = new vscode.EventEmitter<void>();
  let timer: NodeJS.Timeout | undefined;
  let connected = "";
  const refresh = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => changed.fire(), 200);
  };
  const listening = databases.onChange(() => {
    // Drift alone says nothing of the migrations.
    const now = JSON.stringify(databases.states.map(({ root, name, state, readAt }) => [root, name, state, readAt]));
    if (now !== connected) refresh();
    connected = now;
  });
  let shown: readonly MigrationList[] = [];
  return {
    onDidChangeTreeData: changed.event,
    refresh,
    concerns({ path }) {
      return shown.some(({ folder }) => {
        const own = vscode.Uri.parse(folder!.uri).path;
        return own === path || own.startsWith(`${path}/`) || path.startsWith(`${own}/`);
      });
    },
    getTreeItem: itemOf,
    async getChildren(node) {
      if (node?.kind === "folder") return childrenOf(node.list, shown);
      if (node || !running() || !vscode.workspace.isTrusted) return [];
      const lists = await databases.ask<readonly MigrationList[]>("migrations");
      void vscode.commands.executeCommand("setContext", "plumbline.hasMigrations", lists.some(({ folder }) => folder));
      shown = lists.filter(({ folder }) => folder);
      return shown.map((list) => ({ kind: "folder", list }));
    },
    dispose: () => {
      clearTimeout(timer);
      listening.dispose();
      changed.dispose();
    },
  };
}

function childrenOf(list: MigrationList, shown: readonly MigrationList[]): MigrationNode[] {
  const others = shown.filter((one) => one !== list && one.folder!.uri === list.folder!.uri && one.database);
  const elsewhere = ({ id, state }: MigrationItem): readonly string[] => others.flatMap(({ database, migrations }) => {
    const there = migrations.find((one) => one.id === id)?.state;
    return there === undefined || there === state ? [] : [`${database!.name}: ${states[there][2]}`];
  });
  return [
    ...list.problems.map((text): MigrationNode => ({ kind: "note", text, tooltip: text, icon: "warning" })),
    ...(list.database?.trial && list.migrations.some(({ state }) => state === "pending") ? [forTrying] : []),
    // The newest first: it is what is worked on.
    ...[...list.migrations].reverse().map((migration): MigrationNode => ({ kind: "migration", list, migration, elsewhere: elsewhere(migration) })),
  ];
}

const forTrying: MigrationNode = {
  kind: "note", icon: "info", text: "For trying: has what you migrate up",
  tooltip: "Migrations are tried on an embedded database of their own, which has what you migrate up and is empty at first. The one under Databases is made from all of them.",
};

function itemOf(node: MigrationNode): vscode.TreeItem {
  switch (node.kind) {
    case "folder": return folderItem(node.list);
    case "note": return Object.assign(new vscode.TreeItem(node.text), { tooltip: node.tooltip, iconPath: new vscode.ThemeIcon(node.icon, node.icon === "warning" ? new vscode.ThemeColor("list.warningForeground") : undefined) });
    case "migration": return migrationItem(node);
  }
}

function folderItem({ root, schema, folder, database, migrations }: MigrationList): vscode.TreeItem {
  const pending = migrations.filter(({ state }) => state === "pending").length;
  const wrong = migrations.filter(({ state }) => state !== undefined && state !== "pending" && state !== "applied").length;
  const unknown = migrations.some(({ state }) => state === undefined);
  const state = !database ? "not connected" : unknown ? "state not known" : [wrong > 0 && `${wrong} wrong`, pending > 0 ? `${pending} pending` : wrong === 0 && "all applied"].filter(Boolean).join(", ");
  return Object.assign(new vscode.TreeItem(folder!.path, vscode.TreeItemCollapsibleState.Expanded), {
    id: JSON.stringify([root, schema, database?.name]),
    contextValue: database === undefined ? "migrations unconnected" : database.connected ? "migrations connected" : "migrations",
    iconPath: new vscode.ThemeIcon(database?.production === true ? "warning" : database?.connected === false ? "eye" : "folder-library", database?.production === true ? new vscode.ThemeColor("charts.red") : undefined),
    description: [database && `${database.name}${database.production ? " (production)" : ""}`, state, folder!.format].filter(Boolean).join(" · "),
    tooltip: [folder!.path, schema, database?.address, database?.connected === false ? "Shown for comparison: connect to it to run something on it." : undefined].filter((line) => line !== undefined && line !== null).join("\n"),
  });
}

/** Icon, colour and words of each state. */
const states: Readonly<Record<NonNullable<MigrationItem["state"]>, readonly [icon: string, color: string | undefined, words: string]>> = {
  applied: ["pass-filled", "testing.iconPassed", "applied"],
  pending: ["circle-large-outline", undefined, "pending"],
  edited: ["edit", "list.errorForeground", "edited"],
  missing: ["question", "list.errorForeground", "file missing"],
  "out-of-order": ["sort-precedence", "list.errorForeground", "out of order"],
  "half-applied": ["error", "list.errorForeground", "half applied"],
};

function migrationItem({ list, migration, elsewhere }: Extract<MigrationNode, { readonly kind: "migration" }>): vscode.TreeItem {
  const { id, uri, state, message, appliedAt, undo } = migration;
  const here = list.database?.connected === true;
  const isLast = list.migrations.findLast((one) => one.state === "applied")?.id === id;
  const [icon, color, words] = state === undefined ? ["file", undefined, ""] : states[state];
  const when = appliedAt === undefined ? "" : ` ${appliedAt.slice(0, 16).replace("T", " ")} UTC`;
  const { name, time } = shownId(id);
  return Object.assign(new vscode.TreeItem(name), {
    id: JSON.stringify([list.root, list.schema, list.database?.name, id]),
    contextValue: state === undefined || !here ? "migration" : `migration ${state}${isLast ? " last" : ""}`,
    iconPath: new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color)),
    description: [words, ...elsewhere, time].filter(Boolean).join(" · "),
    tooltip: [id, `${words}${state === "applied" ? when : ""}`, ...elsewhere, message, undo === "yes" || state === "missing" ? undefined : `Cannot be taken back: ${undo}`].filter((line) => line !== undefined && line !== "").join("\n"),
    accessibilityInformation: { label: [id, words || "state unknown", ...elsewhere].join(", ") },
    ...(uri !== undefined && { command: { title: "Open", command: "vscode.open", arguments: [vscode.Uri.parse(uri)] } }),
  });
}

/** The time that an id begins with (Prisma, Drizzle 1.0) stands last: before it, it would leave no room for name and state. */
function shownId(id: string): { readonly name: string; readonly time: string } {
  const parts = /^(\d{14})[_-](.+)$/.exec(id);
  return parts ? { name: parts[2]!, time: parts[1]! } : { name: id, time: "" };
}

/** What an inline action of a migration, or of its folder, is about. */
export function targetOfNode(node: MigrationNode | undefined): TargetList | undefined {
  return node !== undefined && node.kind !== "note" && node.list.database?.connected ? (node.list as TargetList) : undefined;
}
