// The workspace folders with their projects: routes what changed to the projects that it concerns, and gives their
// reports, each folder's failures contained. It knows no requests and sends nothing.
import type { Baseline } from "../baseline";
import { configFileName, type Config } from "../config";
import type { ConnectedDatabase } from "../database-checking";
import { openProject, type Failure, type Project, type Report } from "../engine";
import type { Finding, SchemaReading } from "../model/finding";
import type { Documents, Step } from "./documents";
import { overlay, type Disk } from "./files";
import type { SqlParser } from "../sql/parser";

/** What a folder's settings say, and what is wrong with them. */
export interface FolderSettings {
  readonly config: Config;
  /** Absolute paths of the files that were looked for, there or not: a change of one of them means to read the settings again. */
  readonly dependsOn: readonly string[];
  readonly problems: readonly Finding[];
  /** Findings that are not reported. */
  readonly baseline: Baseline;
  /** Absolute path of the file that the connections stand in; undefined: the editor's settings. */
  readonly connectionsFile?: string;
}

export interface Folder {
  /** Absolute path with `/`. */
  readonly root: string;
  readonly project: Project;
  readonly settings: FolderSettings;
  report(): Report;
}

export interface Workspace {
  readonly folders: readonly Folder[];
  /** Adds the folder, and each folder inside it that has a configuration of its own. */
  add(root: string): void;
  remove(root: string): void;
  /** What is known of the databases that the folder is connected to; it stays known when the folder is read anew. */
  connect(root: string, databases: readonly ConnectedDatabase[]): void;
  /** The folder that the file belongs to: the innermost one around it. */
  folderOf(path: string): Folder | undefined;
  /** The schemas that have a table in the file, with their folders. */
  schemasOf(path: string): readonly { readonly folder: Folder; readonly reading: SchemaReading }[];
  /** The text on disk, as the folder remembers it that the file belongs to. */
  read(path: string): string | undefined;
  /** An open document has changed. */
  edited(path: string, steps?: readonly Step[]): void;
  /** Something happened to the files on disk; open documents are not concerned. */
  changedOnDisk(paths: readonly string[]): void;
  /** Files inside that folder that the last reports have read. */
  readUnder(folder: string): readonly string[];
  /** Reads the settings of all folders again, and configures those that differ. */
  configure(): void;
  /** Forgets all that was read, so that the next report reads everything anew. */
  reload(): void;
  /** From now on the migrations of all folders are judged: with PostgreSQL's parser, without the `settled` files. */
  judgeMigrations(parser: SqlParser, settled: ReadonlySet<string>): void;
  /** Grows with each change of a file's text. */
  stamp(path: string): number;
}

export interface WorkspaceParts {
  readonly documents: Documents;
  /** The disk under a root; `exclude` are globs of files that are as if they were not there. */
  disk(root: string, exclude: readonly string[]): Disk;
  settings(root: string, read: (path: string) => string | undefined): FolderSettings;
  /** Folders of migrations (absolute) are there for the first time; answered by `judgeMigrations`. */
  foundMigrations(folders: readonly string[]): void;
  /** Called for each failure, again and again where it stays. */
  onFailure(failure: Failure): void;
}

interface OpenFolder extends Folder {
  /** True for a folder that was not opened, but has a configuration of its own. */
  readonly configured: boolean;
  settings: FolderSettings;
  project: Project;
  disk: Disk;
  dependsOn: ReadonlySet<string>;
}

const empty: Report = { schemas: [], pairs: [], databases: [], folders: [], needsSqlParser: false, findings: [], failures: [] };

