// Backups for the client: made of a database that is connected, restored into one, and proved on the embedded database. What
// a dump is and how it is compared is decided in backup/.
import type { Connection } from "vscode-languageserver/node";
import { BackupError, type Backups } from "../backup/backup";
import { openBackups } from "../backup/open";
import { DatabaseError } from "../databases/database";
import type { ConnectionSettings } from "../databases/connections/settings";
import { relativePath } from "../config";
import { counted } from "../report/counted";
import { bytes as sizeText } from "../report/health";
import type { CreateBackupAnswer, CreateBackupRequest, RestoreBackupAnswer, RestoreBackupRequest, VerifyBackupAnswer, VerifyBackupRequest } from "./backups-protocol";
import type { DatabaseConnection, Steps } from "./database-connection";
import type { Databases } from "./databases";
import { editorWords } from "./editor-words";
import { pathOf, uriOf } from "./place";
import { follow, type CancellableCommands, type Followed } from "./progress";
import { serverCommands } from "./protocol";
import type { Folder, Workspace } from "./workspace";

export interface BackupsParts {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly databases: Pick<Databases, "connected" | "reread" | "trusted">;
}

type Refused = Extract<CreateBackupAnswer, { readonly kind: "failed" | "cancelled" }>;

export function serveBackups({ connection: client, workspace, databases }: BackupsParts): CancellableCommands {
  async function create({ root, database }: CreateBackupRequest, followed: Followed): Promise<CreateBackupAnswer> {
    return contained(`Plumbline: backup of ${database}`, followed, async ({ signal, tell }) => {
      const { settings } = openOne(root, database);
      const made = await backupsOf(folderOf(root)).create({ settings, signal, onProgress: tell });
      const counts = Object.values(made.rows);
      const held = `${counted(counts.length, "table")} with ${counted(counts.reduce((sum, count) => sum + count, 0), "row")}, ${sizeText(made.bytes)}`;
      const proved = made.verified ? `Restored into ${made.verified.on} and compared: it is a backup.` : "A dump that was never restored is no backup yet.";
      return { kind: "created", file: uriOf(made.path), message: `${relativePath(made.path, root)}: ${held}. ${proved}`, isBackup: made.verified !== undefined, wrong: made.wrong, why: made.unverified };
    });
  }

  async function verify({ root, file }: VerifyBackupRequest, followed: Followed): Promise<VerifyBackupAnswer> {
    return contained("Plumbline: verifying the backup", followed, async ({ signal, tell }) => {
      const path = pathOf(file)!;
      const { problems, notes, tables, rows, on, against } = await backupsOf(folderOf(root)).verify({ file: path, on: "embedded", signal, onProgress: tell });
      const compared = against === undefined ? "There was nothing to compare it with." : `Compared with ${against}.`;
      const name = relativePath(path, root);
      const message = problems.length === 0 ? `${name} is a backup: restored into ${on}, ${counted(tables, "table")} with ${counted(rows, "row")}. ${compared}` : `${name} is no backup: ${counted(problems.length, "problem")}, restored into ${on}.`;
      return { kind: "verified", message, problems: problems.map(editorWords), notes: notes.map(editorWords) };
    });
  }

  async function restore({ root, database, file, typed, replace }: RestoreBackupRequest, followed: Followed): Promise<RestoreBackupAnswer> {
    return contained(`Plumbline: restoring into ${database}`, followed, async (steps) => {
      const { connection, settings } = openOne(root, database);
      if (typed !== database) throw new BackupError(`What was typed is not the name of the database "${database}". Nothing was restored.`, "not confirmed");
      try {
        const { tables, rows, notes } = await backupsOf(folderOf(root)).restore({ settings, file: pathOf(file)!, confirmed: typed, noOwner: true, signal: steps.signal, onProgress: steps.tell, ...(replace && { replace: "with a dump" as const }) });
        return { kind: "restored", message: `Restored into ${database}: ${counted(tables, "table")} with ${counted(rows, "row")}.`, notes };
      } finally {
        await databases.reread(connection, { signal: new AbortController().signal, tell: steps.tell });
      }
    });
  }

  function openOne(root: string, name: string): { readonly connection: DatabaseConnection; readonly settings: ConnectionSettings } {
    const connection = databases.connected().find(({ connection: one }) => one.root === root && one.name === name)?.connection;
    if (!connection) throw new BackupError(`"${name}" is not connected. Connect to it first.`, "refused");
    if (!connection.settings) throw new BackupError("The embedded database is made from files and holds nothing to keep: connect to another one.", "refused");
    return { connection, settings: connection.settings };
  }

  function folderOf(root: string): Folder {
    const folder = workspace.folders.find((one) => one.root === root);
    if (folder) return folder;
    throw new BackupError(`The folder ${root} is not open.`, "refused");
  }

  /** What people can mend is an answer; Plumbline's own mistakes stay failures. */
  async function contained<Answer>(title: string, followed: Followed, work: (steps: Steps) => Promise<Answer>): Promise<Answer | Refused> {
    try {
      if (!databases.trusted()) throw new BackupError("Plumbline makes and restores no backups in a workspace that is not trusted. Trust the workspace first.", "refused");
      return await follow(client, title, followed, work);
    } catch (error) {
      if (!(error instanceof BackupError || error instanceof DatabaseError)) throw error;
      return { kind: error.kind === "cancelled" ? "cancelled" : "failed", message: editorWords(error.message) };
    }
  }

  return {
    [serverCommands.createBackup]: ([request], followed) => create(request as CreateBackupRequest, followed),
    [serverCommands.verifyBackup]: ([request], followed) => verify(request as VerifyBackupRequest, followed),
    [serverCommands.restoreBackup]: ([request], followed) => restore(request as RestoreBackupRequest, followed),
  };
}

function backupsOf(folder: Folder): Backups {
  return openBackups({
    setting: folder.settings.config.backups, root: folder.root, now: () => new Date(),
    schema() {
      const models = folder.report().schemas.map(({ model }) => model).filter(({ dialect }) => dialect === "postgresql" || dialect === "cockroachdb");
      return models.length === 1 ? models[0] : undefined;
    },
  });
}
