// What the language server and its own client say to each other beyond the Language Server Protocol. A client that
// knows none of it gets everything that the protocol itself can carry.
import type { Location, Range } from "vscode-languageserver/node";
import type { PlacedDiagram } from "../diagram/layout";
import type { Severity } from "../model/finding";
import type { HealthSnapshot } from "../model/health";
import { backupCommands } from "./backups-protocol";
import { sqlFileCommands } from "./sql-files-protocol";
import { migrationCommands, writeMigrationMethod } from "./migrations-protocol";

export { writeMigrationMethod };
export type { HealthSnapshot };
export type * from "./backups-protocol";
export type * from "./sql-files-protocol";
export type * from "./migrations-protocol";

/** `initializationOptions`: all optional, so that any editor can start the server. */
export interface InitializationOptions {
  /** Settings as under `plumbline.` in VS Code, for clients without `workspace/configuration`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Commands that the client itself runs when a code lens or a code action names them (see `clientCommands`). */
  readonly commands?: readonly string[];
  /** False: the workspace is not trusted, and no database is connected to until `trustMethod` says otherwise. */
  readonly trusted?: boolean;
  /** Absolute path of a folder in which the embedded databases are kept; by default the user's cache. */
  readonly storage?: string;
}

/** Commands that a client may implement; without them, the code lenses only inform and nothing is put on the clipboard. */
export const clientCommands = {
  /** Arguments: the SQL. Puts it on the clipboard. */
  copySql: "plumbline.copySql",
  /** Arguments: uri, position, locations, all as the protocol has them. Shows the places in a peek view. */
  showPlaces: "plumbline.showPlaces",
  /** No arguments. Lets the user choose among what `missingIndexes` gives, and hands the chosen to `addIndexes`. */
  chooseIndexes: "plumbline.chooseIndexes",
  /** Arguments: a document's URI, and a `DiagramFocus` or nothing. Draws its schema, that table in the middle. */
  showDiagram: "plumbline.showDiagram",
  /** Arguments: a document's URI and the key of a finding in it. Asks `generateMigration` for its migration and writes that. */
  addInMigration: "plumbline.addInMigration",
} as const;

/** Commands of the server, for `workspace/executeCommand`. */
export const serverCommands = {
  /** Arguments: a document's URI. Adds all missing indexes of the file through `workspace/applyEdit`; answers with an `Outcome`. */
  fixFile: "plumbline.server.fixFile",
  /** No arguments. The same for every file of the workspace. */
  fixWorkspace: "plumbline.server.fixWorkspace",
  /** No arguments. Answers with all missing indexes: `IndexChoice[]`. */
  missingIndexes: "plumbline.server.missingIndexes",
  /** Arguments: the ids of some of `missingIndexes`. Adds these, as `fixFile` does. */
  addIndexes: "plumbline.server.addIndexes",
  /** Arguments: a document's URI and a position. Answers with the SQL of the findings there, or null. */
  createIndexSql: "plumbline.server.createIndexSql",
  /** No arguments. Reads everything anew and answers with a `Status`. */
  check: "plumbline.server.check",
  /** No arguments. Answers with the text of a baseline file for each workspace folder: `FolderBaseline[]`. */
  baseline: "plumbline.server.baseline",
  /** No arguments. The databases that the workspace's folders name, connected or not: `NamedConnection[]`. */
  databases: "plumbline.server.databases",
  /** Argument: a `ConnectRequest`. Answers with a `ConnectAnswer`. */
  connectDatabase: "plumbline.server.connectDatabase",
  /** Arguments: root and name of a connection; none: all. Closes it and forgets what was read. */
  disconnectDatabase: "plumbline.server.disconnectDatabase",
  /** Argument: a `RefreshRequest`. Reads the schema again where it has changed; answers with a `RefreshAnswer`. */
  refreshDatabase: "plumbline.server.refreshDatabase",
  /** Argument: a `RefreshRequest`. Reads rows, sizes and scans again; answers with a `RefreshAnswer`. */
  refreshStatistics: "plumbline.server.refreshStatistics",
  /** Arguments: root and name of a connection. Answers with its tables as last read, `DatabaseTable[]`, by schema and name. */
  databaseTables: "plumbline.server.databaseTables",
  /** Arguments: root and name of a connection, schema and name of a table. Answers with a `DatabaseTableDetails`, or null. */
  databaseTable: "plumbline.server.databaseTable",
  /** Arguments: root and name of a connection, and an earlier answer's `HealthSnapshot` or null. Answers with a `HealthAnswer`. */
  databaseHealth: "plumbline.server.databaseHealth",
  ...migrationCommands,
  ...backupCommands,
  ...sqlFileCommands,
} as const;