export function openWorkspace({ documents, disk, settings, foundMigrations, onFailure }: WorkspaceParts): Workspace {
  const folders: OpenFolder[] = [];
  const stamps = new Map<string, number>();
  const connected = new Map<string, readonly ConnectedDatabase[]>();
  let judging: { readonly parser: SqlParser; readonly settled: ReadonlySet<string> } | undefined;
  const asked = new Set<string>();

  function open(root: string, configured: boolean): OpenFolder {
    const found = settings(root, (path) => documents.byPath(path)?.getText() ?? disk(root, []).read(path));
    const ownDisk = disk(root, found.config.exclude);
    let raw: Report | undefined;
    let own = empty;
    const folder: OpenFolder = {
      root,
      configured,
      settings: found,
      disk: ownDisk,
      project: openProject(overlay(ownDisk, documents), found.config),
      dependsOn: new Set(),
      report() {
        try {
          const report = folder.project.report();
          if (report === raw) return own;
          for (const failure of report.failures) onFailure(failure);
          folder.dependsOn = new Set([...report.schemas.flatMap((schema) => schema.dependsOn), ...report.folders.flatMap(({ migrations }) => migrations.map(({ up }) => up.file))]);
          const found = report.folders.map((one) => one.folder).filter((path) => !asked.has(path));
          for (const path of found) asked.add(path);
          if (found.length > 0) foundMigrations(found);
          raw = report;
          return (own = withoutThoseOfInnerFolders(report, folder));
        } catch (error) {
          onFailure({ where: "engine", file: root, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
          return empty;
        }
      },
    };
    if (connected.has(root)) folder.project.connect(connected.get(root)!);
    if (judging) judge(folder, judging);
    return folder;
  }

  /** What a folder is connected to concerns a folder with a configuration of its own inside it whose tables the database holds. */
  function connectInner(outer: OpenFolder, databases: readonly ConnectedDatabase[]): void {
    const inner = folders.filter((folder) => folder.configured && folder !== outer && isUnder(folder.root, outer.root));
    if (inner.length === 0) return;
    const { schemas, databases: held } = outer.project.report();
    for (const folder of inner) {
      const own = databases.filter((database) => {
        const ids = held.find((one) => one.database === database)?.schemas ?? [];
        return schemas.some(({ model }) => ids.includes(model.id) && model.tables.some(({ at }) => at !== undefined && isUnder(at.file, folder.root)));
      });
      remember(folder, own);
    }
  }

  function remember(folder: OpenFolder, databases: readonly ConnectedDatabase[]): void {
    if (databases.length === 0 && !connected.has(folder.root)) return;
    if (databases.length === 0) connected.delete(folder.root);
    else connected.set(folder.root, databases);
    folder.project.connect(databases);
  }

  /** A folder with a configuration of its own inside another speaks for its files alone. */
  function withoutThoseOfInnerFolders(report: Report, folder: OpenFolder): Report {
    const inner = folders.filter((other) => other.configured && other !== folder && isUnder(other.root, folder.root)).map((other) => other.root);
    if (inner.length === 0) return report;
    const isOwn = (file: string | undefined): boolean => file === undefined || !inner.some((root) => isUnder(file, root));
    return {
      ...report,
      schemas: report.schemas.filter(({ model }) => model.tables.length === 0 || model.tables.some((table) => isOwn(table.at?.file))),
      findings: report.findings.filter((finding) => isOwn(finding.at?.file)),
    };
  }

  /** A folder hears of its own files and of those outside that it reads. */
  const concerns = (folder: OpenFolder, path: string): boolean => isUnder(path, folder.root) || folder.dependsOn.has(path);

  function innermost(path: string): OpenFolder | undefined {
    let found: OpenFolder | undefined;
    for (const folder of folders) if (isUnder(path, folder.root) && folder.root.length > (found?.root.length ?? -1)) found = folder;
    return found;
  }

  function addConfigured(outer: OpenFolder): void {
    for (const config of outer.disk.list(`**/${configFileName}`)) {
      const root = config.slice(0, -configFileName.length - 1);
      if (!folders.some((folder) => folder.root === root)) folders.push(open(root, true));
    }
  }

  function tellProjects(path: string, steps?: readonly Step[]): void {
    stamps.set(path, (stamps.get(path) ?? 0) + 1);
    for (const folder of folders) if (concerns(folder, path)) folder.project.changed(path, steps);
  }

  return {
    folders,
    add(root) {
      if (folders.some((folder) => folder.root === root && !folder.configured)) return;
      const outer = open(root, false);
      folders.push(outer);
      addConfigured(outer);
    },
    remove(root) {
      const gone = folders.filter((folder) => folder.root === root || (folder.configured && isUnder(folder.root, root)));
      folders.splice(0, folders.length, ...folders.filter((folder) => !gone.includes(folder)));
    },
    connect(root, databases) {
      const folder = folders.find((one) => one.root === root);
      if (!folder) return void connected.delete(root);
      remember(folder, databases);
      connectInner(folder, databases);
    },
    folderOf: (path) => innermost(path) ?? folders.find((folder) => folder.dependsOn.has(path)),
    schemasOf: (path) => folders.filter((folder) => concerns(folder, path)).flatMap((folder) =>
      folder.report().schemas.filter((reading) => reading.model.tables.some((table) => table.at?.file === path)).map((reading) => ({ folder, reading }))),
    read: (path) => (innermost(path) ?? folders.find((folder) => folder.dependsOn.has(path)) ?? folders[0])?.disk.read(path),
    edited: tellProjects,
    changedOnDisk(paths) {
      for (const path of paths) {
        for (const folder of folders) if (concerns(folder, path)) folder.disk.forget(path);
        if (!documents.byPath(path)) tellProjects(path);
      }
    },
    readUnder: (inside) => [...new Set(folders.flatMap(({ dependsOn }) => [...dependsOn].filter((path) => path.startsWith(`${inside}/`))))],
    configure() {
      const outer = folders.filter((folder) => !folder.configured);
      folders.splice(0, folders.length, ...folders.filter((folder) => !folder.configured || folder.disk.exists(`${folder.root}/${configFileName}`)));
      outer.forEach(addConfigured);
      for (const [at, folder] of folders.entries()) {
        const found = settings(folder.root, (path) => documents.byPath(path)?.getText() ?? folder.disk.read(path));
        if (JSON.stringify(found.config.exclude) !== JSON.stringify(folder.settings.config.exclude)) folders[at] = open(folder.root, folder.configured);
        else if (JSON.stringify(found.config) !== JSON.stringify(folder.settings.config)) folder.project.configure(found.config);
        folders[at]!.settings = found;
      }
    },
    reload() {
      for (const [at, folder] of folders.entries()) folders[at] = open(folder.root, folder.configured);
      for (const [path, stamp] of stamps) stamps.set(path, stamp + 1);
    },
    judgeMigrations(parser, settled) {
      judging = { parser, settled: new Set([...(judging?.settled ?? []), ...settled]) };
      for (const folder of folders) judge(folder, judging);
    },
    stamp: (path) => stamps.get(path) ?? 0,
  };
}

function judge({ project }: OpenFolder, { parser, settled }: { readonly parser: SqlParser; readonly settled: ReadonlySet<string> }): void {
  project.settle(settled);
  project.parseSqlWith(parser);
}

export function isUnder(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith("/") ? root : `${root}/`);
}
