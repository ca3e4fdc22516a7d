// "Run SQL File…": a file, a database, one transaction or statement by statement, a check afterwards; then the plan is
// confirmed as for migrations.
import * as vscode from "vscode";
import type { MigrationPlan, RunSqlFileAnswer, RunSqlFileRequest, SqlFileRequest } from "../../server/src/lsp/protocol";
import { chooseDatabase } from "./backups";
import type { Databases } from "./database/databases";
import { counted } from "./migrations/run";
import { readOnlyPages, type ReadOnlyPages } from "./read-only-pages";
import { typedName } from "./typed-name";

type Planned = Extract<MigrationPlan, { readonly kind: "plan" }>;

export function registerRunSqlFile(context: vscode.ExtensionContext, databases: Databases): void {
  const pages = readOnlyPages(context, "plumbline-sql-plan");
  context.subscriptions.push(vscode.commands.registerCommand("plumbline.runSqlFile", (uri?: vscode.Uri) => runSqlFile(uri, databases, pages)));
}

async function runSqlFile(given: vscode.Uri | undefined, databases: Databases, pages: ReadOnlyPages): Promise<RunSqlFileAnswer | undefined> {
  const file = given ?? (await chooseFile());
  const state = file && (await chooseDatabase(databases, "Run SQL file"));
  if (!file || !state) return undefined;
  // What runs is what stands on disk, so what is typed is saved first.
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
  if (open?.isDirty && !(await open.save())) return undefined;
  const items = [
    { label: "Statement by statement", detail: "Each is done when it has run, as psql does; what the file opens as transactions counts", transaction: false },
    { label: "All in one transaction", detail: "All or nothing: an error, or a check that does not hold, takes everything back", transaction: true },
  ];
  const way = await vscode.window.showQuickPick(items, { title: `Plumbline: Run ${vscode.workspace.asRelativePath(file)} on ${state.name}` });
  if (!way) return undefined;
  const expect = await vscode.window.showInputBox({ title: "Plumbline: Run SQL file", prompt: "A SELECT that must give true afterwards. Leave it empty for none.", placeHolder: "select count(*) = 0 from orders where client_id is null", ignoreFocusOut: true });
  if (expect === undefined) return undefined;
  const request: SqlFileRequest = { root: state.root, database: state.name, file: file.toString(), transaction: way.transaction };
  const plan = await databases.follow<MigrationPlan>("Plumbline", "planSqlFile", request);
  if (plan.kind === "failed") void vscode.window.showErrorMessage(`Plumbline: ${plan.message}`);
  if (plan.kind !== "plan") return undefined;
  const typed = await confirmed(plan, file, pages);
  if (typed === undefined) return undefined;
  const asked: RunSqlFileRequest = { ...request, shown: plan.shown, ...(expect.trim() !== "" && { expect }), ...(typed !== "" && { typed }) };
  const answer = await databases.follow<RunSqlFileAnswer>("Plumbline", "runSqlFile", asked);
  if (answer.kind === "done") void vscode.window.showInformationMessage([`Plumbline: ${counted(answer.statements, "statement")} run on ${state.name} in ${(answer.milliseconds / 1000).toFixed(1)} s.`, ...answer.notices].join(" "));
  else if (answer.kind === "cancelled") void vscode.window.showInformationMessage(`Plumbline: ${answer.message}`);
  else void vscode.window.showErrorMessage(`Plumbline: ${answer.message}`);
  return answer;
}

/** The one that is being edited, else one that is chosen. */
async function chooseFile(): Promise<vscode.Uri | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme === "file" && /\.sql$/i.test(document.uri.path)) return document.uri;
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return (await vscode.window.showOpenDialog({ title: "Plumbline: Run SQL file", openLabel: "Run", ...(folder && { defaultUri: folder.uri }), filters: { SQL: ["sql"] } }))?.[0];
}

/** The name as it was typed, empty where it need not be; undefined: no. */
async function confirmed(plan: Planned, file: vscode.Uri, pages: ReadOnlyPages): Promise<string | undefined> {
  const { name, address, production } = plan.database;
  const path = vscode.workspace.asRelativePath(file);
  const show = (): Promise<void> => pages.show(`Plan of ${path} for ${name}.md`, file.toString(), plan.markdown, "beside");
  if (plan.obstacles.length > 0) {
    void vscode.window.showErrorMessage(`Plumbline: nothing was run on ${name}. ${plan.obstacles[0]}`, "Show Plan").then((chosen) => chosen && show());
    return undefined;
  }
  const detail = [`${address}${production ? " (production)" : ""}`, "", plan.summary, ...plan.losses].join("\n");
  for (;;) {
    const chosen = await vscode.window.showWarningMessage(`Run ${counted(plan.statements, "statement")} of ${path} on "${name}"?`, { modal: true, detail }, "Run", "Show Plan");
    if (chosen === "Show Plan") {
      await show();
      // The plan is to be read first; the question comes again when it is asked for.
      const again = await vscode.window.showInformationMessage(`Plumbline: run ${path} on ${name}?`, "Run…");
      if (again === undefined) return undefined;
      continue;
    }
    if (chosen !== "Run") return undefined;
    break;
  }
  if (!production && plan.losses.length === 0) return "";
  return typedName(name, [production ? "It is production's." : "", ...plan.losses].filter(Boolean).join(" "));
}
