// The databases that the workspace is connected to: what the client asks for, what the projects are told, and progress
// that can be cancelled. No database is connected to unasked, and none where the workspace is not trusted.
import { LSPErrorCodes, ResponseError, type Connection } from "vscode-languageserver/node";
import { DatabaseError } from "../databases/database";
import type { ReadJournal } from "../databases/journals";
import { databaseConnection, type DatabaseConnection, type Steps } from "./database-connection";
import { healthPage, snapshotOf } from "../report/health-page";
import { detailsOf, tablesOf } from "./database-tables";
import { namedConnections, targetOf, type TargetParts } from "./database-target";
import { editorWords } from "./editor-words";
import type { Texts } from "./place";
import { follow, signalOf, type CancellableCommands, type Followed } from "./progress";
import { databasesMethod, serverCommands, trustMethod, type ConnectAnswer, type ConnectRequest, type DatabaseState, type RefreshAnswer, type HealthAnswer, type HealthSnapshot, type RefreshRequest } from "./protocol";
import { serveSpelling } from "./spelling";
import type { Folder, Workspace } from "./workspace";

export interface DatabasesParts extends TargetParts {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly texts: Texts;
  readonly trusted: boolean;
  /** The projects know something new. */
  changed(): void;
}

export interface Databases {
  readonly commands: CancellableCommands;
  /** Those that have been read, with the ids of the code's schemas that each holds. */
  connected(): readonly { readonly connection: DatabaseConnection; readonly schemas: readonly string[] }[];
  /** Reads again what has changed in one of them and tells its project; what cannot be read is told as the connection's state. */
  reread(one: DatabaseConnection, steps: Steps): Promise<void>;
  /** Asks whether expressions that code and a database spell differently are the same; the projects know it once it has resolved. Never rejects. */
  considerSpelling(): Promise<void>;
  /** Whether the workspace is trusted now. */
  trusted(): boolean;
  /** Closes what belongs to folders that are no longer open. */
  foldersChanged(): void;
  /** Closes everything. */
  close(): Promise<void>;
}

