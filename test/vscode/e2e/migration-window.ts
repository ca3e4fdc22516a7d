// A window on a project with migrations, beside a PostgreSQL: what their end-to-end tests share.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Client } from "pg";
import type { Locator } from "playwright-core";
import { startPostgres, type Postgres } from "../../oracles/postgres";
import { openPage, serve, type OpenedPage, type ServedVscode } from "../host/served-vscode";
import { questions, type Questions } from "./questions";
import { vsixFile } from "./vsix";
import { workbench, type Workbench } from "./workbench";

export interface MigrationWindow {
  readonly person: Workbench;
  readonly ask: Questions;
  /** The Migrations view, and its row of that text. */
  readonly view: Locator;
  row(text: RegExp | string): Locator;
  /** A row of the Databases view. */
  table(text: RegExp | string): Locator;
  openViews(): Promise<void>;
  /** Of the project as the window has it. */
  readonly folder: string;
  onDisk(file: string): string;
  exists(file: string): boolean;
  close(): Promise<void>;
}

export interface WindowOptions {
  readonly files: Readonly<Record<string, string>>;
  /** True: VS Code asks whether the workspace is trusted, and it is not at first. */
  readonly workspaceTrust: boolean;
}

export async function openWindow({ files, workspaceTrust }: WindowOptions): Promise<MigrationWindow> {
  const project = fs.mkdtempSync(path.join(os.tmpdir(), "plumbline-project-"));
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(project, file)), { recursive: true });
    fs.writeFileSync(path.join(project, file), text);
  }
  let served: ServedVscode | undefined;
  let opened: OpenedPage | undefined;
  const close = async (): Promise<void> => {
    await opened?.browser.close();
    await served?.stop();
    fs.rmSync(project, { recursive: true, force: true });
  };
  try {
    served = await serve({ workspace: project, install: [vsixFile()], builtins: ["typescript-basics", "json", "sql", "markdown-basics", "markdown-language-features"], settings: { "editor.minimap.enabled": false }, workspaceTrust });
    opened = await openPage();
    const { page } = opened;
    // Each migration is proved on the embedded database before it is written.
    page.setDefaultTimeout(60_000);
    const person = workbench(page, path.join(__dirname, "../../../out/shots"));
    await page.goto(served.url(), { waitUntil: "commit" });
    await person.ready();
    const folder = served.workspace;
    const pane = (title: string): Locator => page.locator(".pane", { has: page.locator(".pane-header", { hasText: title }) });
    const view = pane("Migrations");
    return {
      person, ask: questions(person), view, folder, close,
      row: (text) => view.locator(".monaco-list-row", { hasText: text }).first(),
      table: (text) => pane("Databases").locator(".monaco-list-row", { hasText: text }).first(),
      openViews: () => page.locator(".activitybar .action-item", { has: page.locator("[aria-label='Plumbline']") }).click(),
      onDisk: (file) => fs.readFileSync(path.join(folder, file), "utf8"),
      exists: (file) => fs.existsSync(path.join(folder, file)),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A PostgreSQL with empty databases of these names, and sessions beside the window's. */
export interface MigrationServer {
  readonly postgres: Postgres;
  connected(database: string): Promise<Client>;
  url(database: string): string;
  stop(): Promise<void>;
}

export async function startServer(databases: readonly string[]): Promise<MigrationServer> {
  const postgres = await startPostgres();
  for (const name of databases) await postgres.createDatabase(name);
  const clients: Client[] = [];
  return {
    postgres,
    async connected(database) {
      const client = new Client({ ...postgres.connection, database });
      client.on("error", () => undefined);
      await client.connect();
      clients.push(client);
      return client;
    },
    url: (database) => `postgresql://postgres@/${database}?host=${encodeURIComponent(postgres.connection.host)}`,
    async stop() {
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
      await postgres.stop();
    },
  };
}

/** The names of the indexes of the project's own tables. */
export async function indexes(client: Client): Promise<readonly string[]> {
  return (await client.query("select indexname from pg_indexes where schemaname = 'public' and tablename !~ '^_' order by 1")).rows.map((row: { indexname: string }) => row.indexname);
}
