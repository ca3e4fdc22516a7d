// Tells whether there is a schema or a migration to look at: a file of a known name in the workspace, or an open document that has
// Prisma in it or speaks of Drizzle's tables. Until then no server runs, and TypeScript is never loaded.
import * as vscode from "vscode";

/** Names that only a project with a schema, with migrations in plain SQL, or with Plumbline's configuration, has. */
const schemaFiles = ["**/{*.prisma,drizzle.config.*,drizzle-*.config.*,prisma.config.*,plumbline.config.json}", "{migrations,db/migrations}/[0-9]*.sql"];
const leftOut = "**/node_modules/**";

/** Calls `start` once: now, or when the first schema appears. */
export function onSchema(context: vscode.ExtensionContext, start: () => void): void {
  const waiting: vscode.Disposable[] = [];
  let found = false;
  const stop = (): void => waiting.splice(0).forEach((one) => void one.dispose());
  const find = (): void => {
    if (found) return;
    found = true;
    stop();
    start();
  };
  if (vscode.workspace.textDocuments.some(holdsSchema)) return find();

  for (const pattern of schemaFiles) {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, true);
    waiting.push(watcher, watcher.onDidCreate((uri) => void (uri.path.includes("/node_modules/") || find())));
  }
  waiting.push(
    vscode.workspace.onDidOpenTextDocument((document) => void (holdsSchema(document) && find())),
    vscode.workspace.onDidSaveTextDocument((document) => void (holdsSchema(document) && find())),
  );
  context.subscriptions.push({ dispose: stop });
  for (const pattern of schemaFiles) void vscode.workspace.findFiles(pattern, leftOut, 1).then((files) => void (files.length > 0 && find()));
}

/** Drizzle's table constructors come from `drizzle-orm/pg-core` and its siblings. */
const drizzleTables = /["']drizzle-orm\/(pg|mysql|sqlite|singlestore|gel|mssql|cockroach)-core["']/;

/** A look at the text, no more: what is a schema is the server's to say. */
export function holdsSchema(document: vscode.TextDocument): boolean {
  if (document.uri.scheme !== "file") return false;
  if (document.fileName.endsWith(".prisma")) return true;
  return /^(typescript|javascript)/.test(document.languageId) && drizzleTables.test(document.getText());
}
