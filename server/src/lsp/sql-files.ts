// A SQL file that is run by hand, for the client: what it would do on a connected database, and the run. The same plan,
// locks and confirmations as for migrations; nothing is recorded.
import type { Connection } from "vscode-languageserver/node";
import { DatabaseError } from "../databases/database";
import { SessionError } from "../databases/session";
import { RunError } from "../migrate/run/progress";
import { messageOf } from "./migration-lists";
import { folderProject, MigrationRefusal, targetOf, type MigrationParts } from "./migration-operations";
import { planAnswer } from "./migration-plan-page";
import { runTeller } from "./migration-progress";
import type { MigrationPlan } from "./migrations-protocol";
import { pathOf } from "./place";
import { follow, type CancellableCommands, type Followed } from "./progress";
import { serverCommands } from "./protocol";
import type { RunSqlFileAnswer, RunSqlFileRequest, SqlFileRequest } from "./sql-files-protocol";

export interface SqlFilesParts extends MigrationParts {
  readonly connection: Connection;
  /** A line for the log. */
  log(message: string): void;
}

export function serveSqlFiles({ connection: client, log, ...parts }: SqlFilesParts): CancellableCommands {
  async function opened({ root, database, file }: SqlFileRequest, use: "read" | "write") {
    if (!parts.databases.trusted()) throw new MigrationRefusal("Plumbline runs no SQL in a workspace that is not trusted. Trust the workspace first.");
    const folder = parts.workspace.folders.find((one) => one.root === root);
    const path = pathOf(file);
    if (!folder || path === undefined) throw new MigrationRefusal(`The folder ${root} is not open, or ${file} is no file on disk.`);
    const project = await folderProject(folder, parts);
    return { path, project, ...targetOf(project, database, use) };
  }

  async function plan(request: SqlFileRequest, followed: Followed): Promise<MigrationPlan> {
    try {
      const { path, project, connection, target } = await opened(request, "read");
      const made = await follow(client, `Plumbline: ${connection.name}`, followed, ({ signal, tell }) => {
        tell("planning");
        return project.operations.planFile({ target, file: path, transaction: request.transaction, signal });
      });
      return planAnswer(made, connection, project.root);
    } catch (error) {
      return refusal(error);
    }
  }

  async function run(request: RunSqlFileRequest, followed: Followed): Promise<RunSqlFileAnswer> {
    const { typed, expect, transaction, shown } = request;
    try {
      const { path, project, connection, target } = await opened(request, "write");
      if (connection.production && typed !== connection.name) throw new MigrationRefusal(`"${connection.name}" is production's: nothing runs on it before its name was typed.`);
      if (typed !== undefined && typed !== connection.name) throw new MigrationRefusal(`What was typed is not the name of the database "${connection.name}". Nothing was run.`);
      return await follow(client, `Plumbline: running a SQL file on ${connection.name}`, followed, async ({ signal, tell }) => {
        const teller = runTeller(tell, (line) => log(`${connection.name}: ${line}`));
        try {
          const { statements, milliseconds } = await project.operations.runFile({
            target, file: path, transaction, lossesConfirmed: shown !== undefined && typed === connection.name, signal, onEvent: teller.event, ...(shown && { shown }), ...(typed !== undefined && { confirmed: typed }), ...(expect !== undefined && { expect }),
          });
          return { kind: "done", statements, milliseconds, notices: teller.notices } as const;
        } finally {
          await parts.databases.reread(connection, { signal: new AbortController().signal, tell });
        }
      });
    } catch (error) {
      return refusal(error);
    }
  }

  return {
    [serverCommands.planSqlFile]: ([request], followed) => plan(request as SqlFileRequest, followed),
    [serverCommands.runSqlFile]: ([request], followed) => run(request as RunSqlFileRequest, followed),
  };
}

/** What people can mend is an answer; Plumbline's own mistakes stay failures. */
function refusal(error: unknown): { readonly kind: "failed" | "cancelled"; readonly message: string } {
  const known = error instanceof RunError || error instanceof DatabaseError || error instanceof SessionError;
  if (!known && !(error instanceof MigrationRefusal)) throw error;
  return { kind: known && error.kind === "cancelled" ? "cancelled" : "failed", message: messageOf(error) };
}
