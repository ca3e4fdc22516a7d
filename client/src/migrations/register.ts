// The commands and the view of migrations. Nothing runs without having been confirmed, and nothing in a workspace that is
// not trusted: the server refuses that by itself.
import * as vscode from "vscode";
import { clientCommands, writeMigrationMethod, type MigrationFiles, type MigrationItem, type MigrationSubject } from "../../../server/src/lsp/protocol";
import type { Databases } from "../database/databases";
import { readOnlyPages } from "../read-only-pages";
import type { Session } from "../session";
import { chooseSchemaTarget, chooseTarget, type TargetList } from "./choose";
import { compareMigrations } from "./compare";
import { chooseAndGenerate, generateEmpty, generateForFiles, generateForFinding, generateForTables, writeFirst, type GenerateParts } from "./generate";
import { migrate, prove, record, refreshPlans, showHistory, showPlan, type Extent, type RunParts } from "./run";
import { saveUndoneLedgers } from "./write";
import { migrationView, targetOfNode, type MigrationNode, type MigrationView } from "./view";

/** What a started session is told to; the view is for the extension's own tests. */
export interface MigrationFeatures {
  attach(session: Session): void;
  readonly view: MigrationView;
}

export function registerMigrations(context: vscode.ExtensionContext, log: vscode.LogOutputChannel, databases: Databases, start: () => Promise<Session>): MigrationFeatures {
  let running = false;
  const view = migrationView(databases, () => running);
  const run: RunParts = { databases, pages: readOnlyPages(context, "plumbline-plan"), ran: () => view.refresh() };
  let timer: NodeJS.Timeout | undefined;
  /** Files come and go in swarms. */
  const filesChanged = (): void => {
    view.refresh();
    clearTimeout(timer);
    timer = setTimeout(() => refreshPlans(run), 300);
  };
  const generate: GenerateParts = { databases, log, start, wrote: filesChanged };

  /** From the palette it is asked which database is meant, from the view it is known. */
  const migrating = (title: string, extent: (target: TargetList, node: MigrationNode | undefined) => Promise<Extent | undefined> | Extent) => async (node?: MigrationNode) => {
    const target = targetOfNode(node) ?? (await chooseTarget(databases, title));
    const chosen = target && (await extent(target, node));
    return target && chosen && migrate(target, chosen, run);
  };
  const migrateTo = migrating("Migrate to", (target, node) => (node?.kind === "migration" ? upOrDownTo(node.migration) : chooseMigration(target)));

  const commands: Readonly<Record<string, (...parameters: any[]) => unknown>> = {
    "plumbline.generateMigration": () => chooseAndGenerate(generate),
    "plumbline.generateMigrationForTables": (subject?: MigrationSubject) => generateForTables(subject && "tables" in subject ? subject : undefined, generate),
    "plumbline.generateMigrationForFiles": (uri?: vscode.Uri, all?: readonly vscode.Uri[]) => generateForFiles(filesOf(uri, all), generate),
    "plumbline.newEmptyMigration": () => generateEmpty(generate),
    [clientCommands.addInMigration]: (uri: string, key: string) => generateForFinding(uri, key, generate),
    "plumbline.migrateUp": migrating("Migrate up", (target) => chooseCount(target)),
    "plumbline.migrateDown": migrating("Migrate down", () => ({ direction: "down", count: 1 })),
    "plumbline.migrateTo": migrateTo,
    "plumbline.migrateUpToHere": migrateTo,
    "plumbline.migrateDownToHere": migrateTo,
    "plumbline.showMigrationPlan": async (node?: MigrationNode) => {
      const target = targetOfNode(node) ?? (await chooseTarget(databases, "Show migration plan"));
      return target && showPlan(target, node?.kind === "migration" ? upOrDownTo(node.migration) : { direction: "up" }, run);
    },
    "plumbline.showMigrationHistory": async (node?: MigrationNode) => {
      const target = targetOfNode(node) ?? (await chooseTarget(databases, "Show migration history"));
      return target && showHistory(target, run);
    },
    "plumbline.verifyMigrations": () => prove("verifyMigrations", run, log),
    "plumbline.testMigrations": () => prove("testMigrations", run, log),
    "plumbline.compareMigrations": () => compareMigrations({ databases, secrets: context.secrets, compared: () => view.refresh() }),
    "plumbline.baselineMigrations": async () => {
      const target = await chooseSchemaTarget(databases, "Baseline migrations");
      return target && record(target, "baseline", run);
    },
    "plumbline.repairMigrations": async (node?: MigrationNode) => {
      const target = targetOfNode(node) ?? (await chooseTarget(databases, "Repair migrations"));
      return target && record(target, "repair", run);
    },
    "plumbline.refreshMigrations": async () => {
      await start();
      // What the database records is told in the files, too.
      if (databases.states.length > 0) await databases.follow("Plumbline", "refreshDatabase", {});
      view.refresh();
    },
  };
  for (const [id, command] of Object.entries(commands)) context.subscriptions.push(vscode.commands.registerCommand(id, command));
  const files = vscode.workspace.createFileSystemWatcher("**/{*.sql,_journal.json,migration_lock.toml}");
  // VS Code tells of a folder that is deleted, and of nothing in it.
  const deleted = vscode.workspace.createFileSystemWatcher("**/*", true, true, false);
  // Nor always of a file that is written at once into the folder of a migration, which is made for it.
  const made = vscode.workspace.createFileSystemWatcher("**/[0-9]*", false, true, true);
  context.subscriptions.push(
    made, made.onDidCreate(filesChanged), deleted, deleted.onDidDelete((uri) => view.concerns(uri) && view.refresh()),
    view, saveUndoneLedgers(), files, files.onDidCreate(filesChanged), files.onDidChange(filesChanged), files.onDidDelete(filesChanged), { dispose: () => clearTimeout(timer) },
    vscode.window.registerTreeDataProvider("plumbline.migrations", view),
    vscode.workspace.onDidGrantWorkspaceTrust(() => view.refresh()),
  );
  return {
    view,
    attach({ client }) {
      context.subscriptions.push(client.onRequest(writeMigrationMethod, (files: MigrationFiles) => writeFirst(files, generate)));
      running = true;
      view.refresh();
    },
  };
}

