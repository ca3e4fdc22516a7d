// `plumbline check --watch`: checks, waits for a change in what was read or listed, and checks again.
import { watch as watchFolder, type FSWatcher } from "node:fs";
import { configFileName } from "../config";
import { checkWorkspace, databasesOf, refuse, type CheckOptions } from "./check";
import { resolvePath } from "./disk-files";
import type { Terminal } from "./terminal";
import { openWorkspace, prepareMigrations, type Refusal, type Workspace } from "./workspace";

/** Editors write a file in several steps; changes within this many milliseconds are one. */
const settleTime = 100;

/** Ends with SIGINT or SIGTERM, or at once where the first check cannot run. The exit code is the last check's. */
export async function watch(paths: readonly string[], options: CheckOptions, terminal: Terminal): Promise<number> {
  const first = openWorkspace(paths, options);
  if (first.kind === "refused") return refuse(first.message, terminal);
  let workspace: Workspace | undefined = first;
  let databases = databasesOf(first, paths, options, terminal);
  const refusal = await databases?.refresh(first.project);
  if (refusal) {
    await databases?.close();
    return refuse(refusal.message, terminal);
  }
  await prepareMigrations(first);

  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let checking: Promise<void> = Promise.resolve();
  const notice = (file: string): void => {
    changed.add(file);
    clearTimeout(timer);
    timer = setTimeout(() => (checking = checking.then(again)), settleTime);
  };
  const again = async (): Promise<void> => {
    const files = [...changed];
    changed.clear();
    const unread = await reread(files);
    show(() => (unread === undefined ? checkWorkspace(workspace!, paths, options, terminal) : refuse(unread.message, terminal)));
  };
  let code = 0;
  /** Clears the screen of the check before, on a terminal. It says that it waits once every change is seen. */
  const show = (run: () => number): void => {
    if (terminal.interactive) terminal.write("\u001b[2J\u001b[3J\u001b[H");
    code = run();
    if (workspace) watchAll(workspace, watchers, notice);
    terminal.tell(terminal.errorColors.dim("Waiting for changes; Ctrl+C ends."));
  };
  /** Forgets what has changed, and asks the database whether it has. */
  const reread = async (files: readonly string[]): Promise<Refusal | undefined> => {
    // Another configuration may mean other files and connections, so that everything is opened anew.
    if (workspace === undefined || files.some((file) => file.endsWith(`/${configFileName}`) || file === workspace?.configFile)) {
      const opened = openWorkspace(paths, options);
      await databases?.close();
      workspace = opened.kind === "open" ? opened : undefined;
      if (opened.kind === "refused") return opened;
      databases = databasesOf(opened, paths, options, terminal);
    } else {
      for (const file of files) {
        workspace.files.forget(file);
        workspace.project.changed(file);
      }
    }
    const unread = await databases?.refresh(workspace!.project);
    await prepareMigrations(workspace!);
    if (unread) terminal.tell(`${terminal.errorColors.yellow("warning:")} ${unread.message}`);
    return undefined;
  };
  show(() => checkWorkspace(first, paths, options, terminal));

  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  clearTimeout(timer);
  for (const watcher of watchers.values()) watcher.close();
  await databases?.close();
  return code;
}

/** Watches the folders of all files that were read, and those that were looked through for files. */
function watchAll(workspace: Workspace, watchers: Map<string, FSWatcher>, notice: (file: string) => void): void {
  const folders = new Set(workspace.files.listedDirectories());
  const report = workspace.project.report();
  const read = [...report.schemas.flatMap(({ dependsOn }) => dependsOn), ...report.folders.flatMap(({ migrations }) => migrations.map(({ up }) => up.file))];
  for (const file of [...read, workspace.configFile ?? "", `${workspace.root}/${configFileName}`]) {
    if (file !== "") folders.add(file.slice(0, Math.max(file.lastIndexOf("/"), 1)));
  }
  for (const [folder, watcher] of watchers) {
    if (folders.has(folder)) continue;
    watcher.close();
    watchers.delete(folder);
  }
  for (const folder of folders) {
    if (watchers.has(folder)) continue;
    try {
      const watcher = watchFolder(folder, (_event, name) => notice(name === null ? folder : resolvePath(folder, name)));
      watcher.on("error", () => watcher.close());
      watchers.set(folder, watcher);
    } catch {
      // A folder that has just gone, or one too many for the system: the others are watched.
    }
  }
}
