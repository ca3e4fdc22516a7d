// The light bulb: a quick fix for each finding, all of a kind in the file or the workspace, fix-all on save, and
// suppression. Edits are computed when an action is chosen, where the client can wait for them.
import { CodeActionKind, type ClientCapabilities, type CodeAction, type CodeActionParams, type Diagnostic } from "vscode-languageserver/node";
import type { Finding, Fix } from "../model/finding";
import { insertSuppression, languageOf } from "../suppressions";
import { createIndexSql } from "./create-index-sql";
import { databaseSql } from "./database-sql";
import type { DiagnosticData } from "./diagnostic";
import type { Diagnostics } from "./diagnostics";
import { editAbilities, editFor, indexesEdit, plainEdit, type FixEdit } from "./fixes";
import { databaseFix, databaseFixTitle } from "./migration-changes";
import { missesIndex, missingIndexes, preferredFix, type MissingIndex, type Wanted } from "./missing-indexes";
import { pathOf, type Texts } from "./place";
import { clientCommands } from "./protocol";
import type { Folder, Workspace } from "./workspace";

export const fixAllKind = `${CodeActionKind.SourceFixAll}.plumbline`;
export const codeActionKinds = [CodeActionKind.QuickFix, fixAllKind];

/** What an unresolved action carries. */
type ActionData =
  | { readonly kind: "fix"; readonly path: string; readonly key: string; readonly fix: number }
  /** `asks`: with every change to be confirmed. */
  | { readonly kind: "missing-indexes"; readonly path?: string; readonly asks?: boolean }
  | { readonly kind: "fix-all"; readonly path: string };

export interface CodeActionParts {
  readonly workspace: Workspace;
  readonly diagnostics: Diagnostics;
  readonly texts: Texts;
  readonly capabilities: ClientCapabilities;
  /** Commands that the client runs itself. */
  readonly commands: ReadonlySet<string>;
  /** Whether the workspace is: no migration is offered in another. */
  trusted(): boolean;
  /** Tells the user why a chosen action did nothing. */
  refuse(message: string): void;
}

export interface CodeActions {
  provide(params: CodeActionParams): readonly CodeAction[];
  resolve(action: CodeAction): CodeAction;
  /** The missing indexes of one file, or of all. */
  missingIndexes(path?: string): readonly MissingIndex[];
}

