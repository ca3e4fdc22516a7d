// The dump before a run: made when the runner holds its lock and nothing has been changed yet. Without it the run ends there.
import { BackupError, type Backups } from "../../backup/backup";
import { DatabaseError } from "../../databases/database";
import type { RunOptions } from "../run/context";
import { RunError } from "../run/progress";
import type { RunRequest } from "./operations";

/** Undefined: none is wanted, or the target is the scratch database. */
export function backupBefore({ target, backup, onEvent, signal }: Pick<RunRequest, "target" | "backup" | "onEvent" | "signal">, { backups, standard }: { readonly backups: Backups; readonly standard: NonNullable<RunRequest["backup"]> }): RunOptions["before"] | undefined {
  const wanted = backup ?? standard;
  if (target.kind === "embedded" || wanted === "never") return undefined;
  const { settings } = target;
  return async (work) => {
    if (work.length === 0 || (wanted === "losses" && !work.some(({ losses }) => losses.length > 0))) return;
    const tell = (message: string): void => onEvent?.({ kind: "notice", message });
    tell(`Dumping "${settings.name}" first${wanted === "losses" ? ", because data will be lost" : ""}.`);
    try {
      const { path, verified, unverified, wrong } = await backups.create({ settings, ...(signal && { signal }) });
      if (wrong) throw new BackupError(`${path} does not restore to what was dumped: ${unverified[0]}`, "failed");
      tell(verified ? `Backup ${path}, restored on ${verified.on} and compared.` : `Dump ${path}. ${unverified.join(" ")}`);
    } catch (error) {
      if (!(error instanceof BackupError) && !(error instanceof DatabaseError)) throw error;
      throw new RunError(`Nothing was run, because the dump before it failed: ${error.message} To run without one: --no-backup.`, signal?.aborted ? "cancelled" : "stopped before", { done: [], status: [] }, error);
    }
  };
}
