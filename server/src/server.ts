// Door one: requests of the Language Server Protocol to the engine, by way of lsp/. Starts nothing by itself.
import { Console } from "node:console";
import { createConnection, DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, FileChangeType, MessageType, ProposedFeatures, ShowMessageNotification, TextDocumentSyncKind, WatchKind,
  type Connection, type InitializeParams, type InitializeResult } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { configFileName, configurable } from "./config";
import type { Failure } from "./engine";
import { codeActionKinds, codeActions } from "./lsp/code-actions";
import { serveBackups } from "./lsp/backups";
import { serveDatabases } from "./lsp/databases";
import { serveDiagram } from "./lsp/diagram";
import { serveMigrations } from "./lsp/migrations";
import { serveSqlFiles } from "./lsp/sql-files";
import { diagnosticsOf } from "./lsp/diagnostics";
import { openDocuments } from "./lsp/documents";
import { StreamWriter } from "./lsp/message-writer";
import { pathOf, uriOf, type Texts } from "./lsp/place";
import { serverCommands, type InitializationOptions } from "./lsp/protocol";
import { serveCommands } from "./lsp/commands";
import { completionTriggers, serveReading } from "./lsp/reading";
import { publishing } from "./lsp/publishing";
import { answerer, guard } from "./lsp/requests";
import { readSettings } from "./lsp/settings";
import { servePushPreview } from "./lsp/push-preview";
import { openWorkspace } from "./lsp/workspace";
import { rules } from "./rules/registry";
import { nearestConfig } from "./terminal/config-file";
import { diskFiles, isFolder } from "./terminal/disk-files";
import { settledFiles } from "./terminal/settled-files";
import { makeObjectsYoung } from "./young-objects";

/** What a change on disk may concern: schemas, what they import, and the files that say where they are. */
const watched = ["**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,prisma}", "**/{package.json,tsconfig*.json,jsconfig.json}", `**/${configFileName}`, "**/*.sql", "**/{_journal.json,snapshot.json,migration_lock.toml}"];
/** The names of those; any other that is deleted may be a folder with some of them. */
const watchedNames = /\.([cm]?[jt]sx?|prisma|json|sql|toml)$/;
/** What the folder of a migration holds, whose name begins with a time. */
const inMigration = ["migration.sql", "snapshot.json"];

/** A connection over standard input and output, for `plumbline lsp --stdio`. */
export function stdioConnection(): Connection {
  // Standard output is the protocol's alone.
  globalThis.console = new Console(process.stderr);
  const writer = new StreamWriter(process.stdout);
  // The declaration names streams alone for a reader that is one; the library takes either.
  return createConnection(ProposedFeatures.all, process.stdin, writer as unknown as NodeJS.WritableStream);
}

/** Serves the connection until the client ends it. */
export function startServer(connection: Connection): void {
  makeObjectsYoung();
  // A message that could not be sent must not end the server: Node would, by default.
  process.on("unhandledRejection", (error) => connection.console.error(`Plumbline: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`));
  connection.onInitialize((params) => initialize(connection, params));
  connection.listen();
}

function tellUser(connection: Connection, message: string): void {
  void connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message });
}

