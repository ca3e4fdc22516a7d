// An editor for the language server's tests: starts the real bundle over standard input and output on a folder of its
// own, speaks the protocol by vscode-languageserver-protocol, and waits for what it expects instead of sleeping.
import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  ApplyWorkspaceEditRequest, CodeActionRequest, CodeActionResolveRequest, CodeLensRefreshRequest, ConfigurationRequest, createProtocolConnection, DiagnosticRefreshRequest,
  DidChangeTextDocumentNotification, DidChangeWatchedFilesNotification, DidCloseTextDocumentNotification, DidOpenTextDocumentNotification, DocumentDiagnosticRequest,
  InitializedNotification, InitializeRequest, LogMessageNotification, PublishDiagnosticsNotification, RegistrationRequest, ShowMessageNotification, StreamMessageReader, StreamMessageWriter,
  WorkDoneProgressCreateRequest, type ClientCapabilities, type CodeAction, type Command, type Diagnostic, type FileChangeType, type FullDocumentDiagnosticReport, type InitializeResult, type ProtocolConnection,
  type Position, type Range, type ShowMessageParams, type TextDocumentContentChangeEvent, type WorkspaceEdit,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Status } from "../../server/src/lsp/protocol";

const root = path.resolve(__dirname, "../..");
let built: Promise<string> | undefined;
const temporary: string[] = [];
process.once("exit", () => temporary.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** Folder of the bundles; built once a run. */
export function bundles(): Promise<string> {
  built ??= (async () => {
    const outdir = mkdtempSync(path.join(tmpdir(), "plumbline-bundle-"));
    temporary.push(outdir);
    const { bundle } = (await import(pathToFileURL(path.join(root, "server/build/bundle.mjs")).href)) as { bundle(options: { outdir: string }): Promise<unknown> };
    await bundle({ outdir });
    return outdir;
  })();
  return built;
}

/** A folder with these files, gone after the run. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "plumbline-lsp-")));
  temporary.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

/** What VS Code says that it can do, as far as the server asks. */
export const visualStudioCode: ClientCapabilities = {
  workspace: {
    applyEdit: true, configuration: true, workspaceFolders: true,
    workspaceEdit: { documentChanges: true, changeAnnotationSupport: { groupsOnLabel: true } },
    didChangeWatchedFiles: { dynamicRegistration: true }, didChangeConfiguration: { dynamicRegistration: true },
    diagnostics: { refreshSupport: true }, codeLens: { refreshSupport: true },
  },
  textDocument: {
    diagnostic: { dynamicRegistration: false, relatedDocumentSupport: false },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "source.fixAll"] } }, dataSupport: true, resolveSupport: { properties: ["edit"] } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    publishDiagnostics: { relatedInformation: true, tagSupport: { valueSet: [1, 2] }, codeDescriptionSupport: true, dataSupport: true },
  },
  window: { workDoneProgress: true },
};

/** An editor that knows the protocol's beginnings alone. */
export const plainEditor: ClientCapabilities = { textDocument: { synchronization: {} } };

export interface StartOptions {
  readonly capabilities?: ClientCapabilities;
  readonly folders?: readonly string[];
  /** Settings under `plumbline.`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly commands?: readonly string[];
  /** Further `initializationOptions`. */
  readonly initializationOptions?: Readonly<Record<string, unknown>>;
  /** Answers `workspace/applyEdit`; without it every edit is applied to the open documents and the disk. */
  readonly refuseEdits?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  /** Arguments of Node before the bundle. */
  readonly nodeArguments?: readonly string[];
  /** The command line instead of dist/server.js --stdio. */
  readonly bundle?: readonly string[];
}

