// The commands of backups: a connected database is dumped, a dump is proved, or restored once the database's name was typed.
import * as vscode from "vscode";
import type { CreateBackupAnswer, DatabaseState, RestoreBackupAnswer, VerifyBackupAnswer } from "../../server/src/lsp/protocol";
import type { Databases } from "./database/databases";
import { typedName } from "./typed-name";

export function registerBackups(context: vscode.ExtensionContext, log: vscode.LogOutputChannel, databases: Databases): void {
  const commands: Readonly<Record<string, (...parameters: any[]) => unknown>> = {
    "plumbline.createBackup": () => create(databases, log),
    "plumbline.verifyBackup": (file?: vscode.Uri) => verify(file, databases, log),
    "plumbline.restoreBackup": (file?: vscode.Uri) => restore(file, databases, log),
  };
  for (const [id, run] of Object.entries(commands)) context.subscriptions.push(vscode.commands.registerCommand(id, run));
}

async function create(databases: Databases, log: vscode.LogOutputChannel): Promise<CreateBackupAnswer | undefined> {
  const state = await chooseDatabase(databases, "Create backup");
  if (!state) return undefined;
  const answer = await databases.follow<CreateBackupAnswer>("Plumbline", "createBackup", { root: state.root, database: state.name });
  if (answer.kind !== "created") return tellRefusal(answer);
  const { file, message, wrong, isBackup, why } = answer;
  if (wrong) {
    void tellProblems(message, why, log);
    return answer;
  }
  const buttons = isBackup ? [] : ["Verify"];
  void vscode.window.showInformationMessage([`Plumbline: ${message}`, ...why].join(" "), ...buttons).then((chosen) => chosen && vscode.commands.executeCommand("plumbline.verifyBackup", vscode.Uri.parse(file)));
  return answer;
}

async function verify(given: vscode.Uri | undefined, databases: Databases, log: vscode.LogOutputChannel): Promise<VerifyBackupAnswer | undefined> {
  const file = trusted() ? (given ?? (await chooseDump("Verify backup", "Verify"))) : undefined;
  const root = file && rootFor(file, databases);
  if (!file || root === undefined) return undefined;
  const answer = await databases.follow<VerifyBackupAnswer>("Plumbline", "verifyBackup", { root, file: file.toString() });
  if (answer.kind !== "verified") return tellRefusal(answer);
  if (answer.problems.length > 0) void tellProblems(answer.message, answer.problems, log);
  else void vscode.window.showInformationMessage([`Plumbline: ${answer.message}`, ...answer.notes].join(" "));
  return answer;
}

async function restore(given: vscode.Uri | undefined, databases: Databases, log: vscode.LogOutputChannel): Promise<RestoreBackupAnswer | undefined> {
  const state = await chooseDatabase(databases, "Restore backup");
  const file = state && (given ?? (await chooseDump("Restore backup", "Restore")));
  if (!file) return undefined;
  const { root, name, address, production } = state;
  const [empty, all] = ["Restore If Empty", "Replace Everything"] as const;
  const detail = `${address}${production ? " (production)" : ""}\n\n"${empty}" is refused where the database holds anything. "${all}" takes away what is in it, in the same transaction; a dump of it is made first.`;
  const chosen = await vscode.window.showWarningMessage(`Restore ${vscode.workspace.asRelativePath(file)} into "${name}"?`, { modal: true, detail }, empty, all);
  if (!chosen) return undefined;
  const typed = await typedName(name, chosen === all ? "What is in it goes." : "The dump is restored into it.");
  if (typed === undefined) return undefined;
  const answer = await databases.follow<RestoreBackupAnswer>("Plumbline", "restoreBackup", { root, database: name, file: file.toString(), typed, replace: chosen === all });
  if (answer.kind !== "restored") return tellRefusal(answer);
  for (const note of answer.notes) log.info(note);
  void vscode.window.showInformationMessage([`Plumbline: ${answer.message}`, ...answer.notes.slice(0, 3)].join(" "));
  return answer;
}

/** One that is connected, and not made from files; offers to connect where there is none. */
export async function chooseDatabase(databases: Databases, title: string): Promise<DatabaseState | undefined> {
  if (!trusted()) return undefined;
  const usable = (): readonly DatabaseState[] => databases.states.filter(({ state, made }) => state === "connected" && !made);
  if (usable().length === 0) await vscode.commands.executeCommand("plumbline.connectDatabase");
  const found = usable();
  if (found.length === 0 && databases.states.some(({ made }) => made)) void vscode.window.showInformationMessage("Plumbline: the embedded database is made from your files and holds nothing to keep. Connect to another one.");
  if (found.length < 2) return found[0];
  return (await vscode.window.showQuickPick(found.map((state) => ({ label: state.name, description: [state.address, state.production && "production"].filter(Boolean).join(" · "), state })), { title: `Plumbline: ${title}` }))?.state;
}

async function chooseDump(title: string, openLabel: string): Promise<vscode.Uri | undefined> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const kept = folder && vscode.Uri.joinPath(folder.uri, "backups");
  const defaultUri = kept && (await vscode.workspace.fs.stat(kept).then(() => vscode.Uri.joinPath(kept, "/"), () => folder.uri));
  return (await vscode.window.showOpenDialog({ title: `Plumbline: ${title}`, openLabel, ...(defaultUri && { defaultUri }), filters: { Dumps: ["sql", "gz", "dump", "backup"], "All files": ["*"] } }))?.[0];
}

/** The folder of the dump; of a dump elsewhere that of the connected database, else the first. */
function rootFor(file: vscode.Uri, { states }: Databases): string | undefined {
  const folder = vscode.workspace.getWorkspaceFolder(file) ?? vscode.workspace.workspaceFolders?.[0];
  return states[0]?.root ?? folder?.uri.fsPath;
}

function trusted(): boolean {
  if (vscode.workspace.isTrusted) return true;
  void vscode.window.showInformationMessage("Plumbline makes and restores no backups in a workspace that is not trusted.");
  return false;
}

function tellRefusal<Answer extends { readonly kind: string; readonly message: string }>(answer: Answer): Answer {
  void (answer.kind === "cancelled" ? vscode.window.showInformationMessage : vscode.window.showErrorMessage)(`Plumbline: ${answer.message}`);
  return answer;
}

async function tellProblems(message: string, problems: readonly string[], log: vscode.LogOutputChannel): Promise<void> {
  for (const problem of problems) log.warn(problem);
  if (await vscode.window.showWarningMessage(`Plumbline: ${message} ${problems[0]}`, "Show All")) log.show();
}