/** What an applying command did: how many indexes it wrote, and what it could not. */
export interface Outcome {
  readonly written: number;
  readonly refused: readonly string[];
}

/** A missing index that may be added. */
export interface IndexChoice {
  readonly id: string;
  /** `orders.client_id`. */
  readonly label: string;
  /** Why it is missed, as a sentence. */
  readonly reason: string;
  /** URIs of the schema files that miss it, two where a Drizzle and a Prisma schema are a pair: it is written into both. */
  readonly files: readonly string[];
}

/** The findings of today as a baseline file's text. */
export interface FolderBaseline {
  /** Absolute path of the folder. */
  readonly root: string;
  readonly text: string;
  readonly findings: number;
}

export const statusMethod = "plumbline/status";

/** Sent with `statusMethod` after each change of these figures. */
export interface Status {
  readonly findings: Readonly<Record<Severity, number>>;
  /** Foreign keys that no index serves: findings whose fix adds an index. */
  readonly uncovered: number;
  readonly schemas: number;
  readonly tables: number;
  /** Differences from a connected database; absent where none is connected. */
  readonly drift?: number;
}

/** Notification of the client: `{ trusted: boolean }`. */
export const trustMethod = "plumbline/trust";

/** A database that something in a folder names. */
export interface NamedConnection {
  /** Absolute path of the folder. */
  readonly root: string;
  readonly name: string;
  /** Where it was found: "drizzle.config.ts, DATABASE_URL from .env". */
  readonly origin: string;
  /** User, host and database, without a password; absent where it cannot be used. */
  readonly address?: string;
  readonly production: boolean;
  /** Why it cannot be used, as a sentence. */
  readonly unusable?: string;
}

/** Which database: one of `NamedConnection`, the embedded one, or one by its URL. */
export type ConnectTarget =
  | { readonly kind: "named"; readonly name: string }
  /** `schema`: id of the schema that it is made for; without it there must be one alone. */
  | { readonly kind: "embedded"; readonly schema?: string }
  | { readonly kind: "url"; readonly url: string };

export interface ConnectRequest {
  /** Absolute path of the folder; absent where there is one alone. */
  readonly root?: string;
  readonly target: ConnectTarget;
  /** Instead of the one that was found, if any. */
  readonly password?: string;
}

export type ConnectAnswer =
  | { readonly kind: "connected"; readonly root: string; readonly name: string }
  /** The server wants another password, or one at all; `address` tells whose. */
  | { readonly kind: "password"; readonly address: string; readonly message: string }
  /** The embedded database can be made for one of these schemas. */
  | { readonly kind: "schema"; readonly schemas: readonly string[] }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly message: string };

export interface RefreshRequest {
  /** Of one connection; without them all are refreshed. */
  readonly root?: string;
  readonly name?: string;
  /** Nobody asked: without progress, and not while a lost connection's time to be tried again has not come. */
  readonly unasked?: boolean;
}

export interface RefreshAnswer {
  /** Connections of which something new was read. */
  readonly changed: number;
  /** Why a connection could not be read, a sentence each. */
  readonly failures: readonly string[];
}

export const databasesMethod = "plumbline/databases";

/** Sent with `databasesMethod`, all of them, after each change. */
export interface DatabaseState {
  readonly root: string;
  readonly name: string;
  readonly address: string;
  /** "PostgreSQL 15.13"; absent before the first reading. */
  readonly title?: string;
  readonly production: boolean;
  /** Made from the project's files: its sizes and its load mean nothing. */
  readonly made: boolean;
  /** "lost": the last reading counts on, and `message` says what happened. */
  readonly state: "connecting" | "connected" | "lost";
  readonly message?: string;
  /** What could not be read. */
  readonly problems: readonly string[];
  /** Ids of the code's schemas that it holds. */
  readonly schemas: readonly string[];
  /** Milliseconds since 1970: the last answer of the database. */
  readonly readAt?: number;
}