export interface Editor {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  readonly initialized: InitializeResult;
  readonly folder: string;
  readonly messages: ShowMessageParams[];
  readonly log: string[];
  readonly refreshes: { diagnostics: number; lenses: number };
  readonly published: Map<string, { readonly diagnostics: readonly Diagnostic[]; readonly times: number }>;
  readonly registrations: { readonly method: string; readonly registerOptions?: unknown }[];
  readonly appliedEdits: WorkspaceEdit[];
  settings: Readonly<Record<string, unknown>>;
  status(): Status | undefined;
  uri(name: string): string;
  text(name: string): string;
  open(name: string, language?: string, text?: string): void;
  /** Replaces the first occurrence of `from` in the open document by `to`, as an incremental edit. */
  replace(name: string, from: string, to: string): void;
  change(name: string, changes: readonly TextDocumentContentChangeEvent[]): void;
  close(name: string): void;
  write(name: string, text: string, type?: FileChangeType): void;
  pull(name: string): Promise<readonly Diagnostic[]>;
  /** Pulls until the file has diagnostics that `wanted` holds for. */
  until<Value>(what: string, ask: () => Value | Promise<Value>, wanted: (value: Value) => boolean): Promise<Value>;
  position(name: string, marker: string, offset?: number): Position;
  actions(name: string, range: Range, only?: readonly string[], diagnostics?: readonly Diagnostic[]): Promise<readonly CodeAction[]>;
  resolve(action: CodeAction): Promise<CodeAction>;
  /** The file's text after the edit; the open document and the disk stay as they are. */
  after(edit: WorkspaceEdit | undefined, name: string): string;
  stop(): Promise<number | null>;
}

