// Backups of a project behind one interface: where their files go, and that a small dump is proved at once.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { SchemaModel } from "../model/schema";
import type { BackupsSetting } from "../configured-backups";
import { BackupError, type Backup, type Backups, type CreateRequest } from "./backup";
import { createDump } from "./create";
import { readManifest, writeManifest } from "./manifest";
import { freePath } from "./new-file";
import { restoreDump } from "./restore";
import { verifyDump } from "./verify";

export interface BackupsOptions {
  readonly setting: BackupsSetting;
  /** Absolute: where the setting's folder counts from, if it is relative. */
  readonly root: string;
  /** Folders to look for pg_dump and pg_restore in; the usual ones by default. */
  readonly programs?: readonly string[];
  /** Where the embedded database's runtime lies. */
  readonly runtime?: string;
  schema(): SchemaModel | undefined;
  readonly now: () => Date;
}

/** Bytes of a database that is proved at once by default: a few seconds on the embedded database. */
const smallDatabase = 64_000_000;

export function openBackups(options: BackupsOptions): Backups {
  const { programs } = options;
  const verify: Backups["verify"] = async (request) => {
    const result = await verifyDump(request, options);
    const { file, against } = request;
    const manifest = typeof file === "string" && result.problems.length === 0 && (against === undefined || against === "manifest") ? readManifest(file) : undefined;
    if (manifest && typeof file === "string") writeManifest(file, { ...manifest, verified: { at: options.now().toISOString(), on: result.on } });
    return result;
  };
  const create: Backups["create"] = async (request): Promise<Backup> => {
    const path = request.file ?? freePath(folderOf(options), stemOf(request, options.now()), "sql.gz");
    const { manifest, size } = await createDump(request, path, { ...(programs && { programs }), now: options.now() });
    const { version: _version, schema: _schema, ...made } = manifest;
    const large = request.verify !== "always" && request.verify !== "never" && size > smallDatabase;
    if (request.verify === "never" || large) return { ...made, path, wrong: false, unverified: [large ? `The database is larger than ${smallDatabase / 1_000_000} MB, so its dump was not restored at once.` : "It was not restored yet."] };
    const { problems, on } = await verify({ file: path, on: "embedded", ...(request.onProgress && { onProgress: request.onProgress }), ...(request.signal && { signal: request.signal }) }).catch((error: Error) => {
      if (request.signal?.aborted) throw new BackupError(`The dump ${path} was made, and proving it was cancelled.`, "cancelled");
      return { problems: [`It could not be tried on the embedded database: ${error.message}`], on: undefined };
    });
    return { ...made, path, unverified: problems, wrong: problems.length > 0 && on !== undefined, ...(problems.length === 0 && on !== undefined && { verified: { at: options.now().toISOString(), on } }) };
  };
  return {
    create,
    verify,
    restore: ({ onProgress, signal, ...request }) => restoreDump({ ...request, onProgress, signal }, {
      ...(programs && { programs }),
      async dumpFirst() {
        const { path, verified, wrong, unverified } = await create({ settings: request.settings, onProgress, signal });
        if (wrong) throw new BackupError(`The dump of what is there, ${path}, does not restore to what was dumped: ${unverified[0]} Nothing was restored. To do without it: --no-backup.`, "refused");
        return `What was there before is in the ${verified ? "backup" : "dump"} ${path}.`;
      },
    }),
  };
}

/** "shop-20261121-154500", in UTC. */
function stemOf({ settings }: CreateRequest, now: Date): string {
  const time = now.toISOString().replace(/\.\d+Z$/, "").replace(/[-:]/g, "").replace("T", "-");
  return `${settings.database.replace(/[^\w.-]+/g, "_")}-${time}`;
}

/** Made where it lacks, with a file that keeps version control out: a dump holds people's data. */
function folderOf({ root, setting }: BackupsOptions): string {
  const folder = resolve(root, setting.folder);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, ".gitignore"), "*\n");
  }
  return folder;
}
