// The server's own commands: what a client without code for Plumbline can run too. Text is changed by the client alone,
// through workspace/applyEdit.
import { LSPErrorCodes, ResponseError, WorkDoneProgressReporter, type ClientCapabilities, type Connection, type Position } from "vscode-languageserver/node";
import { baselineOf, serialiseBaseline } from "../baseline";
import type { CodeActions } from "./code-actions";
import { createIndexSql } from "./create-index-sql";
import type { Diagnostics } from "./diagnostics";
import { editAbilities, indexesEdit } from "./fixes";
import type { MissingIndex } from "./missing-indexes";
import { pathOf, type Texts } from "./place";
import { serverCommands, type FolderBaseline, type IndexChoice, type Outcome } from "./protocol";
import type { CancellableCommands } from "./progress";
import type { Publishing } from "./publishing";
import type { Workspace } from "./workspace";

export interface CommandParts {
  readonly connection: Connection;
  readonly capabilities: ClientCapabilities;
  readonly workspace: Workspace;
  readonly texts: Texts;
  readonly diagnostics: Diagnostics;
  readonly actions: CodeActions;
  readonly publisher: Publishing;
  /** Those with progress: of the connected databases and of migrations. */
  readonly cancellable: CancellableCommands;
  /** Resolved when the folders are open. */
  readonly ready: Promise<void>;
}

export function serveCommands({ connection, capabilities, workspace, texts, diagnostics, actions, publisher, cancellable, ready }: CommandParts): void {
  const commands: Readonly<Record<string, (...parameters: any[]) => unknown>> = {
    [serverCommands.fixFile]: (uri: unknown) => {
      const path = pathOf(String(uri));
      return path === undefined ? nothing : add(actions.missingIndexes(path));
    },
    [serverCommands.fixWorkspace]: () => add(actions.missingIndexes()),
    [serverCommands.missingIndexes]: () => actions.missingIndexes().map(({ id, label, reason, wanted }): IndexChoice => ({
      id, label, reason, files: [...new Set(wanted.flatMap(({ finding }) => (finding.at ? [texts.uri(finding.at.file)] : [])))],
    })),
    [serverCommands.addIndexes]: (ids: unknown) => {
      const chosen = new Set(Array.isArray(ids) ? ids : []);
      return add(actions.missingIndexes().filter(({ id }) => chosen.has(id)));
    },
    [serverCommands.createIndexSql]: (uri: unknown, position: Position) => sqlAt(String(uri), position),
    [serverCommands.check]: () => {
      workspace.reload();
      publisher.soon();
      return publisher.status();
    },
    [serverCommands.baseline]: () => workspace.folders.map((folder): FolderBaseline => {
      const { findings } = folder.report();
      return { root: folder.root, text: serialiseBaseline(baselineOf(findings)), findings: findings.length };
    }),
  };

  connection.onExecuteCommand(async ({ command, arguments: parameters = [] }, token, progress) => {
    const run = commands[command];
    const followed = cancellable[command];
    if (followed) {
      await ready;
      return followed(parameters, { token, progress: WorkDoneProgressReporter.isNullInstance(progress) ? undefined : progress });
    }
    if (!run) throw new ResponseError(LSPErrorCodes.RequestFailed, `There is no command ${command}.`);
    await ready;
    return run(...parameters);
  });

  async function add(indexes: readonly MissingIndex[]): Promise<Outcome> {
    if (indexes.length === 0) return nothing;
    const { edit, refused } = indexesEdit(indexes, texts, editAbilities(capabilities), false);
    const reasons = refused.map(({ fix, reason }) => `${fix.title}: ${reason}`);
    if (!edit) return { written: 0, refused: reasons };
    if (capabilities.workspace?.applyEdit !== true) return { written: 0, refused: ["the editor applies no edits of a server's command; use the code action"] };
    const { applied, failureReason } = await connection.workspace.applyEdit({ label: "Add missing indexes", edit });
    if (applied) return { written: indexes.filter(({ wanted }) => !wanted.every(({ fix }) => refused.some((one) => one.fix === fix))).length, refused: reasons };
    return { written: 0, refused: failureReason === undefined ? [] : [failureReason] };
  }

  function sqlAt(uri: string, position: Position): string | null {
    const path = pathOf(uri);
    const document = path === undefined ? undefined : texts.document(path);
    if (path === undefined || !document) return null;
    const offset = document.offsetAt(position);
    const [lineStart, lineEnd] = [document.offsetAt({ line: position.line, character: 0 }), document.offsetAt({ line: position.line + 1, character: 0 })];
    const onLine = diagnostics.findings(path).filter(({ at }) => at !== undefined && at.start < lineEnd && lineStart <= at.end);
    const under = onLine.filter(({ at }) => at!.start <= offset && offset <= at!.end);
    const folder = workspace.folderOf(path);
    const statements = (under.length > 0 ? under : onLine).flatMap((finding) => createIndexSql(finding, folder) ?? []);
    return statements.length === 0 ? null : [...new Set(statements)].join("\n");
  }
}

const nothing: Outcome = { written: 0, refused: [] };