export async function startEditor(files: Readonly<Record<string, string>> | string, options: StartOptions = {}): Promise<Editor> {
  const folder = typeof files === "string" ? files : folderWith(files);
  const capabilities = options.capabilities ?? visualStudioCode;
  const command = options.bundle ?? [path.join(await bundles(), "server.js"), "--stdio"];
  const child = spawn(process.execPath, [...(options.nodeArguments ?? []), ...command], { stdio: "pipe", cwd: folder, env: { ...process.env, ...options.environment } });
  const log: string[] = [];
  child.stderr.on("data", (data: Buffer) => log.push(data.toString()));
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin), { error: (message) => log.push(message), warn: (message) => log.push(message), info: () => {}, log: () => {} });

  // Whoever waits for an answer of a server that has died shall not wait for long.
  child.once("exit", () => connection.dispose());

  const documents = new Map<string, TextDocument>();
  const messages: ShowMessageParams[] = [];
  const published: Editor["published"] = new Map();
  const registrations: { method: string; registerOptions?: unknown }[] = [];
  const appliedEdits: WorkspaceEdit[] = [];
  const refreshes = { diagnostics: 0, lenses: 0 };
  let status: Status | undefined;
  const folders = options.folders ?? [folder];

  connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => editor.settings));
  connection.onRequest(RegistrationRequest.type, ({ registrations: asked }) => void registrations.push(...asked));
  connection.onRequest(DiagnosticRefreshRequest.type, () => void refreshes.diagnostics++);
  connection.onRequest(CodeLensRefreshRequest.type, () => void refreshes.lenses++);
  connection.onRequest(WorkDoneProgressCreateRequest.type, () => {});
  connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit }) => {
    if (options.refuseEdits) return { applied: false, failureReason: "the user said no" };
    appliedEdits.push(edit);
    return { applied: true };
  });
  connection.onNotification(ShowMessageNotification.type, (message) => void messages.push(message));
  connection.onNotification(LogMessageNotification.type, ({ message }) => void log.push(message));
  connection.onNotification("plumbline/status", (next: Status) => void (status = next));
  connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => void published.set(uri, { diagnostics, times: (published.get(uri)?.times ?? 0) + 1 }));
  connection.listen();

  const asUri = (name: string): string => pathToFileURL(path.resolve(folder, name)).href;
  const document = (name: string): TextDocument => documents.get(asUri(name)) ?? TextDocument.create(asUri(name), "", 0, readFileSync(path.resolve(folder, name), "utf8"));

  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid, rootUri: folders[0] === undefined ? null : pathToFileURL(folders[0]).href, capabilities,
    workspaceFolders: capabilities.workspace?.workspaceFolders ? folders.map((one) => ({ uri: pathToFileURL(one).href, name: path.basename(one) })) : null,
    initializationOptions: { ...options.initializationOptions, commands: options.commands ?? [], ...(capabilities.workspace?.configuration ? {} : { settings: options.settings ?? {} }) },
  });

  const editor: Editor = {
    connection, process: child, initialized, folder, messages, log, refreshes, published, registrations, appliedEdits,
    settings: options.settings ?? {},
    status: () => status,
    uri: asUri,
    text: (name) => document(name).getText(),
    open(name, language = name.endsWith(".prisma") ? "prisma" : "typescript", text = readFileSync(path.resolve(folder, name), "utf8")) {
      const opened = TextDocument.create(asUri(name), language, 1, text.replace(/^\uFEFF/, ""));
      documents.set(opened.uri, opened);
      void connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: { uri: opened.uri, languageId: language, version: 1, text: opened.getText() } });
    },
    replace(name, from, to) {
      const open = document(name);
      const start = open.getText().indexOf(from);
      assert.ok(start >= 0, `${name} has no ${JSON.stringify(from)}`);
      editor.change(name, [{ range: { start: open.positionAt(start), end: open.positionAt(start + from.length) }, text: to }]);
    },
    change(name, changes) {
      const open = documents.get(asUri(name));
      assert.ok(open, `${name} is not open`);
      TextDocument.update(open, [...changes], open.version + 1);
      void connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument: { uri: open.uri, version: open.version }, contentChanges: [...changes] });
    },
    close(name) {
      documents.delete(asUri(name));
      void connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri: asUri(name) } });
    },
    write(name, text, type) {
      const file = path.resolve(folder, name);
      const there = existsSync(file);
      if (text === "") rmSync(file, { recursive: true });
      else {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
        assert.ok(statSync(file).isFile());
      }
      void connection.sendNotification(DidChangeWatchedFilesNotification.type, { changes: [{ uri: asUri(name), type: type ?? (text === "" ? 3 : there ? 2 : 1) }] });
    },
    async pull(name) {
      const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: asUri(name) } });
      assert.equal(report.kind, "full");
      return (report as FullDocumentDiagnosticReport).items;
    },
    async until(what, ask, wanted) {
      for (const end = Date.now() + 60_000; ; ) {
        const value = await ask();
        if (wanted(value)) return value;
        if (Date.now() > end) assert.fail(`waited in vain for ${what}: ${JSON.stringify(value)}\n${log.join("\n")}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    position(name, marker, offset = 0) {
      const text = document(name);
      const at = text.getText().indexOf(marker);
      assert.ok(at >= 0, `${name} has no ${JSON.stringify(marker)}`);
      return text.positionAt(at + offset);
    },
    async actions(name, range, only, diagnostics) {
      const found = (await connection.sendRequest(CodeActionRequest.type, { textDocument: { uri: asUri(name) }, range, context: { diagnostics: [...(diagnostics ?? [])], ...(only && { only: [...only] }), triggerKind: 1 } })) ?? [];
      return found.filter((one: CodeAction | Command): one is CodeAction => "kind" in one);
    },
    resolve: (action) => connection.sendRequest(CodeActionResolveRequest.type, action),
    after(edit, name) {
      assert.ok(edit, "there is no edit");
      const uri = asUri(name);
      const edits = edit.documentChanges?.flatMap((change) => ("textDocument" in change && change.textDocument.uri === uri ? change.edits : [])) ?? edit.changes?.[uri] ?? [];
      return TextDocument.applyEdits(document(name), edits.map((one) => ({ range: (one as { range: Range }).range, newText: (one as { newText: string }).newText })));
    },
    async stop() {
      const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      return ended;
    },
  };
  await connection.sendNotification(InitializedNotification.type, {});
  return editor;
}

/** Runs `use` with an editor on these files, and ends the server whatever happens. */
export async function withEditor(files: Readonly<Record<string, string>> | string, options: StartOptions, use: (editor: Editor) => Promise<void>): Promise<void> {
  const editor = await startEditor(files, options);
  try {
    await use(editor);
  } finally {
    if (editor.process.exitCode === null) await editor.stop();
  }
}

/** The rules of the diagnostics, sorted. */
export function rulesOf(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code }) => String(code)).sort();
}