/** Up to a pending one and with it, down to an applied one: that one stays. */
function upOrDownTo({ id, state }: MigrationItem): Extent {
  return { direction: state === "applied" ? "down" : "up", to: id };
}

async function chooseCount({ migrations, database }: TargetList): Promise<Extent | undefined> {
  const pending = migrations.filter(({ state }) => state === "pending" || state === "half-applied");
  const begun = pending.some(({ state }) => state === "half-applied");
  // What does not fit is told by the plan.
  if (pending.length < 2) return { direction: "up" };
  const items = [
    { label: begun ? `All ${pending.length}, with what was begun` : `All ${pending.length} that are pending`, extent: { direction: "up" } as Extent },
    ...pending.map(({ id }, at) => ({ label: id, description: at === 0 ? "the next one alone" : `the next ${at + 1}`, extent: { direction: "up", count: at + 1 } as Extent })),
  ];
  return (await vscode.window.showQuickPick(items, { title: `Plumbline: Migrate up ${database.name}`, placeHolder: "How far?" }))?.extent;
}

async function chooseMigration({ migrations, database }: TargetList): Promise<Extent | undefined> {
  const items = [...migrations].reverse().filter(({ uri }) => uri !== undefined).map((migration) => ({ label: migration.id, description: migration.state ?? "", migration }));
  const chosen = await vscode.window.showQuickPick(items, { title: `Plumbline: Migrate ${database.name} to…`, placeHolder: "The last migration that shall be applied" });
  return chosen && upOrDownTo(chosen.migration);
}

function filesOf(uri: vscode.Uri | undefined, all: readonly vscode.Uri[] | undefined): readonly vscode.Uri[] {
  if (all && all.length > 0) return all;
  const one = uri ?? vscode.window.activeTextEditor?.document.uri;
  return one ? [one] : [];
}
