// From what the user has chosen to what can be opened: a connection that the folder names, a URL, or the embedded
// database. Nothing is opened here, and drivers are loaded with the first connection alone.
import type { Secret } from "../databases/connections/secret";
import type { ConnectionSettings } from "../databases/connections/settings";
import { DatabaseError } from "../databases/database";
import { editorWords } from "./editor-words";
import type { Disk } from "./files";
import type { Described } from "./database-connection";
import type { ConnectRequest, NamedConnection } from "./protocol";
import type { Folder } from "./workspace";

export interface TargetParts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder's files as they stand on disk now. */
  files(root: string): Disk;
  /** Folder of the embedded databases; undefined: the user's cache. */
  readonly storage: string | undefined;
}

/** A target that can be opened, or what has to be asked first. */
export type Target =
  | { readonly kind: "ready"; readonly described: Described }
  | { readonly kind: "schema"; readonly schemas: readonly string[] };

/** The databases that the folder's files and settings name. */
export async function namedConnections(folder: Folder, parts: TargetParts, trusted: boolean): Promise<readonly NamedConnection[]> {
  const { findConnections } = await import("../databases/connections/find");
  const { addressOf } = await import("../databases/connections/settings");
  return findConnections({ ...sourcesOf(folder, parts), trusted }).map(({ name, origin, production, state }) => ({
    root: folder.root, name, origin: origin.description, production,
    ...(state.kind === "ready" ? { address: `${state.settings.user}@${addressOf(state.settings)}` } : { unusable: editorWords(state.reason) }),
  }));
}

/** Throws a `DatabaseError` where the target cannot be used. */
export async function targetOf({ target, password }: ConnectRequest, folder: Folder, parts: TargetParts): Promise<Target> {
  switch (target.kind) {
    case "embedded": return embedded(folder, target.schema, parts);
    case "named": {
      const { chooseConnection } = await import("../databases/connections/find");
      return server(folder, chooseConnection(target.name, { ...sourcesOf(folder, parts), trusted: true }), password, parts);
    }
    case "url": {
      const { connectionOfUrl } = await import("../databases/connections/find");
      return server(folder, connectionOfUrl(target.url, { ...sourcesOf(folder, parts), trusted: true }, { folder: folder.root, origin: { description: "the address that you entered" } }), password, parts);
    }
  }
}

async function server(folder: Folder, found: ConnectionSettings, password: string | undefined, parts: TargetParts): Promise<Target> {
  const { filesByDatabase } = await import("../databases/connections/find");
  const { addressOf } = await import("../databases/connections/settings");
  const { Secret } = await import("../databases/connections/secret");
  const typed: Secret | undefined = password === undefined ? undefined : new Secret(password);
  const settings: ConnectionSettings = typed ? { ...found, password: typed } : found;
  return {
    kind: "ready",
    described: {
      root: folder.root, name: settings.name, address: `${settings.user}@${addressOf(settings)}`, production: settings.production, settings, made: false,
      named: filesByDatabase(settings, { ...sourcesOf(folder, parts), trusted: true }),
      async open({ signal, tell }) {
        const { openPostgres } = await import("../databases/postgres/open");
        return openPostgres(settings, { signal, onProgress: tell });
      },
    },
  };
}

function embedded(folder: Folder, wanted: string | undefined, parts: TargetParts): Target {
  const candidates = () => folder.report().schemas.map(({ model }) => model).filter(({ dialect, tables }) => (dialect === "postgresql" || dialect === "cockroachdb") && tables.length > 0);
  const models = candidates().filter(({ id }) => wanted === undefined || id === wanted);
  const [model] = models;
  if (!model) {
    throw new DatabaseError(wanted === undefined ? `The embedded database is a PostgreSQL, and ${folder.root} has no schema for PostgreSQL.` : `There is no schema "${wanted}" any more.`, "failed");
  }
  if (models.length > 1) return { kind: "schema", schemas: models.map(({ id }) => id) };
  const { id } = model;
  return {
    kind: "ready",
    described: {
      root: folder.root, name: "embedded", address: `embedded PostgreSQL, made for ${id}`, production: false, made: true, named: new Map(),
      async open({ signal, tell }) {
        const now = candidates().find((one) => one.id === id);
        if (!now) throw new DatabaseError(`The schema ${id}, which the embedded database is made for, is gone.`, "failed");
        const { openEmbeddedFor } = await import("../migrate/operations/embedded-for");
        const { userCacheFolder } = await import("../databases/embedded/cache");
        tell("building the embedded PostgreSQL");
        return (await openEmbeddedFor(now, parts.files(folder.root), { signal, migrations: folder.settings.config.migrations, cache: parts.storage ?? userCacheFolder(parts.environment) })).database;
      },
    },
  };
}

function sourcesOf(folder: Folder, { environment, files }: TargetParts) {
  const { config, connectionsFile } = folder.settings;
  return { files: files(folder.root), environment, connections: config.connections, ...(connectionsFile !== undefined && { configFile: connectionsFile }) };
}
