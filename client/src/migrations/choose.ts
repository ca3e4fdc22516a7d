// Which folder of migrations and which database a command means: asks only where there are several, and connects where
// nothing is connected.
import * as vscode from "vscode";
import type { MigrationList, MigrationTarget } from "../../../server/src/lsp/protocol";
import { withoutIcons } from "../database/connect";
import type { Databases } from "../database/databases";

/** A list with the database that it was made for. */
export type TargetList = MigrationList & { readonly database: NonNullable<MigrationList["database"]> };

/** False, with a word why, where the workspace is not trusted. The server refuses by itself. */
export function trusted(): boolean {
  if (vscode.workspace.isTrusted) return true;
  void vscode.window.showInformationMessage("Plumbline makes and runs no migrations in a workspace that is not trusted.");
  return false;
}

/** A project with its connected database, of those with migrations; undefined where the user gave up, or there is none (then it was said). */
export async function chooseTarget(databases: Databases, title: string): Promise<TargetList | undefined> {
  return chooseAmong(({ folder }) => folder !== undefined, databases, title);
}

/** The same of all projects: the first migration may be yet to come. */
export async function chooseSchemaTarget(databases: Databases, title: string): Promise<TargetList | undefined> {
  return chooseAmong(() => true, databases, title);
}

async function chooseAmong(fits: (list: MigrationList) => boolean, databases: Databases, title: string): Promise<TargetList | undefined> {
  if (!trusted()) return undefined;
  const targets = async (): Promise<readonly TargetList[]> => (await databases.ask<readonly MigrationList[]>("migrations")).filter((list): list is TargetList => list.database?.connected === true && fits(list));
  let found = await targets();
  if (found.length === 0 && databases.states.every(({ state }) => state !== "connected")) {
    await vscode.commands.executeCommand("plumbline.connectDatabase");
    if (databases.states.length === 0) return undefined;
    found = await targets();
  }
  if (found.length === 0) return void vscode.window.showInformationMessage("Plumbline: no folder of migrations belongs to a connected database. Generate a migration first.", "Generate migration").then((chosen) => chosen && vscode.commands.executeCommand("plumbline.generateMigration"));
  if (found.length === 1) return found[0];
  const items = found.map((list) => ({ label: `$(database) ${withoutIcons(list.database.name)}`, description: [list.database.address, list.database.production && "production"].filter(Boolean).join(" · "), detail: list.folder?.path ?? list.schema ?? undefined, list }));
  return (await vscode.window.showQuickPick(items, { title: `Plumbline: ${title}`, placeHolder: "On which database?" }))?.list;
}

/** One folder of migrations, whether a database is connected or not; undefined where the user gave up, or there is none (then it was said). */
export async function chooseFolder(databases: Databases, title: string): Promise<MigrationList | undefined> {
  const lists = (await databases.ask<readonly MigrationList[]>("migrations")).filter(({ folder }) => folder);
  const found = lists.filter(({ folder }, at) => lists.findIndex((one) => one.folder!.uri === folder!.uri) === at);
  if (found.length === 0) return void vscode.window.showInformationMessage("Plumbline: there is no folder of migrations yet.");
  if (found.length === 1) return found[0];
  const items = found.map((list) => ({ label: list.folder!.path, description: list.folder!.format, list }));
  return (await vscode.window.showQuickPick(items, { title: `Plumbline: ${title}`, placeHolder: "Which migrations?" }))?.list;
}

export function targetOf({ root, schema, database }: TargetList): MigrationTarget {
  return { root, schema, database: database.name };
}

/** What is typed but not saved is neither planned nor run: saves the open files of the folder. */
export async function saveFolder({ folder }: MigrationList): Promise<void> {
  if (!folder) return;
  const under = `${vscode.Uri.parse(folder.uri).path}/`;
  await Promise.all(vscode.workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && uri.scheme === "file" && uri.path.startsWith(under)).map((document) => document.save()));
}
