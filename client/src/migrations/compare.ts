// Migrations of several databases side by side: which named connections the view shows beside the connected one. They are
// only read; to run something on one of them it is connected to first.
import * as vscode from "vscode";
import type { CompareMigrationsAnswer, MigrationList, NamedConnection } from "../../../server/src/lsp/protocol";
import { withoutIcons } from "../database/connect";
import type { Databases } from "../database/databases";
import { askPassword, passwords } from "../database/passwords";
import { trusted } from "./choose";

type Wanted = { readonly root: string; readonly name: string; readonly password?: string };

export interface ComparingParts {
  readonly databases: Databases;
  readonly secrets: vscode.SecretStorage;
  /** Other databases are shown now. */
  compared(): void;
}

/** Lets the user tick them. Gives the lists that the view shows then; undefined where the user gave up, or nothing can be ticked. */
export async function compareMigrations({ databases, secrets, compared }: ComparingParts): Promise<readonly MigrationList[] | undefined> {
  if (!trusted()) return undefined;
  const named = (await databases.ask<readonly NamedConnection[]>("databases")).filter(({ unusable }) => unusable === undefined);
  if (named.length < 2) return void vscode.window.showInformationMessage("Plumbline: there are no two databases to compare. Name them under \"connections\" in plumbline.config.json.");
  const isConnected = ({ root, name }: NamedConnection): boolean => databases.states.some((state) => state.root === root && state.name === name);
  const items = named.map((one) => ({ one, label: `$(${one.production ? "warning" : "database"}) ${withoutIcons(one.name)}`, description: [one.address, one.production && "production", isConnected(one) && "connected"].filter(Boolean).join(" · "), picked: true }));
  const chosen = await vscode.window.showQuickPick(items, { canPickMany: true, ignoreFocusOut: true, title: "Plumbline: Compare migrations of several databases", placeHolder: "Tick those that the view shall show side by side; they are only read" });
  if (!chosen) return undefined;
  const lists = await listsFor(chosen.map(({ one: { root, name } }) => ({ root, name })), databases, secrets);
  compared();
  return lists;
}

async function listsFor(wanted: readonly Wanted[], databases: Databases, secrets: vscode.SecretStorage): Promise<readonly MigrationList[] | undefined> {
  const kept = passwords(secrets);
  for (let asked = wanted; ; ) {
    const answer = await databases.follow<CompareMigrationsAnswer>("Plumbline", "compareMigrations", { databases: asked });
    if (answer.kind === "failed") return void vscode.window.showErrorMessage(`Plumbline: ${answer.message}`);
    if (answer.kind === "cancelled") return undefined;
    const refused = answer.lists.find((list) => list.refused && list.database && !list.database.connected);
    if (!refused) return answer.lists;
    const { root, database } = refused;
    const { name, address } = database!;
    const before = asked.find((one) => one.root === root && one.name === name)?.password;
    // What was kept is tried once before anybody is asked.
    const known = before === undefined ? await kept.get(address) : undefined;
    const password = known ?? (await askPassword(address, before === undefined ? "The server asks for a password." : "The server refused that password."));
    if (password !== undefined && known === undefined) await kept.keep(address, password);
    asked = asked.flatMap((one) => (one.root !== root || one.name !== name ? one : password === undefined ? [] : { ...one, password }));
  }
}
