// What the extension knows of databases: the states that the server tells, and its answers. Everything else about a
// database is the server's affair. It loads no language client by itself.
import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { serverCommands, type DatabaseState } from "../../../server/src/lsp/protocol";
import type { Session } from "../session";

export interface Databases {
  readonly states: readonly DatabaseState[];
  /** Differences from the connected databases. */
  readonly drift: number;
  /** Fires with each change of `states` or `drift`. */
  readonly onChange: vscode.Event<void>;
  /** Asks the server, which is started where it does not run. */
  ask<Answer>(command: keyof typeof serverCommands, ...parameters: readonly unknown[]): Promise<Answer>;
  /** The same with a notification that shows how far it is and has a button to cancel it. */
  follow<Answer>(title: string, command: keyof typeof serverCommands, ...parameters: readonly unknown[]): Promise<Answer>;
  /** Listens to the session's server from now on. */
  attach(session: Session): void;
}

export function databases(context: vscode.ExtensionContext, start: () => Promise<Session>): Databases {
  const changed = new vscode.EventEmitter<void>();
  const uncancelled = new vscode.CancellationTokenSource();
  context.subscriptions.push(changed, uncancelled);
  let states: readonly DatabaseState[] = [];
  let drift = 0;
  const send = <Answer>({ client }: Session, command: keyof typeof serverCommands, parameters: readonly unknown[], workDoneToken?: string, token: vscode.CancellationToken = uncancelled.token): Promise<Answer> =>
    client.sendRequest<Answer>("workspace/executeCommand", { command: serverCommands[command], arguments: [...parameters], ...(workDoneToken !== undefined && { workDoneToken }) }, token);

  return {
    get states() { return states; },
    get drift() { return drift; },
    onChange: changed.event,
    ask: async (command, ...parameters) => send(await start(), command, parameters),
    follow: async (title, command, ...parameters) =>
      vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
        const session = await start();
        const workDoneToken = randomUUID();
        return session.withProgress(workDoneToken, (message) => progress.report({ message }), () => send(session, command, parameters, workDoneToken, token));
      }),
    attach({ onDatabases, onStatus }) {
      context.subscriptions.push(
        onDatabases((next) => {
          if (states.length === 0 && next.length === 0) return;
          states = next;
          changed.fire();
        }),
        onStatus((status) => {
          if ((status.drift ?? 0) === drift) return;
          drift = status.drift ?? 0;
          changed.fire();
        }),
      );
    },
  };
}