/** A table, view or partition as the database has it. */
export interface DatabaseTable {
  readonly schema: string;
  readonly name: string;
  /** "table", "view", … */
  readonly kind: string;
  /** "12 M rows, 3.1 GB" as far as it is known, else empty. */
  readonly facts: string;
  readonly indexes: number;
  readonly findings: number;
  /** Migration tools keep account in it of what they have applied; it is part of no schema. */
  readonly account: boolean;
  /** Its declaration in the code. */
  readonly place?: Location;
}

export interface DatabaseTableDetails {
  readonly indexes: readonly {
    readonly name: string;
    /** "unique btree (client_id, number)". */
    readonly definition: string;
    /** "used 81,204 times, 40 MB", or empty. */
    readonly facts: string;
    readonly valid: boolean;
    readonly place?: Location;
  }[];
  readonly findings: readonly { readonly rule: string; readonly severity: Severity; readonly message: string; readonly place?: Location }[];
}

/** A request: a `DiagramRequest`, answered with a `DiagramAnswer`. */
export const diagramMethod = "plumbline/diagram";

/** Which schema to draw: the named one, else that of the document, else the only one. */
export interface DiagramRequest {
  /** Absolute path of the schema's folder. */
  readonly root?: string;
  readonly schema?: string;
  /** URI of a document with tables. */
  readonly uri?: string;
}

/** A table as the diagram names it: `schema` is null for PostgreSQL's first one. */
export interface DiagramTableName {
  readonly schema: string | null;
  readonly name: string;
}

/** The table that a diagram is opened at. */
export interface DiagramFocus {
  /** Id of the schema, where the document alone does not tell it. */
  readonly schema?: string;
  readonly table: DiagramTableName;
}

export type DiagramAnswer =
  | { readonly kind: "diagram"; readonly schema: SchemaChoice; readonly diagram: PlacedDiagram }
  /** Several schemas are meant: ask again with one of them. */
  | { readonly kind: "choose"; readonly schemas: readonly SchemaChoice[] }
  /** There is no schema with tables. */
  | { readonly kind: "none" };

export interface SchemaChoice {
  /** Absolute path. */
  readonly root: string;
  readonly schema: string;
  readonly source: string;
  readonly tables: number;
}

/** A request: a `DiagramPlaceRequest`, answered with the `Location` of the declaration as it stands now, or null. */
export const diagramPlaceMethod = "plumbline/diagramPlace";

export interface DiagramPlaceRequest {
  readonly root: string;
  readonly schema: string;
  readonly table: DiagramTableName;
  readonly column?: string;
}

/** What the diagram's page asks of the extension. */
export type DiagramPageMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "refresh" }
  /** Positions in the diagram that was sent last. */
  | { readonly kind: "open"; readonly table: number; readonly column?: number }
  /** The text of an SVG file. */
  | { readonly kind: "export"; readonly svg: string };

/** What the extension sends to the diagram's page. */
export interface DiagramShown {
  readonly kind: "show";
  readonly diagram: PlacedDiagram;
  /** Position of the table to go to. */
  readonly focus?: number;
}

/** A request: `{ text }` of a package.json, answered with its `PushScript[]`. */
export const pushScriptsMethod = "plumbline/pushScripts";

/** A script that pushes a schema to a database. */
export interface PushScript {
  readonly name: string;
  readonly tool: "drizzle" | "prisma";
  /** Its name in the text. */
  readonly range: Range;
}

/** A request: a `PushPreviewRequest`, answered with a `PushPreview`. */
export const pushPreviewMethod = "plumbline/pushPreview";

export interface PushPreviewRequest {
  /** URI of the package.json. */
  readonly uri: string;
  readonly tool: PushScript["tool"];
}

export type PushPreview =
  | { readonly kind: "preview"; /** Lines of a diff. */ readonly text: string }
  /** No database of that schema is connected. */
  | { readonly kind: "not connected"; readonly root: string; readonly schema: string }
  | { readonly kind: "no schema" };

export type HealthAnswer =
  | { readonly kind: "health"; readonly markdown: string; readonly snapshot: HealthSnapshot }
  | { readonly kind: "failed"; readonly message: string };
