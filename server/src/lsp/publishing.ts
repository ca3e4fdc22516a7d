// Brings diagnostics to the client: it pulls them, or they are pushed to a client that cannot. Also the figures for the
// status bar, and the requests to look again at what an edit elsewhere has changed.
import {
  DiagnosticRefreshRequest, DocumentDiagnosticReportKind, LSPErrorCodes, ResponseError, CodeLensRefreshRequest,
  type ClientCapabilities, type Connection, type DocumentDiagnosticReport, type WorkspaceDocumentDiagnosticReport,
} from "vscode-languageserver/node";
import type { Diagnostics } from "./diagnostics";
import type { Documents } from "./documents";
import { missesIndex } from "./missing-indexes";
import type { Answers, Guard } from "./requests";
import { pathOf, type Texts } from "./place";
import { statusMethod, type Status } from "./protocol";
import type { Workspace } from "./workspace";

export interface PublishingParts {
  readonly connection: Connection;
  readonly capabilities: ClientCapabilities;
  readonly workspace: Workspace;
  readonly documents: Documents;
  readonly diagnostics: Diagnostics;
  readonly texts: Texts;
  readonly guarded: Guard;
  readonly answered: Answers;
  /** Resolved when the folders are open. */
  readonly ready: Promise<void>;
  /** A burst of changes is over, and everything that shows it is sent. */
  settled(): void;
}

export interface Publishing {
  /** Something changed; `edited` is the document that the client has changed itself, and whose results it asks for by itself. */
  soon(edited?: string): void;
  status(): Status;
}

/** Files after which a long answer lets other messages in. */
const filesPerTurn = 20;

/** Milliseconds between the last diagnostics and the figures for the status bar: less than anyone sees. */
const statusDelay = 40;

export function publishing({ connection, capabilities, workspace, documents, diagnostics, texts, guarded, answered, ready, settled }: PublishingParts): Publishing {
  const pulls = capabilities.textDocument?.diagnostic !== undefined;
  const refreshes = pulls && capabilities.workspace?.diagnostics?.refreshSupport === true;
  const refreshesLenses = capabilities.workspace?.codeLens?.refreshSupport === true;
  let scheduled = false;
  let sent = "";
  let statusTimer: NodeJS.Timeout | undefined;
  const waiting = new Set<string | undefined>();

  const publish = guarded("publish", (): void => {
    const changed = diagnostics.refresh();
    const elsewhere = changed.filter((path) => !waiting.has(path));
    const byItself = waiting.has(undefined);
    // The edited document's go out with its new version even where they are the same: so the client knows that they hold.
    const edited = [...waiting].filter((path) => path !== undefined && documents.byPath(path) !== undefined && diagnostics.of(path).version > 0);
    waiting.clear();
    if (!pulls) {
      for (const path of new Set([...changed, ...(edited as string[])])) void connection.sendDiagnostics({ uri: texts.uri(path), version: documents.byPath(path)?.version, diagnostics: [...diagnostics.of(path).items] });
    } else if (refreshes && (byItself || elsewhere.length > 0)) void connection.sendRequest(DiagnosticRefreshRequest.type).catch(() => undefined);
    if (refreshesLenses && (byItself || elsewhere.length > 0)) void connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
    // The figures are behind what the user waits for: the diagnostics go out first, and a burst of changes is counted once, at its end.
    if (statusTimer) statusTimer.refresh();
    else statusTimer = setTimeout(tellStatus, statusDelay);
  }, undefined);

  const tellStatus = guarded("status", (): void => {
    statusTimer = undefined;
    settled();
    const now = status();
    const text = JSON.stringify(now);
    if (text === sent) return;
    sent = text;
    void connection.sendNotification(statusMethod, now);
  }, undefined);

  function status(): Status {
    const findings = { error: 0, warning: 0, information: 0, hint: 0 };
    let uncovered = 0;
    let drift = 0;
    for (const list of diagnostics.all()) {
      for (const finding of list) {
        findings[finding.severity]++;
        if (missesIndex(finding)) uncovered++;
        if (finding.rule.startsWith("drift/")) drift++;
      }
    }
    const isConnected = workspace.folders.some((folder) => folder.report().databases.length > 0);
    const schemas = workspace.folders.flatMap((folder) => folder.report().schemas);
    return { findings, uncovered, schemas: schemas.length, tables: schemas.reduce((sum, { model }) => sum + model.tables.length, 0), ...(isConnected && { drift }) };
  }

  if (pulls) {
    connection.languages.diagnostics.on(answered("textDocument/diagnostic", ({ textDocument, previousResultId }): DocumentDiagnosticReport => {
      const path = pathOf(textDocument.uri);
      if (path === undefined) return { kind: DocumentDiagnosticReportKind.Full, items: [] };
      const { version, items } = diagnostics.of(path);
      const resultId = String(version);
      if (previousResultId === resultId) return { kind: DocumentDiagnosticReportKind.Unchanged, resultId };
      return { kind: DocumentDiagnosticReportKind.Full, resultId, items: [...items] };
    }, { kind: DocumentDiagnosticReportKind.Full, items: [] }));

    const ofFile = guarded("workspace/diagnostic", (path: string, previousResultId: string | undefined): readonly WorkspaceDocumentDiagnosticReport[] => {
      const { version, items } = diagnostics.of(path);
      const file = { uri: texts.uri(path), resultId: String(version), version: documents.byPath(path)?.version ?? null };
      return [previousResultId === file.resultId ? { kind: DocumentDiagnosticReportKind.Unchanged, ...file } : { kind: DocumentDiagnosticReportKind.Full, ...file, items: [...items] }];
    }, []);

    connection.languages.diagnostics.onWorkspace(async ({ previousResultIds }, token, progress, partial) => {
      await ready;
      const previous = new Map(previousResultIds.map(({ uri, value }) => [pathOf(uri), value]));
      progress.begin("Plumbline", 0, "reading schemas", true);
      const items: WorkspaceDocumentDiagnosticReport[] = [];
      const batch: WorkspaceDocumentDiagnosticReport[] = [];
      try {
        for (const [at, folder] of workspace.folders.entries()) {
          await turn(token);
          progress.report(Math.round((100 * at) / workspace.folders.length), folder.root.slice(folder.root.lastIndexOf("/") + 1));
          folder.report();
        }
        const paths = guarded("workspace/diagnostic", diagnostics.paths, [])();
        for (const [at, path] of paths.entries()) {
          if (at % filesPerTurn === 0) {
            await turn(token);
            if (partial && batch.length > 0) partial.report({ items: batch.splice(0) });
          }
          (partial ? batch : items).push(...ofFile(path, previous.get(path)));
        }
        if (partial && batch.length > 0) partial.report({ items: batch });
        return { items };
      } finally {
        progress.done();
      }
    });
  }

  /** Lets waiting messages in, a cancellation among them. */
  async function turn(token: { readonly isCancellationRequested: boolean }): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, "The check was cancelled.");
  }

  return {
    soon(edited) {
      waiting.add(edited);
      if (scheduled) return;
      scheduled = true;
      // After the messages that are already here, so that one report serves a burst of changes.
      setImmediate(() => {
        scheduled = false;
        publish();
      });
    },
    status,
  };
}
