// Progress with a button to cancel it: the client's own where a request carries a token for it, else one that the server
// asks for. It knows nothing of what is done meanwhile.
import type { CancellationToken, Connection, WorkDoneProgressReporter } from "vscode-languageserver/node";
import type { Steps } from "./database-connection";

/** Where a request's progress goes, and whether it was cancelled. `progress` undefined: the client has given none, so the server asks for one. */
export interface Followed {
  readonly token: CancellationToken;
  readonly progress: WorkDoneProgressReporter | undefined;
}

/** Commands by name, for `workspace/executeCommand`. */
export type CancellableCommands = Readonly<Record<string, (parameters: readonly any[], followed: Followed) => unknown>>;

/** Runs `work` under that title; the request's own cancellation counts too. */
export async function follow<Result>(client: Connection, title: string, { token, progress }: Followed, work: (steps: Steps) => Promise<Result>): Promise<Result> {
  const own = progress ? undefined : await client.window.createWorkDoneProgress();
  const shown = progress ?? own!;
  const stop = new AbortController();
  const listening = [token, ...(own ? [own.token] : [])].map((each) => each.onCancellationRequested(() => stop.abort()));
  if (token.isCancellationRequested) stop.abort();
  shown.begin(title, undefined, undefined, true);
  try {
    return await work({ signal: stop.signal, tell: (message) => shown.report(message) });
  } finally {
    listening.forEach((each) => each.dispose());
    shown.done();
  }
}

export function signalOf(token: CancellationToken): AbortSignal {
  const stop = new AbortController();
  token.onCancellationRequested(() => stop.abort());
  return stop.signal;
}