export function codeActions({ workspace, diagnostics, texts, capabilities, commands, trusted, refuse }: CodeActionParts): CodeActions {
  const abilities = editAbilities(capabilities);
  const resolvesEdits = capabilities.textDocument?.codeAction?.resolveSupport?.properties.includes("edit") ?? false;
  const keepsData = capabilities.textDocument?.codeAction?.dataSupport ?? false;

  function provide({ textDocument, range, context }: CodeActionParams): readonly CodeAction[] {
    const path = pathOf(textDocument.uri);
    const document = path === undefined ? undefined : texts.document(path);
    if (path === undefined || !document) return [];
    const wants = (kind: string): boolean => context.only === undefined || context.only.some((only) => kind === only || kind.startsWith(`${only}.`));
    const actions: CodeAction[] = [];
    // Asked for each time the cursor moves: offered there only by name, as when saving.
    if (context.only !== undefined && wants(fixAllKind) && wantedOf(path, preferredFix).length > 0) {
      actions.push(later({ title: "Fix all Plumbline findings", kind: fixAllKind }, { kind: "fix-all", path }));
    }
    if (!wants(CodeActionKind.QuickFix)) return actions;
    const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
    const here = diagnostics.findings(path).filter(({ at }) => at !== undefined && at.start <= end && start <= at.end);
    const given = new Map(context.diagnostics.map((diagnostic) => [(diagnostic.data as DiagnosticData | undefined)?.key, diagnostic]));
    for (const finding of here) actions.push(...fixActions(path, finding, given.get(finding.key)));
    for (const finding of here) actions.push(...migrationActions(path, finding, given.get(finding.key)));
    if (here.some(missesIndex)) actions.push(...manyActions(path));
    for (const finding of here) actions.push(...sqlActions(path, finding, given.get(finding.key)));
    for (const finding of here) actions.push(...suppressActions(path, document.getText(), finding, given.get(finding.key)));
    return actions;
  }

  function fixActions(path: string, finding: Finding, diagnostic: Diagnostic | undefined): readonly CodeAction[] {
    const folder = folderOf(path);
    if (!folder) return [];
    return finding.fixes.flatMap((fix, position): readonly CodeAction[] => {
      // What the source cannot write safely is not offered. It is asked for the findings under the cursor alone.
      if (folder.project.write([{ finding, fix }]).edits.length === 0) return [];
      const action: CodeAction = { title: fix.title, kind: CodeActionKind.QuickFix, isPreferred: fix.preferred === true, ...(diagnostic && { diagnostics: [diagnostic] }) };
      return [later(action, { kind: "fix", path, key: finding.key, fix: position })];
    });
  }

  /** Beside the fix in the code: the same for the database, as a migration. */
  function migrationActions(path: string, finding: Finding, diagnostic: Diagnostic | undefined): readonly CodeAction[] {
    const folder = folderOf(path);
    if (!folder || !commands.has(clientCommands.addInMigration) || !trusted()) return [];
    const mended = databaseFix(finding, folder);
    if (!mended) return [];
    const title = databaseFixTitle(mended);
    return [{ title, kind: CodeActionKind.QuickFix, ...(diagnostic && { diagnostics: [diagnostic] }), command: { title, command: clientCommands.addInMigration, arguments: [texts.uri(path), finding.key] } }];
  }

  function manyActions(path: string): readonly CodeAction[] {
    const inFile = allMissing(path).length;
    const everywhere = allMissing().length;
    const actions: CodeAction[] = [];
    if (inFile > 1) actions.push(later({ title: `Add all missing indexes in this file (${inFile})`, kind: CodeActionKind.QuickFix }, { kind: "missing-indexes", path }));
    if (everywhere > inFile) actions.push(later({ title: `Add all missing indexes in the workspace (${everywhere})`, kind: CodeActionKind.QuickFix }, { kind: "missing-indexes" }));
    if (everywhere < 2) return actions;
    const choose = { title: "Choose which missing indexes to add…", kind: CodeActionKind.QuickFix };
    if (commands.has(clientCommands.chooseIndexes)) actions.push({ ...choose, command: { title: choose.title, command: clientCommands.chooseIndexes } });
    else if (abilities.annotations) actions.push(later(choose, { kind: "missing-indexes", asks: true }));
    return actions;
  }

  function sqlActions(path: string, finding: Finding, diagnostic: Diagnostic | undefined): readonly CodeAction[] {
    const folder = folderOf(path);
    if (!folder || !commands.has(clientCommands.copySql)) return [];
    const copying = (title: string, sql: string): CodeAction =>
      ({ title, kind: CodeActionKind.QuickFix, ...(diagnostic && { diagnostics: [diagnostic] }), command: { title, command: clientCommands.copySql, arguments: [sql] } });
    const index = createIndexSql(finding, folder);
    if (index !== undefined) return [copying(`Copy ${/^CREATE (UNIQUE )?INDEX( CONCURRENTLY)?/m.exec(index)?.[0] ?? "CREATE INDEX"}`, index)];
    return finding.fixes.flatMap((fix) => {
      const sql = databaseSql(finding, fix, folder);
      return sql === undefined ? [] : [copying(`Copy SQL: ${fix.title}`, sql)];
    });
  }

  function suppressActions(path: string, text: string, finding: Finding, diagnostic: Diagnostic | undefined): readonly CodeAction[] {
    if (!finding.at || !finding.rule.includes("/") || finding.rule === "suppression/unused") return [];
    const edit = insertSuppression(text, languageOf(path), finding.at.start, [finding.rule]);
    const action: CodeAction = { title: `Suppress ${finding.rule} on this line`, kind: CodeActionKind.QuickFix, ...(diagnostic && { diagnostics: [diagnostic] }) };
    return [{ ...action, edit: plainEdit([{ file: path, ...edit }], texts, abilities) }];
  }

  function later(action: CodeAction, data: ActionData): CodeAction {
    return resolvesEdits && keepsData ? { ...action, data } : resolve({ ...action, data });
  }

  function resolve(action: CodeAction): CodeAction {
    const data = action.data as ActionData | undefined;
    if (!data) return action;
    const { data: _, ...rest } = action;
    const { edit, refused } = editOf(data);
    if (!edit) refuse(refused[0]?.reason ?? "the finding is no longer there");
    return { ...rest, ...(edit && { edit }) };
  }

  function editOf(data: ActionData): FixEdit {
    switch (data.kind) {
      case "fix": {
        const finding = diagnostics.findings(data.path).find((one) => one.key === data.key);
        const fix = finding?.fixes[data.fix];
        const folder = folderOf(data.path);
        return editFor(finding && fix && folder ? [{ folder, finding, fix }] : [], texts, abilities);
      }
      case "missing-indexes": return indexesEdit(allMissing(data.path), texts, abilities, data.asks ?? false);
      case "fix-all": return editFor(wantedOf(data.path, preferredFix), texts, abilities);
    }
  }

  const allMissing = (path?: string): readonly MissingIndex[] =>
    missingIndexes((path === undefined ? diagnostics.paths() : [path]).flatMap((file) => wantedOf(file, (finding) => (missesIndex(finding) ? preferredFix(finding) : undefined))));

  function wantedOf(path: string, choose: (finding: Finding) => Fix | undefined): readonly Wanted[] {
    const folder = folderOf(path);
    if (!folder) return [];
    return diagnostics.findings(path).flatMap((finding) => {
      const fix = choose(finding);
      return fix ? [{ folder, finding, fix }] : [];
    });
  }

  const folderOf = (path: string): Folder | undefined => workspace.folderOf(path);
  return { provide, resolve, missingIndexes: allMissing };
}