export function serveDatabases({ connection: client, workspace, texts, changed, ...parts }: DatabasesParts): Databases {
  let { trusted } = parts;
  const connections: DatabaseConnection[] = [];
  /** Those that are being opened. */
  const opening = new Set<DatabaseConnection>();
  /** What each records as applied of its folder's migrations. */
  const journals = new WeakMap<DatabaseConnection, readonly ReadJournal[]>();

  client.onNotification(trustMethod, (now: { readonly trusted?: unknown }) => void (trusted = now.trusted === true));

  const spelling = serveSpelling({
    workspace,
    open: async (extensions) => (await import("../databases/embedded/printing")).openPrinter({ cache: parts.storage ?? (await import("../databases/embedded/cache")).userCacheFolder(parts.environment) }, extensions),
    changed: () => new Set(connections.map(({ root }) => root)).forEach(inform),
    failed: (error) => client.console.warn(`Expressions are compared by their text alone: ${error instanceof Error ? error.message : String(error)}`),
  });

  async function connect(request: ConnectRequest, followed: Followed): Promise<ConnectAnswer> {
    if (!trusted) return { kind: "failed", message: "Plumbline connects to no database in a workspace that is not trusted: its files could send your passwords anywhere. Trust the workspace first." };
    let attempted: DatabaseConnection | undefined;
    try {
      const folder = folderFor(request.root);
      const target = await targetOf(request, folder, parts);
      if (target.kind === "schema") return target;
      const one = (attempted = databaseConnection(target.described));
      await forget([...opening, ...connections].filter(({ root, name }) => root === one.root && name === one.name));
      opening.add(one);
      tell();
      await follow(client, `Plumbline: ${one.name}`, followed, async (steps) => {
        await one.connect(steps);
        await readJournals(one, steps);
      });
      // It may have been closed meanwhile.
      if (!opening.delete(one)) return { kind: "cancelled" };
      connections.push(one);
      inform(one.root);
      await forget(replacedBy(one));
      return { kind: "connected", root: one.root, name: one.name };
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      if (error.kind === "cancelled") return { kind: "cancelled" };
      return error.kind === "refused password" && attempted ? { kind: "password", address: attempted.address, message: error.message } : { kind: "failed", message: editorWords(error.message) };
    } finally {
      if (attempted && opening.delete(attempted)) await attempted.close();
      tell();
    }
  }

  /** A schema of the code is compared with one database: those that hold one of the new connection's schemas give way. */
  function replacedBy(one: DatabaseConnection): readonly DatabaseConnection[] {
    const held = new Set(schemasOf(one));
    return connections.filter((other) => other !== one && other.root === one.root && schemasOf(other).some((id) => held.has(id)));
  }

  const schemasOf = (one: DatabaseConnection): readonly string[] =>
    folderOf(one.root)?.report().databases.find(({ database }) => database.model === one.reading?.model)?.schemas ?? [];

  async function refresh({ root, name, unasked = false }: RefreshRequest, followed: Followed, step: (one: DatabaseConnection, steps: Steps) => Promise<boolean>): Promise<RefreshAnswer> {
    const wanted = connections.filter((one) => (root === undefined || one.root === root) && (name === undefined || one.name === name) && (!unasked || (!one.made && one.mayBeTried())));
    const failures: string[] = [];
    let changed = 0;
    const all = async (steps: Steps): Promise<void> => {
      await Promise.all(wanted.map(async (one) => {
        try {
          const own = { ...steps, tell: (message: string) => steps.tell(`${one.name}: ${message}`) };
          const differs = await step(one, own);
          // Who looks now and then asks for the records only where the schema has changed.
          const recorded = (differs || !unasked) && (await readJournals(one, own));
          if (!differs && !recorded) return;
          changed++;
          if (connections.includes(one)) inform(one.root);
        } catch (error) {
          if (!(error instanceof DatabaseError)) throw error;
          if (error.kind !== "cancelled") failures.push(error.message);
        }
      }));
    };
    if (wanted.length === 0) return { changed, failures };
    await (unasked ? all({ signal: signalOf(followed.token), tell: () => {} }) : follow(client, "Plumbline", followed, all));
    tell();
    return { changed, failures };
  }

  async function reread(one: DatabaseConnection, steps: Steps): Promise<void> {
    try {
      const differs = await one.refresh(steps);
      if (((await readJournals(one, steps)) || differs) && connections.includes(one)) inform(one.root);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
    }
    tell();
  }

  /** True where it records another state than before. */
  async function readJournals(one: DatabaseConnection, steps: Steps): Promise<boolean> {
    const folders = folderOf(one.root)?.report().folders ?? [];
    if (folders.length === 0 || one.made) return false;
    const now = await one.journals(folders, steps);
    const before = journals.get(one);
    journals.set(one, now);
    return JSON.stringify(now) !== JSON.stringify(before);
  }

  /** Tells the folder's project what is known of its databases now. */
  function inform(root: string): void {
    workspace.connect(root, connections.filter((one) => one.root === root && one.reading).map((one) => ({ model: one.reading!.model, ...(one.facts && { facts: one.facts }), journals: journals.get(one) ?? [], printed: spelling.printed(), named: one.named })));
    changed();
  }

  async function forget(some: readonly DatabaseConnection[]): Promise<void> {
    const roots = new Set<string>();
    for (const one of some) {
      opening.delete(one);
      if (!connections.includes(one)) continue;
      connections.splice(connections.indexOf(one), 1);
      roots.add(one.root);
    }
    roots.forEach(inform);
    if (some.length > 0) tell();
    await Promise.all(some.map((one) => one.close()));
    if (connections.length === 0) await spelling.rest();
  }

  function tell(): void {
    const states = [...opening, ...connections].map((one): DatabaseState => ({
      root: one.root, name: one.name, address: one.address, production: one.production, made: one.made, state: one.state, problems: one.reading?.problems ?? [], schemas: schemasOf(one),
      ...(one.reading && { title: one.reading.server.title }), ...(one.message !== undefined && { message: one.message }), ...(one.answeredAt !== undefined && { readAt: one.answeredAt }),
    }));
    void client.sendNotification(databasesMethod, states);
  }

  const folderOf = (root: string): Folder | undefined => workspace.folders.find((folder) => folder.root === root);

  function folderFor(root: string | undefined): Folder {
    const folder = root === undefined ? (workspace.folders.length === 1 ? workspace.folders[0] : undefined) : folderOf(root);
    if (folder) return folder;
    throw new DatabaseError(root === undefined ? `Say in which folder: there ${workspace.folders.length === 0 ? "is none" : `are ${workspace.folders.map((one) => one.root).join(", ")}`}.` : `The folder ${root} is not open.`, "failed");
  }

  function connectionOf(root: unknown, name: unknown): DatabaseConnection {
    const found = connections.find((one) => one.root === root && one.name === name);
    if (!found?.reading) throw new ResponseError(LSPErrorCodes.RequestFailed, `${String(name)} is not connected.`);
    return found;
  }

  return {
    commands: {
      [serverCommands.databases]: async () => (await Promise.all(workspace.folders.map((folder) => namedConnections(folder, parts, trusted)))).flat(),
      [serverCommands.connectDatabase]: ([request], followed) => connect(request as ConnectRequest, followed),
      [serverCommands.disconnectDatabase]: async ([root, name]) => {
        await forget([...opening, ...connections].filter((one) => (root === undefined || one.root === root) && (name === undefined || one.name === name)));
        return null;
      },
      [serverCommands.refreshDatabase]: ([request], followed) => refresh((request ?? {}) as RefreshRequest, followed, (one, steps) => one.refresh(steps)),
      [serverCommands.refreshStatistics]: ([request], followed) => refresh((request ?? {}) as RefreshRequest, followed, async (one, steps) => {
        await one.refreshStatistics(steps);
        return true;
      }),
      [serverCommands.databaseTables]: ([root, name]) => tablesOf(connectionOf(root, name), folderOf(root), texts),
      [serverCommands.databaseTable]: ([root, name, schema, table]) => detailsOf(connectionOf(root, name), { schema, name: table }, folderOf(root), texts),
      [serverCommands.databaseHealth]: async ([root, name, earlier], followed): Promise<HealthAnswer> => {
        const one = connectionOf(root, name);
        try {
          const health = await follow(client, `Plumbline: ${one.name}`, followed, (steps) => one.health(steps));
          return { kind: "health", markdown: healthPage(health, (earlier as HealthSnapshot | null) ?? undefined), snapshot: snapshotOf(health) };
        } catch (error) {
          if (!(error instanceof DatabaseError)) throw error;
          tell();
          return { kind: "failed", message: error.message };
        }
      },
    },
    connected: () => connections.filter(({ reading }) => reading).map((one) => ({ connection: one, schemas: schemasOf(one) })),
    reread,
    considerSpelling: () => spelling.consider(),
    trusted: () => trusted,
    foldersChanged: () => void forget([...opening, ...connections].filter(({ root }) => !folderOf(root))),
    async close() {
      await Promise.all([spelling, ...opening, ...connections].map((one) => one.close()));
    },
  };
}
