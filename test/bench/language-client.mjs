// A small client of the Language Server Protocol over standard input and output, for the benchmarks.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const { createProtocolConnection, StreamMessageReader, StreamMessageWriter } = createRequire(import.meta.url)("vscode-languageserver-protocol/node");

/** Starts `server` (a file) on the folder; `pull`: the client asks for diagnostics instead of having them pushed. */
export async function startClient(server, folder, { pull }) {
  const child = spawn(process.execPath, [server, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  const published = new Set();
  connection.onNotification("textDocument/publishDiagnostics", (message) => published.forEach((listener) => listener(message)));
  connection.onRequest("workspace/configuration", ({ items }) => items.map(() => ({})));
  connection.onRequest("client/registerCapability", () => null);
  connection.onRequest("workspace/diagnostic/refresh", () => null);
  connection.onRequest("workspace/codeLens/refresh", () => null);
  connection.onRequest("window/workDoneProgress/create", () => null);
  connection.listen();
  const uri = pathToFileURL(folder).href;
  await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: uri,
    workspaceFolders: [{ uri, name: path.basename(folder) }],
    capabilities: {
      workspace: { configuration: true, workspaceFolders: true },
      textDocument: { publishDiagnostics: { relatedInformation: true, versionSupport: true, codeDescriptionSupport: true, dataSupport: true }, ...(pull && { diagnostic: { relatedDocumentSupport: false } }) },
    },
  });
  await connection.sendNotification("initialized", {});

  const result = (started, items, full = true) => ({ milliseconds: performance.now() - started, full, count: items.length, lastLine: Math.max(0, ...items.map(({ range }) => range.start.line)) });
  /** By document, what was pulled last: an editor says which answer it has, and is told where that still holds. */
  const pulled = new Map();

  /** Milliseconds from `send` to the diagnostics of the document at `version`, whether they came in full, how many there are, and the line of the last (from 0). */
  async function diagnostics(document, version, send) {
    const started = performance.now();
    if (pull) {
      send();
      const before = pulled.get(document);
      const answer = await connection.sendRequest("textDocument/diagnostic", { textDocument: { uri: document }, previousResultId: before?.resultId });
      if (answer.kind === "full") pulled.set(document, answer);
      return result(started, answer.items ?? before.items, answer.kind === "full");
    }
    const arrived = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no diagnostics of version ${version} in 30 s`)), 30_000);
      const listener = (message) => {
        if (message.uri !== document || message.version !== version) return;
        clearTimeout(timer);
        published.delete(listener);
        resolve(result(started, message.diagnostics));
      };
      published.add(listener);
    });
    send();
    return arrived;
  }

  return {
    open: (document, languageId, text) => diagnostics(document, 1, () => void connection.sendNotification("textDocument/didOpen", { textDocument: { uri: document, languageId, version: 1, text } })),
    change: (document, version, contentChanges) => diagnostics(document, version, () => void connection.sendNotification("textDocument/didChange", { textDocument: { uri: document, version }, contentChanges })),
    /** Resident memory in MB: now, and the most there was. Linux only. */
    memory() {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      const megabytes = (key) => Math.round(Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
      return { now: megabytes("VmRSS"), most: megabytes("VmHWM") };
    },
    async stop() {
      await connection.sendRequest("shutdown");
      const gone = new Promise((resolve) => child.once("exit", resolve));
      await connection.sendNotification("exit");
      await gone;
      connection.dispose();
    },
  };
}
