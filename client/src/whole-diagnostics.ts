// Diagnostics of a file in full or not at all. The language client converts them in batches; where it cancels itself in
// between it keeps the first ones as all there are, and the server, asked again, rightly says that nothing has changed.
import * as vscode from "vscode";
import type { DiagnosticProviderMiddleware } from "vscode-languageclient/node";

export const wholeDiagnostics: DiagnosticProviderMiddleware = {
  /** Rejects with a `CancellationError` where the request was cancelled, at whatever point: then the client asks anew. */
  async provideDiagnostics(document, previousResultId, token, next) {
    const report = await next(document, previousResultId, token);
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    return report;
  },
  /** Takes no part of a cancelled answer, nor its result ids. */
  provideWorkspaceDiagnostics: (resultIds, token, resultReporter, next) => next(resultIds, token, (chunk) => resultReporter(token.isCancellationRequested ? null : chunk)),
};