function initialize(connection: Connection, params: InitializeParams): InitializeResult {
  const { capabilities } = params;
  const options = (params.initializationOptions ?? {}) as InitializationOptions;
  const documents = openDocuments();
  const known = configurable(rules);
  let values: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map();

  const told = new Set<string>();
  const onFailure = ({ where, file, error }: Failure): void => {
    const message = `${where} failed${file === undefined ? "" : ` on ${file}`}; the rest goes on. ${error}`;
    // The way to the same failure, which its stack tells, may differ.
    const identity = message.split("\n", 1)[0]!;
    if (told.has(identity)) return;
    told.add(identity);
    connection.console.error(message);
  };
  const warned = new Set<string>();
  const warn = (message: string): void => {
    if (!warned.has(message)) connection.console.warn(`Setting ignored: ${message}`);
    warned.add(message);
  };

  const workspace = openWorkspace({
    documents,
    disk: diskFiles,
    settings: (root, read) => readSettings({ root, values: values.get(root) ?? options.settings ?? {}, rules: known, nearest: nearestConfig(root, root, known, { read }), read, warn }),
    // The parser takes 50 ms and megabytes: it is loaded with the first folder of migrations, behind the first diagnostics.
    foundMigrations: (folders) => void Promise.all([import("./sql/load").then(({ loadSqlParser }) => loadSqlParser()), options.trusted === false ? new Set<string>() : settledFiles(folders)]).then(([parser, settled]) => {
      workspace.judgeMigrations(parser, settled);
      soon();
    }).catch((error: unknown) => onFailure({ where: "PostgreSQL's parser", error: String(error) })),
    onFailure,
  });
  const texts = textsOf();
  const diagnostics = diagnosticsOf(workspace, texts, { ...capabilities.textDocument?.publishDiagnostics, ...capabilities.textDocument?.diagnostic, palette: (options.commands ?? []).length > 0 });
  const guarded = guard(onFailure);
  let isReady = false;
  let becomeReady = (): void => {};
  const ready = new Promise<void>((resolve) => (becomeReady = resolve));
  const answered = answerer(guarded, () => isReady, ready);
  const publisher = publishing({ connection, capabilities, workspace, documents, diagnostics, texts, guarded, answered, ready, settled: () => void databases.considerSpelling() });
  const commands = new Set(options.commands);
  const soon = (edited?: string): void => {
    if (isReady) publisher.soon(edited);
  };
  const actions = codeActions({ workspace, diagnostics, texts, capabilities, commands, trusted: () => databases.trusted(), refuse: (reason) => tellUser(connection, `Plumbline: nothing was changed; ${reason}.`) });

  /** Open documents as they are, files on disk as the folder that holds them knows them. */
  function textsOf(): Texts {
    const onDisk = new Map<string, { readonly stamp: number; readonly document: TextDocument | undefined }>();
    return {
      document(path) {
        const open = documents.byPath(path);
        if (open) return open;
        const stamp = workspace.stamp(path);
        let known = onDisk.get(path);
        if (known?.stamp !== stamp) {
          const text = workspace.read(path);
          known = { stamp, document: text === undefined ? undefined : TextDocument.create(uriOf(path), "", 0, text) };
          onDisk.set(path, known);
        }
        return known?.document;
      },
      uri: (path) => documents.byPath(path)?.uri ?? uriOf(path),
      version: (path) => documents.byPath(path)?.version ?? null,
      stamp: (path) => workspace.stamp(path),
    };
  }

  const roots = (params.workspaceFolders?.map((folder) => folder.uri) ?? (params.rootUri ? [params.rootUri] : [])).flatMap((uri) => pathOf(uri) ?? []);

  connection.onInitialized(guarded("initialized", () => void begin(), undefined));

  async function begin(): Promise<void> {
    try {
      if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
        await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [...watched.map((globPattern) => ({ globPattern })), { globPattern: "**/*", kind: WatchKind.Delete }, { globPattern: "**/[0-9]*", kind: WatchKind.Create }] });
      }
      if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration) await connection.client.register(DidChangeConfigurationNotification.type, { section: "plumbline" });
      if (capabilities.workspace?.workspaceFolders) {
        connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
          for (const { uri } of removed) withPath(uri, (path) => workspace.remove(path));
          databases.foldersChanged();
          const paths = added.flatMap(({ uri }) => pathOf(uri) ?? []);
          void readValues([...workspace.folders.map((folder) => folder.root), ...paths]).catch(() => undefined).then(() => {
            for (const path of paths) workspace.add(path);
            soon();
          });
        });
      }
      await readValues(roots);
    } catch (error) {
      onFailure({ where: "initialized", error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
    for (const root of roots) workspace.add(root);
    for (const [path] of documents.all()) adopt(path);
    isReady = true;
    becomeReady();
    soon();
  }

  async function readValues(folders: readonly string[]): Promise<void> {
    if (!capabilities.workspace?.configuration || folders.length === 0) return;
    const found = await connection.workspace.getConfiguration(folders.map((folder) => ({ scopeUri: uriOf(folder), section: "plumbline" })));
    values = new Map(folders.map((folder, at) => [folder, (found[at] ?? {}) as Readonly<Record<string, unknown>>]));
  }

  /** A document outside all folders is checked in its own. */
  function adopt(path: string): void {
    if (workspace.folderOf(path)) return;
    const folder = path.slice(0, Math.max(path.lastIndexOf("/"), 1));
    if (/\.(prisma|[cm]?tsx?)$/.test(path) && isFolder(folder)) workspace.add(folder);
  }

  function withPath(uri: string, use: (path: string) => void): void {
    const path = pathOf(uri);
    if (path !== undefined) use(path);
  }

  connection.onDidOpenTextDocument(guarded("textDocument/didOpen", ({ textDocument }) => {
    const path = documents.open(textDocument);
    if (path === undefined) return;
    if (isReady) adopt(path);
    settingsMayDiffer([path]);
    workspace.edited(path);
    soon(path);
  }, undefined));

  connection.onDidChangeTextDocument(guarded("textDocument/didChange", ({ textDocument, contentChanges }) => {
    const changed = documents.change(textDocument.uri, textDocument.version, contentChanges);
    if (!changed) return;
    settingsMayDiffer([changed.path]);
    workspace.edited(changed.path, changed.steps);
    soon(changed.path);
  }, undefined));

  connection.onDidCloseTextDocument(guarded("textDocument/didClose", ({ textDocument }) => {
    const path = documents.close(textDocument.uri);
    if (path === undefined) return;
    settingsMayDiffer([path]);
    workspace.changedOnDisk([path]);
    soon();
  }, undefined));

  connection.onDidChangeWatchedFiles(guarded("workspace/didChangeWatchedFiles", ({ changes }) => {
    // VS Code tells of a folder that is deleted, and of nothing in it; of one that is made, and not always of a file that is written into it at once.
    const toldOf = (path: string, type: FileChangeType): readonly string[] => (watchedNames.test(path) ? [path] : type === FileChangeType.Deleted ? workspace.readUnder(path) : inMigration.map((name) => `${path}/${name}`));
    const paths = changes.flatMap(({ uri, type }) => toldOf(pathOf(uri) ?? "", type)).filter((path) => path !== "" && !/\/(node_modules|\.git)\//.test(path));
    if (paths.length === 0) return;
    workspace.changedOnDisk(paths);
    settingsMayDiffer(paths);
    soon();
  }, undefined));

  function settingsMayDiffer(paths: readonly string[]): void {
    const known = new Set(workspace.folders.flatMap((folder) => folder.settings.dependsOn));
    if (paths.some((path) => known.has(path) || path.endsWith(`/${configFileName}`))) workspace.configure();
  }

  connection.onDidChangeConfiguration(({ settings }) => {
    const given = (settings as { plumbline?: Readonly<Record<string, unknown>> } | null)?.plumbline;
    const folders = workspace.folders.map((folder) => folder.root);
    if (!capabilities.workspace?.configuration && given) values = new Map(folders.map((root) => [root, given]));
    void readValues(folders).catch(() => undefined).then(() => {
      workspace.configure();
      soon();
    });
  });

  connection.onCodeAction(answered("textDocument/codeAction", (request) => [...actions.provide(request)], []));
  connection.onCodeActionResolve((action) => guarded("codeAction/resolve", actions.resolve, action)(action));
  serveReading({ connection, capabilities, workspace, texts, answered, commands });
  const databases = serveDatabases({ connection, workspace, texts, environment: process.env, files: (root) => diskFiles(root), storage: options.storage, trusted: options.trusted !== false, changed: () => soon() });
  const migrations = serveMigrations({ connection, workspace, texts, databases, environment: process.env, files: (root) => diskFiles(root), storage: options.storage, log: (message) => connection.console.info(message) });
  const sqlFiles = serveSqlFiles({ connection, workspace, databases, environment: process.env, files: (root) => diskFiles(root), storage: options.storage, log: (message) => connection.console.info(message) });
  servePushPreview(connection, workspace, ready, () => databases.considerSpelling());
  serveDiagram({ connection, workspace, texts, ready });
  serveCommands({ connection, capabilities, workspace, texts, diagnostics, actions, publisher, cancellable: { ...databases.commands, ...migrations, ...serveBackups({ connection, workspace, databases }), ...sqlFiles }, ready });
  connection.onShutdown(() => databases.close());

  return {
    serverInfo: { name: "plumbline" },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      ...(capabilities.textDocument?.diagnostic && { diagnosticProvider: { identifier: "plumbline", interFileDependencies: true, workspaceDiagnostics: true, workDoneProgress: true } }),
      codeActionProvider: { codeActionKinds, resolveProvider: true },
      codeLensProvider: { resolveProvider: false },
      hoverProvider: true,
      completionProvider: { triggerCharacters: completionTriggers },
      documentSymbolProvider: { label: "Plumbline" },
      workspaceSymbolProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      executeCommandProvider: { commands: Object.values(serverCommands) },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}
